"""Records of infusions that went another way: given up, overridden, stopped, with bags set aside."""

from datetime import timedelta
from decimal import Decimal as D

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.story import replay
from app.domain.log import Entry, Event, encode
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.services.record.blocks import FactsBlock, NoteBlock, Run, TableBlock
from app.services.record.data.record_json import record as record_data
from app.services.record.document import document
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import ChainHead, RecordSource
from app.services.words.words import Words

from .one_of_each import VALUES
from .story import CHEN, LIN, ORDERED, PEOPLE, WANG, ZHAO, at


def record(protocol: Protocol, *happened: tuple[Event, object, float]) -> RecordSource:
    """A record of these events, each with who (None: the program) and the minute from the start."""
    order = e.Ordered("S-018", "3", "A", 1, protocol.id, protocol.version, "00" * 32, False)
    entries = [Entry("e0", "i-2", ORDERED, ZHAO.person_id, order)]
    for n, (event, who, minute) in enumerate(happened, start=1):
        by = getattr(who, "person_id", None)
        entries.append(Entry(f"e{n}", "i-2", at(minute), by, decode("infusion", encode(event))))
    state = replay("i-2", entries, protocol)
    now = entries[-1].at + timedelta(minutes=1)
    return RecordSource(state, entries, PEOPLE, [], ChainHead(len(entries), "b0" * 32), "s", "0.1.0", now)


def said(source: RecordSource) -> str:
    """All texts of the English record, one after the other."""
    found: list[str] = []
    for section in document(source, Words("en")).sections:
        found.append(section.title)
        for block in section.blocks:
            rows = block.rows if isinstance(block, FactsBlock | TableBlock) else ()
            found += [_plain(cell) for row in rows for cell in row]
            found += [block.text] if isinstance(block, NoteBlock) else []
    return "\n".join(found)


def _plain(cell: str | tuple[Run, ...]) -> str:
    return cell if isinstance(cell, str) else "".join(run.text for run in cell)


def bag(n: int) -> e.BagScanned:
    return e.BagScanned(e.Bag(f"B{n}", "L1", 100_000_000, D(100), at(60 * 24)))


def test_how_codes_were_entered_stands_in_the_record(protocol: Protocol) -> None:
    typed = e.BagScanned(e.Bag("B1", "L1", 100_000_000, D(100), at(60 * 24), "typed", "no_code"))
    found = said(
        record(
            protocol,
            (e.WeightRecorded(D("50.0")), LIN, -50),
            (e.SetChosen(20), CHEN, -49),
            (typed, CHEN, -48),
            (certificate(1, protocol), CHEN, -47),
            (e.Released(), CHEN, -46),
            (e.Received(), LIN, -45),
            (e.IdentityChecked("S-018", ("B1",), "scan"), LIN, -44),
        )
    )
    assert "Typed, not scanned: no code on the label" in found
    assert "(scanned)" in found


def certificate(n: int, protocol: Protocol, **failed: bool) -> e.CertificateRecorded:
    tests = dict.fromkeys(protocol.product.certificate_tests, True) | failed
    return e.CertificateRecorded(f"B{n}", D(90), tests, True, True)


def test_the_plan_that_two_people_changed_stays_beside_the_new_one(protocol: Protocol) -> None:
    thick = e.BagScanned(e.Bag("B2", "L1", 130_000_000, D(100), at(60 * 24)))
    source = record(
        protocol,
        (e.WeightRecorded(D("70.0")), LIN, -50),
        (e.SetChosen(15), CHEN, -49),
        (bag(1), CHEN, -48),
        (certificate(1, protocol), CHEN, -48),
        (thick, CHEN, -47),
        (certificate(2, protocol), CHEN, -47),
        (e.Released(), CHEN, -46),
        (e.Received(), LIN, -45),
        (e.IdentityVerified(), LIN, -44),
        (e.NextBagChosen("B2", "B1", WANG.person_id, "expires_first", printed_name=WANG.name), LIN, -43),
    )
    found = said(source)
    assert "as signed\n13:14:00 Chen Jing: Released by the pharmacy\nB1: 100.0 ml, 1.00 × 10⁸ cells\nB2: 30.8 ml" in found
    assert "Lin Mei: Bag B2 comes next, instead of bag B1 · expires first · second person Wang Wei\nB2: 100.0 ml" in found
    assert "100.0 + 10.0 = 110.0 ml" in found
    (change,) = record_data(source)["dose"]["changes"]
    assert (change["by"], change["witness"], change["bag_id"]) == (LIN.person_id, WANG.person_id, "B2")
    assert [d["bag_id"] for d in change["before"]["draws"]] == ["B1", "B2"]
    assert [d["bag_id"] for d in change["after"]["draws"]] == ["B2", "B1"]


def test_an_order_given_up_before_a_weight(protocol: Protocol) -> None:
    source = record(protocol, (e.Abandoned("fever"), ZHAO, -50))
    found = said(source)
    for line in ("No weight was recorded", "No bag was recorded.", "Not given.", "not started", "Nothing was given.",
                 "Not started: there is no trend.", "Known when the infusion has ended.", "not signed"):  # fmt: skip
        assert line in found
    assert document(source, Words("en")).status == "Given up before the start"
    assert pdf_bytes(source, Words("en")).startswith(b"%PDF")


