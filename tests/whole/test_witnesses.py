"""A head is worth what somebody else remembers: the pharmacy's laptop, the ward's, and files that are kept elsewhere."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.cli import main
from app.domain.errors import Refused
from app.domain.people.accounts import RecoveryKeyUsed
from app.domain.people.signed_heads import HeadKept, Heads
from app.domain.products.parcel import Laptop, digest, encoded
from app.jobs.witnessing import WITNESS, read_witness
from app.services.access import seals
from app.services.access.seals import is_signed
from app.services.codes.code_lines import Gathering
from tests.domain.cast import LI
from tests.whole.test_bench_to_bed import knows, living, release, send, take_in
from tests.whole.ward_life import Life


@pytest.fixture
def pharmacy(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "pharmacy" / "bedside.db")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "ward" / "bedside.db")


def receipt(giver: Life, to: Life) -> bytes:
    """The codes of a receipt, as the other laptop scans them."""
    exchange = giver.record.exchange
    laptop = next(known for known in exchange.laptops if known.store_id == to.record.exchange.own.card.store_id)
    gathering = Gathering("BEDSIDE-RECEIPT")
    data = [gathering.take(line) for line in exchange.receipt_lines(laptop)][-1]
    assert data is not None
    return data


def keeps(life: Life, data: bytes) -> HeadKept:
    exchange = life.record.exchange
    kept = exchange.receipt(data)
    exchange.heads.keep(kept, LI)
    return kept


def saved(life: Life) -> None:
    life.record.recorder.flush().result()


def happens(life: Life, times: int) -> None:
    for _ in range(times):
        life.record.people.happened(RecoveryKeyUsed(), None)
    saved(life)


def put_back(life: Life, copy: Path) -> Life:
    """The laptop starts with an older copy in the record's place."""
    life.close()
    folder = life.record.file.path.parent
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    return Life(life.record.file.path)


def reopened(life: Life, copy: Path) -> Life:
    """After it was closed and copied."""
    life.close()
    shutil.copytree(life.record.file.path.parent, copy)
    return Life(life.record.file.path)


