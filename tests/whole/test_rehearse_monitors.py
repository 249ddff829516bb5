"""A rehearsal with a monitor that must be asked and one that talks by itself; what the ring kept of it plays back the same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli import main
from app.domain.texts import say
from app.domain.vitals.vital_signs import NIBP, Sample
from app.services.words.words import tr
from devices.models import MODELS
from devices.protocols import Decoder

from .conftest import UNBOUND
from .short_day import short_day_file

#: Vital signs that each gives; the others are typed by the rehearsed nurse.
GIVES = {"intellivue": {"hr", "pr", "spo2", "rr", "temp", *NIBP}, "masimo": {"pr", "spo2"}}


class Live:
    """Each sample that was read while it ran, as `bedside replay` prints it behind the time."""

    def __init__(self, patch: pytest.MonkeyPatch, protocol: str) -> None:
        self.lines: list[list[str]] = []
        model = MODELS[protocol]
        patch.setitem(MODELS, protocol, msgspec.structs.replace(model, decoder=lambda: self._tapped(model.decoder())))

    def _tapped(self, decoder: Decoder) -> Decoder:
        feed = decoder.feed

        def tapped(data: bytes) -> list[Sample]:
            samples = feed(data)
            self.lines += map(printed, samples)
            return samples

        decoder.feed = tapped  # type: ignore[method-assign]
        return decoder


def printed(sample: Sample) -> list[str]:
    value = tr(say("none")) if sample.value is None else f"{sample.value} {sample.unit}"
    return [sample.vital, *value.split(), sample.quality.value, sample.source]


def rehearsed(capsys: pytest.CaptureFixture[str], out: Path, protocol: str) -> dict[str, Any]:
    words = ["--weight", "70.0", "--drop-factor", "20", "--group", "B", "--speed", str(UNBOUND), "--fault", "unplug@20"]
    words += ["--protocol", str(short_day_file(out))]
    assert main(["rehearse", "--out", str(out), "--monitor", protocol, *words]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


def lines(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> list[str]:
    assert main(words) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("unbound")
@pytest.mark.parametrize("protocol", [pytest.param("intellivue", marks=pytest.mark.long), "masimo"])
def test_it_completes_with_one_gap_and_what_the_ring_kept_plays_back_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, protocol: str
) -> None:
    with monkeypatch.context() as patch:
        live = Live(patch, protocol)
        told = rehearsed(capsys, tmp_path, protocol)
    assert told["checks"] == {"due": 5, "on_time": 5, "late": 0, "missed": 0}
    assert told["observation"]["checks"] == {"due": 2, "on_time": 2, "late": 0, "missed": 0}
    assert [gap["cause"] for gap in told["gaps"]] == ["monitor"]
    assert told["samples"] > 500
    rows = (tmp_path / "samples.csv").read_text().splitlines()[1:]
    assert {row.split(",")[3] for row in rows} == GIVES[protocol]

    (recording,) = (tmp_path / "raw").iterdir()
    decoded = [msgspec.json.decode(line, type=Sample) for line in lines(capsys, ["decode", protocol, str(recording)])]
    assert [printed(sample) for sample in decoded] == live.lines
    replayed = lines(capsys, ["replay", str(recording), "--text", "--speed", "10"])
    assert [line.split()[1:] for line in replayed] == live.lines
