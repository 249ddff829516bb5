"""The raw bytes of a port: kept with both clocks, whole after a kill, forgotten after two days, played again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.recordtime import Moment
from devices.byte_ring import ByteRing, RingSegment, slug
from devices.recording import RecordedChunk, RecordingHead, is_sealed, packed, read
from devices.simulators.played_recording import replayed

BEGIN = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
PORT, PROTOCOL = "/dev/ttyUSB0", "datex-s5"


class Laptop:
    """Two clocks that are moved by hand."""

    def __init__(self) -> None:
        self.steady_s, self.wall = 100.0, BEGIN

    def moment(self) -> Moment:
        return Moment(self.wall, self.steady_s, "boot")

    def goes_on(self, seconds: float) -> None:
        self.steady_s += seconds
        self.wall += timedelta(seconds=seconds)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.raw.gz"))


def test_every_byte_is_kept_with_both_clocks(tmp_path: Path) -> None:
    laptop = Laptop()
    ring = ByteRing(tmp_path / "raw", laptop.moment)
    for number in range(3):
        ring.take(PORT, PROTOCOL, bytes([number]) * 4)
        laptop.goes_on(5)
    assert ring.tails() == {PORT: b"\0\0\0\0\1\1\1\1\2\2\2\2"}
    ring.close()
    (path,) = ring.files()
    head, chunks = read(path)
    assert head == RecordingHead(PORT, PROTOCOL)
    assert list(chunks) == [RecordedChunk(BEGIN + timedelta(seconds=5 * n), 100.0 + 5 * n, bytes([n]) * 4) for n in range(3)]


def test_a_port_of_any_name_has_a_file_of_its_own(tmp_path: Path) -> None:
    laptop = Laptop()
    ring = ByteRing(tmp_path, laptop.moment)
    for port in (PORT, "socket://10.0.0.7:4001", "COM3"):
        ring.take(port, PROTOCOL, b"x")
    ring.close()
    assert [path.name.split("-2026")[0] for path in kept(tmp_path)] == ["COM3", "dev-ttyUSB0", "socket-10-0-0-7-4001"]
    assert slug("/dev/ttyUSB0") == "dev-ttyUSB0"


def test_an_hour_fills_a_file_and_two_days_are_kept(tmp_path: Path) -> None:
    laptop = Laptop()
    ring = ByteRing(tmp_path, laptop.moment)
    for _ in range(60):
        ring.take(PORT, PROTOCOL, b"x")
        laptop.goes_on(3600)
    ring.close()
    names = [path.name for path in ring.files()]
    assert len(names) == 50
    assert names[0] == f"dev-ttyUSB0-{BEGIN + timedelta(hours=59):%Y%m%dT%H%M%S}.raw.gz"


def test_a_clock_set_a_year_ahead_deletes_nothing_young(tmp_path: Path) -> None:
    laptop = Laptop()
    ring = ByteRing(tmp_path, laptop.moment)
    for _ in range(5):
        ring.take(PORT, PROTOCOL, b"x")
        laptop.goes_on(3600)
    laptop.wall += timedelta(days=365)
    ring.take(PORT, PROTOCOL, b"x")
    ring.close()
    assert len(kept(tmp_path)) == 6


def test_a_clock_set_back_writes_over_nothing(tmp_path: Path) -> None:
    for byte in (b"a", b"b", b"c"):
        ring = ByteRing(tmp_path, Laptop().moment)
        ring.take(PORT, PROTOCOL, byte)
        ring.close()
    assert {next(read(path)[1]).data for path in kept(tmp_path)} == {b"a", b"b", b"c"}


def test_a_torn_end_is_where_the_recording_ends(tmp_path: Path) -> None:
    path = tmp_path / "torn.raw.gz"
    whole = packed([RecordingHead(PORT, PROTOCOL), RecordedChunk(BEGIN, 1.0, b"one")])
    path.write_bytes(whole + packed([RecordedChunk(BEGIN, 2.0, b"two")])[:-9])
    assert [chunk.data for chunk in read(path)[1]] in ([b"one"], [b"one", b"two"])
    path.write_bytes(whole + b"rubbish")
    assert [chunk.data for chunk in read(path)[1]] == [b"one"]


def test_a_disk_that_takes_no_more_stops_the_ring_only(tmp_path: Path) -> None:
    blocked = tmp_path / "raw"
    blocked.write_text("a file where the folder should be")
    ring = ByteRing(blocked, Laptop().moment)
    ring.take(PORT, PROTOCOL, b"x")
    ring.close()
    assert isinstance(ring.trouble, OSError)


def test_what_a_full_disk_refused_is_written_when_it_takes_again(tmp_path: Path) -> None:
    segment = RingSegment(tmp_path / "raw", RecordingHead(PORT, PROTOCOL), Laptop().moment())
    for number in range(5000):
        segment.add(RecordedChunk(BEGIN, float(number), b"x"))
    with pytest.raises(FileNotFoundError):
        segment.flush()
    segment.path.parent.mkdir()
    segment.flush()
    head, chunks = read(segment.path)
    assert head == RecordingHead(PORT, PROTOCOL)
    assert [chunk.steady_s for chunk in chunks] == [float(n) for n in range(904, 5000)]


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", packed([RecordedChunk(BEGIN, 1.0, b"x")])], ids=["empty", "no gzip", "no head"]
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.raw.gz"
    path.write_bytes(content)
    with pytest.raises(Refused, match="not a recording"):
        read(path)


def recorded(tmp_path: Path, *times_s: float) -> Path:
    path = tmp_path / "made.raw.gz"
    path.write_bytes(packed([RecordingHead(PORT, PROTOCOL), *(RecordedChunk(BEGIN, t, f"{t:.0f}".encode()) for t in times_s)]))
    return path


def test_a_recording_is_played_at_its_own_pace(tmp_path: Path) -> None:
    replay = replayed(recorded(tmp_path, 50, 55, 61), PROTOCOL, 1.0, from_s=2.0)
    replay.hear(b"anything", 0.0)
    assert not replay.thin(100.0)
    assert [replay.due(t) for t in (1.9, 2.0, 6.9, 7.0, 13.0)] == [[], [b"50"], [], [b"55"], [b"61"]]
    assert replay.has_ended
    assert replay.next_s() is None


def test_a_long_pause_is_shortened_and_a_steady_clock_that_restarted_is_none(tmp_path: Path) -> None:
    replay = replayed(recorded(tmp_path, 0, 7200, 10), PROTOCOL, 1.0)
    assert replay.due(599.0) == [b"0"]
    assert replay.due(600.0) == [b"7200", b"10"]


def test_where_a_connection_began_the_line_breaks_and_whoever_listens_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "made.raw.gz"
    chunks = [RecordedChunk(BEGIN, t, data) for t, data in ((0.0, b""), (1.0, b"SPO2=0"), (3.0, b""), (3.5, b"97%"))]
    path.write_bytes(packed([RecordingHead(PORT, PROTOCOL), *chunks]))
    replay = replayed(path, PROTOCOL, 1.0, from_s=4.0)
    assert [replay.due(t) for t in (4.9, 5.0, 7.9, 8.0, 12.4, 12.5)] == [[], [b"SPO2=0"], [], [b""], [], [b"97%"]]


def test_a_recording_of_another_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="datex-s5"):
        replayed(recorded(tmp_path, 1), "masimo", 1.0)


def test_plain_bytes_are_played_at_the_pace_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "capture.raw"
    path.write_bytes(bytes(160))
    replay = replayed(path, PROTOCOL, 64.0)
    assert [list(map(len, replay.due(t))) for t in (0.0, 1.0, 2.0)] == [[64], [64], [32]]


KEY = bytes(range(32))


def sealed(folder: Path, *members: bytes) -> Path:
    """What a ring beside an encrypted store leaves, one frame for each of `members`."""
    segment = RingSegment(folder, RecordingHead(PORT, PROTOCOL), Laptop().moment(), KEY)
    for number, data in enumerate(members):
        segment.add(RecordedChunk(BEGIN, float(number), data))
        segment.flush()
    return segment.path


def test_the_bytes_beside_an_encrypted_store_open_with_its_key_alone(tmp_path: Path) -> None:
    ring = ByteRing(tmp_path / "raw", Laptop().moment, KEY)
    ring.take(PORT, PROTOCOL, b"heart rate 78")
    ring.close()
    (path,) = ring.files()
    assert path.name == "dev-ttyUSB0-20261122T130000.raw.sealed"
    assert is_sealed(path)
    head, chunks = read(path, KEY)
    assert (head.protocol, [chunk.data for chunk in chunks]) == (PROTOCOL, [b"heart rate 78"])
    with pytest.raises(Refused, match="is encrypted"):
        read(path)
    with pytest.raises(Refused, match="does not open"):
        read(path, bytes(32))


def test_nothing_of_a_sealed_file_is_a_gzip_member(tmp_path: Path) -> None:
    data = sealed(tmp_path, b"one" * 50, b"two" * 50).read_bytes()
    assert b"\x1f\x8b\x08" not in data
    assert b"oneone" not in data


def test_frames_that_were_moved_changed_or_torn_end_the_recording(tmp_path: Path) -> None:
    path = sealed(tmp_path, b"one", b"two", b"three")
    data = path.read_bytes()
    ends = [30]
    while ends[-1] < len(data):
        ends.append(ends[-1] + 4 + int.from_bytes(data[ends[-1] : ends[-1] + 4], "big"))
    frames = [data[a:b] for a, b in pairwise(ends)]
    begin, (first, second, third) = data[:30], frames
    for changed, expected in [
        (begin + first + third + second, [b"one"]),
        (begin + first + third, [b"one"]),
        (begin + first + second[:-1] + b"\0" + third, [b"one"]),
        (data[:-3], [b"one", b"two"]),
        (data + b"\0", [b"one", b"two", b"three"]),
    ]:
        path.write_bytes(changed)
        assert [chunk.data for chunk in read(path, KEY)[1]] == expected
    path.write_bytes(begin + sealed(tmp_path, b"one").read_bytes()[30:])
    with pytest.raises(Refused, match="does not open"):
        read(path, KEY)


@pytest.mark.parametrize("key", [None, KEY])
def test_what_a_full_disk_tore_is_written_over(tmp_path: Path, key: bytes | None) -> None:
    segment = RingSegment(tmp_path, RecordingHead(PORT, PROTOCOL), Laptop().moment(), key)
    segment.add(RecordedChunk(BEGIN, 1.0, b"one"))
    segment.flush()
    with segment.path.open("ab") as file:
        file.write(b"half a member")
    segment.add(RecordedChunk(BEGIN, 2.0, b"two"))
    segment.flush()
    assert [chunk.data for chunk in read(segment.path, key)[1]] == [b"one", b"two"]


def test_a_sealed_recording_is_played_with_its_key(tmp_path: Path) -> None:
    path = sealed(tmp_path, b"one", b"two")
    assert replayed(path, PROTOCOL, 1.0, key=KEY).due(1.0) == [b"one", b"two"]


def test_of_a_port_that_is_let_go_nothing_stays_but_its_file(tmp_path: Path) -> None:
    laptop = Laptop()
    ring = ByteRing(tmp_path, laptop.moment)
    for port in (PORT, "COM3"):
        ring.take(port, PROTOCOL, b"x")
    ring.let_go(PORT)
    ring.close()
    assert ring.tails() == {"COM3": b"x"}
    assert [head.port for head in ring._segments] == ["COM3"]
    assert len(kept(tmp_path)) == 2


def test_the_tail_of_a_port_that_was_let_go_begins_anew_and_is_no_longer_than_it_may_be(tmp_path: Path) -> None:
    ring = ByteRing(tmp_path, Laptop().moment)
    ring.take(PORT, PROTOCOL, b"before")
    ring.let_go(PORT)
    assert ring.tails() == {}
    for byte in (b"a", b"b"):
        ring.take(PORT, PROTOCOL, byte * 1500)
    assert ring.tails() == {PORT: b"a" * 548 + b"b" * 1500}
    ring.close()
    assert ring.tails() == {PORT: b"a" * 548 + b"b" * 1500}