def verified(life: Life, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    saved(life)
    code = main(["verify", "--db", str(life.record.file.path), *more])
    told = capsys.readouterr()
    return code, told.out + told.err


def witness(life: Life, file: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    saved(life)
    assert main(["witness", "--db", str(life.record.file.path), "--to", str(file)]) == 0
    assert "founded with the key" in capsys.readouterr().out
    return file


def test_each_keeps_what_the_other_says_of_its_record(pharmacy: Life, ward: Life, capsys: pytest.CaptureFixture[str]) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    data = send(pharmacy, ward)
    assert take_in(ward, data).ok
    saved(ward)
    sent_at = pharmacy.record.store.head().seq
    kept = keeps(pharmacy, receipt(ward, pharmacy))
    assert (kept.here, kept.there, kept.seen and kept.seen.events) == ("", "", sent_at)
    assert [met.seen for met in pharmacy.record.exchange.heads.meetings] == [kept.seen]
    assert ward.record.exchange.heads.meetings == []
    assert keeps(ward, receipt(pharmacy, ward)).seen == kept.head
    for life in (pharmacy, ward):
        code, told = verified(life, capsys)
        assert "has seen this record up to event" in told
        assert "BROKEN" not in told, code


def test_an_older_copy_of_the_ward_is_named_by_the_next_parcel(
    pharmacy: Life, ward: Life, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    knows(ward, pharmacy)
    knows(pharmacy, ward)
    ward = reopened(ward, tmp_path / "older")
    happens(ward, 5)
    keeps(pharmacy, receipt(ward, pharmacy))
    file = witness(ward, tmp_path / "ward.json", capsys)
    code, told = verified(ward, capsys, "--witness", str(file))
    assert code == 0, told
    assert "The record goes on from what ward.json has seen" in told
    ward = put_back(ward, tmp_path / "older")
    code, told = verified(ward, capsys, "--witness", str(file))
    assert code == 1
    assert "ward.json has seen event" in told
    release(pharmacy)
    data = send(pharmacy, ward)
    found = ward.record.exchange.found(ward.record.exchange.opened(data))
    assert found is not None
    assert (found.here, found.there) == ("older", "")
    assert keeps(pharmacy, receipt(ward, pharmacy)).there == "older"
    assert take_in(ward, data).ok
    code, told = verified(ward, capsys)
    assert code == 1
    assert "which ends before it" in told or "is not the one that" in told
    ward.close()


def test_a_copy_that_went_on_by_itself_is_named(pharmacy: Life, ward: Life, tmp_path: Path) -> None:
    knows(ward, pharmacy)
    knows(pharmacy, ward)
    ward = reopened(ward, tmp_path / "older")
    happens(ward, 2)
    keeps(pharmacy, receipt(ward, pharmacy))
    ward = put_back(ward, tmp_path / "older")
    happens(ward, 9)
    assert keeps(ward, receipt(pharmacy, ward)).here == "rewritten"
    ward.close()


def test_a_foreign_founder_is_named(pharmacy: Life, ward: Life, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = verified(pharmacy, capsys, "--witness", str(witness(ward, tmp_path / "w.json", capsys)))
    assert code == 1
    assert "w.json has seen a record that was founded with the key" in told


def test_a_file_that_is_no_witness_is_refused(ward: Life, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = witness(ward, tmp_path / "w.json", capsys)
    changed = msgspec.json.decode(file.read_bytes())
    changed["witness"]["events"] += 1
    file.write_bytes(msgspec.json.encode(changed))
    code, told = verified(ward, capsys, "--witness", str(file))
    assert (code, "it was changed" in told) == (2, True)
    file.write_bytes(b"[" * 100_000)
    assert verified(ward, capsys, "--witness", str(file))[0] == 2
    assert verified(ward, capsys, "--witness", str(tmp_path))[0] == 2


def test_a_backup_carries_a_witness(ward: Life, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(ward)
    assert main(["backup", "--db", str(ward.record.file.path), "--to", str(tmp_path / "stick")]) == 0
    (file,) = (tmp_path / "stick").glob(f"*/{WITNESS}")
    head = read_witness(file)
    assert is_signed(head)
    assert head.public_key == ward.record.exchange.own.card.public_key
    happens(ward, 3)
    code, told = verified(ward, capsys, "--witness", str(file))
    assert code == 0
    assert "Events since: 3." in told


def test_a_receipt_is_believed_from_a_known_laptop_unchanged_and_for_this_one(pharmacy: Life, ward: Life) -> None:
    knows(ward, pharmacy)
    data = receipt(ward, pharmacy)
    with pytest.raises(Refused, match="is not known here"):
        pharmacy.record.exchange.receipt(data)
    knows(pharmacy, ward)
    for at in (0, 70):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Refused):
            pharmacy.record.exchange.receipt(changed)
    own = ward.record.exchange.own
    elsewhere = msgspec.structs.replace(seals.unsealed_receipt(data).parcel, to=Laptop("w2", "Ward 4"))
    with pytest.raises(Refused, match="is for the laptop Ward 4"):
        pharmacy.record.exchange.receipt(own.sealed_receipt(elsewhere))
    with pytest.raises(Refused, match="This is no receipt"):
        pharmacy.record.exchange.receipt(b"")


def test_a_head_that_another_laptop_or_nobody_signed_spoils_the_release(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    own = pharmacy.record.exchange.own
    parcel = seals.unsealed(send(pharmacy, ward)).parcel
    heads = parcel.heads
    assert heads is not None
    of_ward = ward.record.exchange.heads.receipt(ward.record.exchange.laptops[0], ward.record.bedside.now()).heads.own
    longer = msgspec.structs.replace(of_ward, events=of_ward.events + 9)
    for false in (Heads(of_ward), Heads(heads.own, longer)):
        with pytest.raises(Refused, match="does not bear the signature"):
            ward.record.exchange.opened(own.sealed(msgspec.structs.replace(parcel, heads=false)))
    assert ward.record.exchange.opened(own.sealed(msgspec.structs.replace(parcel, heads=Heads(heads.own, of_ward)))).heads


def test_a_release_by_a_version_before_is_read(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    parcel = seals.unsealed(send(pharmacy, ward)).parcel
    assert parcel.heads is not None
    before = msgspec.structs.replace(parcel, heads=None)
    assert b"heads" not in encoded(before)
    assert digest(before) == digest(parcel)
    read = ward.record.exchange.opened(pharmacy.record.exchange.own.sealed(before))
    assert ward.record.exchange.found(read) is None
    assert take_in(ward, pharmacy.record.exchange.own.sealed(before)).ok
