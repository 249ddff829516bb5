"""`bedside decode`, `monitor` and `simulate` as a person types them."""

import argparse
import io
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from app.cli import decode, devices, monitor, simulate
from app.domain.vitals.vital_signs import Reading
from devices import discovery
from devices.discovery import Port
from devices.link import LinkState, LinkStatus
from devices.models import MODELS
from devices.recording import SUFFIX, RecordedChunk, RecordingHead, packed

from .stage import PATIENCE_S, staged

LONG = str(PATIENCE_S)
CAPTURE = Path(__file__).parents[1] / "captures" / "datex_s5_simulator.raw"


def bedside(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for module in (decode, devices, monitor, simulate):
        module.add(commands)
    arguments = parser.parse_args(words)
    code: int = arguments.run(arguments)
    return code


class TestDecode:
    def test_one_object_a_sample_in_wire_order_and_the_count_of_frames(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert bedside("decode", "datex-s5", str(CAPTURE)) == 0
        out, err = capsys.readouterr()
        first = json.loads(out.splitlines()[0])
        assert list(first) == [
            "frame", "vital", "value", "unit", "quality", "source", "device_time", "measured_at",
        ]  # fmt: skip
        assert out == CAPTURE.with_suffix(".jsonl").read_text()
        assert err == "18 good and 0 bad frames, 0 bytes of noise.\n"

    def test_a_monitor_is_read_as_its_site_has_chosen(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        file = tmp_path / "message.hl7"
        file.write_text("MSH|^~\\&|X||||20261130102047||ORU^R01|41|P|2.4\rOBX|9|NM|147842||72|264864||||||\r")
        assert bedside("decode", "hl7", str(file)) == 0
        assert json.loads(capsys.readouterr().out)["quality"] == "questionable"
        assert bedside("decode", "hl7", "--choice", "empty-is-final", str(file)) == 0
        assert json.loads(capsys.readouterr().out)["quality"] == "ok"
        assert bedside("decode", "masimo", "--choice", "empty-is-final", str(file)) == 2
        assert "offers no choice" in capsys.readouterr().err

    def test_from_stdin(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CAPTURE.read_bytes()[7:])))
        assert bedside("decode", "datex-s5", "-") == 0
        assert "17 good" in capsys.readouterr().err

    def test_a_recording_of_this_program(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        data, at = CAPTURE.read_bytes(), datetime(2026, 11, 22, tzinfo=UTC)
        chunks = [RecordedChunk(at, float(place), data[place : place + 100]) for place in range(0, len(data), 100)]
        recording = tmp_path / f"COM3{SUFFIX}"
        recording.write_bytes(packed([RecordingHead("COM3", "datex-s5"), *chunks]))
        assert bedside("decode", "datex-s5", str(recording)) == 0
        assert capsys.readouterr().out == CAPTURE.with_suffix(".jsonl").read_text()
        recording.write_bytes(data)
        assert bedside("decode", "datex-s5", str(recording)) == 2
        assert "not a recording" in capsys.readouterr().err

    def test_a_missing_file_is_told(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert bedside("decode", "datex-s5", str(tmp_path / "none.raw")) == 2
        out, err = capsys.readouterr()
        assert (out, "none.raw" in err, "Traceback" in err) == ("", True, False)

    def test_whoever_reads_only_the_first_lines_is_not_scolded(self) -> None:
        command = [sys.executable, "-m", "app", "decode", "datex-s5", str(CAPTURE)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == ""
            assert process.wait(PATIENCE_S) == 0

    def test_an_unknown_protocol_is_a_usage_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            bedside("decode", "smoke-signals", str(CAPTURE))
        assert ended.value.code == 2
        assert "datex-s5" in capsys.readouterr().err


class SeenOnce(monitor.Seen):
    """Ends with the first values, or once there is no port."""

    def readings(self, readings: list[Reading]) -> None:
        super().readings(readings)
        self.ended.set()

    def link(self, status: LinkStatus) -> None:
        super().link(status)
        if status.state is LinkState.ABSENT:
            self.ended.set()


@pytest.fixture
def seen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "Seen", SeenOnce)


@pytest.mark.usefixtures("seen_once")
class TestMonitor:
    def test_live_samples_are_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with staged() as stage:
            assert bedside("monitor", "--port", stage.url, "--protocol", "datex-s5", "--for", LONG) == 0
        out, err = capsys.readouterr()
        assert " hr " in out
        assert ": live" in err

    def test_a_port_that_is_not_there_is_told(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        port = str(tmp_path / "none")
        assert bedside("monitor", "--port", port, "--protocol", "datex-s5", "--for", LONG) == 2
        assert "There is no port" in capsys.readouterr().err

    def test_its_line_is_set_as_it_is_told_or_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        told = ("monitor", "--port", "nowhere", "--protocol", "datex-s5", "--for", "0", "--line")
        assert bedside(*told, "fast") == 2
        assert "“fast” is not how a line is set" in capsys.readouterr().err
        with staged() as stage:
            asked = ("monitor", "--port", stage.url, "--protocol", "datex-s5", "--for", LONG)
            assert bedside(*asked, "--line", "19200,8,N,1,rtscts") == 0
        assert bedside("devices", "--test", "nowhere", "--protocol", "datex-s5", "--line", "fast") == 2


class TestDevices:
    @pytest.mark.parametrize("there", [[], [Port("COM3", "FTDI", "0403:6001")]])
    def test_it_lists_every_model_and_the_ports_or_that_there_are_none(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, there: list[Port]
    ) -> None:
        monkeypatch.setattr("devices.discovery.ports", lambda: there)
        assert bedside("devices") == 0
        told, last = capsys.readouterr().out.split("\n\n")
        assert [line.split()[0] for line in told.splitlines()] == list(MODELS)
        assert last == ("COM3  0403:6001  FTDI\n" if there else "This computer has no serial port now.\n")

    def test_what_talks_is_named_and_a_port_that_is_not_there_is_told(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        with staged(model=MODELS["masimo"]) as stage:
            assert bedside("devices", "--test", stage.url, "--protocol", "masimo") == 0
        assert "Masimo" in capsys.readouterr().out
        assert bedside("devices", "--test", str(tmp_path / "none"), "--protocol", "masimo") == 2
        assert bedside("devices", "--test", "COM3") == 2


class TestSimulate:
    def test_a_fault_that_is_none_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert bedside("simulate", "datex-s5", "--tcp", "0", "--fault", "earthquake@3") == 2
        assert bedside("simulate", "datex-s5", "--tcp", "0", "--fault", "noise@soon") == 2
        assert capsys.readouterr().out == ""

    @pytest.mark.parametrize("words", ["--tcp 65536", "--speed 0", "--nibp-every nan", "--pty --tcp 0"])
    def test_what_makes_no_sense_is_a_usage_error(self, words: str) -> None:
        with pytest.raises(SystemExit) as ended:
            bedside("simulate", "datex-s5", *words.split())
        assert ended.value.code == 2

    def test_a_port_in_use_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert bedside("simulate", "datex-s5", "--tcp", str(server.getsockname()[1])) == 2
        assert "in use" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "line",
        [["--tcp", "0"], pytest.param(["--pty"], marks=pytest.mark.skipif(os.name != "posix", reason="POSIX only"))],
    )
    @pytest.mark.usefixtures("seen_once")
    def test_it_tells_its_url_first_and_ends_with_its_stdin(self, line: list[str]) -> None:
        program = "import sys; from tests.devices.test_commands import bedside; sys.exit(bedside(*sys.argv[1:]))"
        words = [sys.executable, "-c", program, "simulate", "datex-s5", *line, "--control", "--speed", "60"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            assert bedside("monitor", "--port", url, "--protocol", "datex-s5", "--for", LONG) == 0
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0
        assert not Path(url).exists()


class TestIdentity:
    @pytest.mark.parametrize(
        ("serial", "location", "known"),
        [
            ("A50285BI", "1-1.2", "0403:6001 A50285BI"),
            ("A50285BI", "1-1.2:1.1", "0403:6001 A50285BI 1.1"),
            (None, "1-1.2", "0403:6001"),
        ],
    )
    def test_an_adapter_is_known_by_its_serial_number_and_the_port_in_it(
        self, monkeypatch: pytest.MonkeyPatch, serial: str | None, location: str, known: str
    ) -> None:
        found = ListPortInfo("/dev/ttyUSB0")
        found.vid, found.pid, found.serial_number, found.location = 0x0403, 0x6001, serial, location
        monkeypatch.setattr(discovery, "comports", lambda: [found])
        assert [(port.usb, port.identity) for port in discovery.ports()] == [("0403:6001", known)]

    def test_a_port_of_which_nothing_is_known_has_its_lasting_name_or_none(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(discovery, "comports", lambda: [ListPortInfo(str(tmp_path / name)) for name in ("one", "two")])
        monkeypatch.setattr(discovery, "_BY_ID", tmp_path / "by-id")
        assert [port.identity for port in discovery.ports()] == ["", ""]
        (tmp_path / "by-id").mkdir()
        (tmp_path / "one").touch()
        (tmp_path / "by-id" / "usb-adapter-if00").symlink_to(tmp_path / "one")
        assert [port.identity for port in discovery.ports()] == ["usb-adapter-if00", ""]
