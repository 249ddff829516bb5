"""No byte in a small file beside the program or the record stops the start or gives a traceback: each falls back, or says which
file it is and what to do. Ten thousand damaged ones each are run as `long`.
"""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import msgspec
import pytest

from app import settings
from app.domain.errors import Refused
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.texts import say
from app.services.access import keyfile, status_file, wrong_passwords
from app.services.access.keyfile import KeyFile, Stretching
from app.services.words import catalogue as catalogue_module
from app.services.words.words import Words
from db.copies.store_backup import MANIFEST, STORE, Manifest, read_manifest
from db.log.headfile import Head

FEW, MANY = 150, 10_000
AT = datetime(2026, 11, 22, 6, 15, tzinfo=UTC)
#: What parsers of numbers, lengths and nesting fall over.
_HARD = (
    b"",
    b"\x00" * 8,
    b"\xff" * 8,
    b"[" * 5000,
    b'{"a":' * 3000,
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b'"\\ud800"',
    b"null",
    b"NaN",
)


def damaged(whole: bytes, random: Random) -> bytes:
    """Bytes changed, cut out, cut off, doubled, or something hard put in."""
    data, at = bytearray(whole), random.randrange(len(whole))
    match random.randrange(6):
        case 0:
            for _ in range(random.randrange(1, 6)):
                data[random.randrange(len(data))] = random.randrange(256)
        case 1:
            del data[at:]
        case 2:
            del data[at : at + random.randrange(1, 40)]
        case 3:
            data[at:at] = random.choice(_HARD)
        case 4:
            data[at:at] = data[random.randrange(len(data)) :]
        case _:
            end = data.find(b",", at)
            data[at : end if end > 0 else at + 4] = random.choice(_HARD)
    return bytes(data)


def refusal_of(call: Callable[[], object]) -> str | None:
    try:
        call()
    except Refused as refusal:
        return str(refusal)
    return None


def preferences(folder: Path) -> tuple[Path, Callable[[], object]]:
    path = folder / "preferences.json"
    place = {"left": 1, "top": 2, "wide": 3, "high": 4, "whole": False}
    path.write_bytes(msgspec.json.encode({"language": "zh_CN", "theme": "dark", "ward": "Ward 3", "place": place}))

    def opened() -> None:
        found = settings.load_preferences()
        assert found.theme in ("light", "dark")
        assert len(found.ward) <= 40

    return path, opened


def keys(folder: Path) -> tuple[Path, Callable[[], object]]:
    path = folder / "ward.db.keys"
    made = KeyFile("store", tries={"A-01": 3}).with_password("A-01", "horse battery staple", keyfile.new_key(), Stretching(1, 8, 1))
    keyfile.save(path, made)

    def opened() -> None:
        wrong_passwords.load(path)
        said = refusal_of(lambda: keyfile.load(path))
        assert said is None or path.name in said

    return path, opened


def status(folder: Path) -> tuple[Path, Callable[[], object]]:
    path = folder / "ward.db.status"
    due = status_file.DueTask(TaskKind.WEIGH, AT)
    bed = status_file.OpenInfusion("S-001", "12", Phase.RUNNING, True, AT, (due,))
    path.write_bytes(msgspec.json.encode(status_file.WardStatus((bed,))))
    return path, lambda: status_file.read(path)


def manifest(folder: Path) -> tuple[Path, Callable[[], object]]:
    path = folder / MANIFEST
    path.write_bytes(msgspec.json.encode(Manifest("s", AT, "0.1.0", 3, Head(3, "ab" * 32), {STORE: "cd" * 32})))

    def opened() -> None:
        said = refusal_of(lambda: read_manifest(folder))
        assert said is None or folder.name in said

    return path, opened


def catalogue(folder: Path) -> tuple[Path, Callable[[], object]]:
    """One text, translated, as a compiled catalogue has it."""
    path = folder / "zh_CN" / "LC_MESSAGES" / "bedside.mo"
    path.parent.mkdir(parents=True)
    path.with_suffix(".po").write_bytes(b'msgid "{n} ml"\nmsgstr "{n} x')
    texts = [(b"", b"Content-Type: text/plain; charset=UTF-8\n"), (b"{n} ml", "{n} 毫升".encode())]
    head, at = [0x950412DE, 0, 2, 28, 44, 0, 60], 60
    places: list[int] = []
    for column in (0, 1):
        for text in texts:
            places += [len(text[column]), at]
            at += len(text[column]) + 1
    body = b"".join(text[column] + b"\0" for column in (0, 1) for text in texts)
    path.write_bytes(struct.pack(f"<{7 + len(places)}I", *head, *places) + body)

    def opened() -> None:
        assert Words("zh_CN").tr(say("{n} ml", n=5))

    return path, opened


KINDS = [preferences, catalogue, keys, status, manifest]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_no_byte_stops_the_start(
    kind: Callable[[Path], tuple[Path, Callable[[], object]]], times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(catalogue_module, "_I18N", tmp_path)
    path, opened = kind(tmp_path)
    whole, random = path.read_bytes(), Random(14)
    opened()
    for number in range(times):
        data = damaged(whole, random)
        path.write_bytes(data)
        try:
            opened()
        except Exception as error:
            raise AssertionError(f"{kind.__name__} {number}: {data[:200]!r}") from error