def test_a_set_that_cannot_do_it_says_why(protocol: Protocol) -> None:
    found = said(record(protocol, (e.WeightRecorded(D("80.0")), LIN, -50), (e.SetChosen(20), CHEN, -49)))
    assert "Too slow: 3200.0 drops" in found
    assert "160,000,000 cells; counted below at the nominal concentration" in found


def test_a_weight_without_a_set(protocol: Protocol) -> None:
    found = said(record(protocol, (e.WeightRecorded(D("25.0")), LIN, -50), (e.WeightConfirmed(), WANG, -49)))
    assert "not chosen" in found
    assert "Weight recorded, confirmed\nLin Mei, 13:10:00\nWang Wei, 13:11:00" in found


def test_a_stopped_infusion_with_everything_unusual(protocol: Protocol) -> None:
    check = e.VitalsRecorded("infusion", 0, VALUES, None, None, True, "cold hands")
    extra = msgspec.structs.replace(check, period="extra", slot_min=None, values=VALUES[1:])
    noted = e.ReactionNoted(at(6), ("fever",), "stop", 2)
    source = record(
        protocol,
        (e.WeightRecorded(D("45.0")), LIN, -58), (e.SetChosen(20), CHEN, -57),
        (bag(1), CHEN, -56), (certificate(1, protocol, purity=False), CHEN, -55),
        (e.BagRejected("B1", "label"), CHEN, -54),
        (bag(2), CHEN, -53), (certificate(2, protocol), CHEN, -52),
        (e.SurplusDrawn("B2", D(10), WANG.person_id), CHEN, -51),
        (bag(3), CHEN, -50), (e.Released(), CHEN, -49), (e.Received(), LIN, -48),
        (e.IdentityChecked("S-018", ("B2",)), LIN, -47), (e.IdentityChecked("S-018", ("B2",)), WANG, -46),
        (e.IdentityVerified(), WANG, -46), (e.PremedicationGiven("Methylprednisolone", D(40), at(-20), "none", True,
                                                                 "not_drawn"), LIN, -20),
        (e.LeadTimeOverridden("theatre waits"), ZHAO, -10), (e.BagThawed("B2", at(-9)), LIN, -9),
        (e.BagBroken("B3", "leaks"), LIN, -8), (e.BagChecked("B2", "B2", True), LIN, -7),
        (e.BagChecked("B2", "B2", True), WANG, -6), (e.BagHung("B2"), LIN, -5), (check, LIN, -1),
        (e.Started(D(24), "as ordered by phone"), LIN, 0), (e.LinkFound("COM3", "datex-s5", True), None, 1),
        (extra, LIN, 5), (noted, LIN, 6), (e.Paused("reaction"), LIN, 6), (e.Resumed(D(20), ZHAO.person_id), LIN, 9),
        (e.InfusionStopped(None, "fever rises"), LIN, 12),
    )  # fmt: skip
    found = said(source)
    for line in ("Rejected: label", "not passed: purity", "Unusable: leaks", "10.0 ml", "at once: Zhao Ming overrode",
                 "Methylprednisolone 40 mg (ordered: 5 mg)", "discomfort: cold hands", "not scheduled",
                 "Resumed at 20 drops/min · allowed by Zhao Ming", "fever rises", "theatre waits",
                 "Rate 24 drops/min outside 20–20.", "not closed", "none: this was dose 1 of 1"):  # fmt: skip
        assert line in found
    assert document(source, Words("en")).banner.startswith("SIMULATED MONITOR")
    assert pdf_bytes(source, Words("en")).startswith(b"%PDF")


def test_a_bag_that_replaced_another_shows_its_release_and_its_two_checks(protocol: Protocol) -> None:
    found = said(
        record(
            protocol,
            (e.WeightRecorded(D("29.0"), None, True), LIN, -58), (bag(1), CHEN, -57), (certificate(1, protocol), CHEN, -56),
            (e.Released(), CHEN, -49), (e.Received(), LIN, -48), (e.BagRejected("B1", "bag_damaged"), CHEN, -47),
            (bag(2), CHEN, -46), (certificate(2, protocol), CHEN, -45), (e.BagReleased("B2"), CHEN, -44),
            (e.IdentityChecked("S-018", ("B2",)), LIN, -43), (e.IdentityChecked("S-018", ("B2",)), WANG, -42),
            (e.IdentityVerified(), WANG, -42), (e.BagBroken("B2", "leaks"), LIN, -41), (bag(3), CHEN, -40),
            (certificate(3, protocol), CHEN, -39), (e.BagReleased("B3"), CHEN, -38),
            (e.BagVerified("B3", "S-018", "B3"), LIN, -37), (e.BagVerified("B3", "S-018", "B3"), WANG, -36),
        )
    )  # fmt: skip
    assert "Rejected: bag damaged or leaking" in found
    assert "Bag B3 released by the pharmacy\nChen" in found
    assert "Patient and unthawed bag B3 verified\nLin Mei, 13:23:00\nWang Wei, 13:24:00" in found
    assert "unusual, typed twice" in found
