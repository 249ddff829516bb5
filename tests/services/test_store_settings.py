"""The settings of a store: under the keys and in the form in which stores of before hold them."""

from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from app.domain.recordtime import Moment, Watched
from app.services.placements import PlacedHow
from app.services.store_settings import BackupPlan, StoreSettings
from devices.link import PortSettings
from tests.fakes import BEGIN


class Kept:
    """The table of settings."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}

    def setting(self, key: str, default: Any = None) -> Any:
        return self.rows.get(key, default)

    def put_setting(self, key: str, value: Any) -> "Future[None]":
        self.rows[key] = value
        done: Future[None] = Future()
        done.set_result(None)
        return done


def test_a_new_store_has_none() -> None:
    settings = StoreSettings(Kept(), Kept())
    assert (settings.watch_mark(), settings.signing_key(), settings.patient_name("B-001")) == (None, None, None)
    assert (settings.monitors(), settings.preferred_ports(), settings.scanners()) == ({}, {}, [])
    assert settings.backup_plan() == BackupPlan("", 30)


def test_what_is_put_stands_under_its_old_key_and_is_read_again() -> None:
    kept = Kept()
    settings = StoreSettings(kept, kept)
    mark = Watched(BEGIN + timedelta(seconds=5), Moment(BEGIN, 12.5, "boot"))
    settings.put_watch_mark(mark)
    settings.put_signing_key(bytes(32))
    settings.put_patient_name("B-001", "Zhang Weiming")
    settings.put_monitors({"12": [("COM3", "datex-s5")], "14": []})
    settings.put_preferred_ports({"12": {"spo2": "COM3"}})
    how = PlacedHow(PortSettings(19200), ("empty-is-final",), "0403:6001 A5", True)
    settings.put_placed_how({"COM3": how, "COM9": PlacedHow()})
    settings.put_scanners({"COM9", "COM7"})
    settings.put_backup_plan(BackupPlan("/stick"))
    assert kept.rows == {
        "watch": {"at": "2026-11-22T13:00:05+00:00", "wall": "2026-11-22T13:00:00Z", "steady_s": 12.5, "boot_id": "boot"},
        "signing key": "00" * 32,
        "patient name: B-001": "Zhang Weiming",
        "monitors": {"12": [("COM3", "datex-s5")]},
        "preferred monitors": {"12": {"spo2": "COM3"}},
        "monitor lines": {
            "COM3": {
                "line": {"baud": 19200, "bits": 8, "parity": "N", "stop_bits": 1, "rtscts": False},
                "choices": ("empty-is-final",),
                "adapter": "0403:6001 A5",
                "has_lived": True,
            }
        },
        "scanners": ["COM7", "COM9"],
        "backup": {"folder": "/stick", "retention_years": 30},
    }
    assert (settings.watch_mark(), settings.signing_key(), settings.patient_name("B-001")) == (mark, bytes(32), "Zhang Weiming")
    assert (settings.monitors(), settings.scanners()) == ({"12": [("COM3", "datex-s5")]}, ["COM7", "COM9"])
    assert settings.placed_how() == {"COM3": how}
    assert (settings.preferred_ports(), settings.backup_plan()) == ({"12": {"spo2": "COM3"}}, BackupPlan("/stick"))
