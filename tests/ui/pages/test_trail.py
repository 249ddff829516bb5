"""The Audit trail page on a real store: filters, one event's details, pages, and a review signed off."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.infusion import facts as e
from app.domain.people.accounts import Reviewed, Scope
from app.domain.people.roles import Person, Role
from app.services.words.trail import TrailLine
from app.services.words.words import Words
from db.log.batch import Batch
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from tests.accounts import Kept, people_of
from tests.db.making import at, entry, newer, save
from tests.db.many import infusion_of, many
from tests.domain.cast import EVERYBODY
from tests.fakes import ReadsAtOnce, at_once
from tests.services.test_trail import NAMES
from tests.services.test_trail import store as store  # noqa: PLC0414
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.story import SECRET, Now, secret_hash
from ui.ask.who import WhoQuestion
from ui.frame.pages import PageKey, may_open
from ui.kit.table import TableLine
from ui.questions.notes import ReviewQuestion
from ui.trail import view as trail_view
from ui.trail.page import TrailPage
from ui.trail.trail_shelf import MOST_INFUSIONS, Counted
from ui.trail.view import wanted

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def ward() -> Ward:
    return story.new_ward()


@pytest.fixture
def page(furnish: Furnish, ward: Ward, store: Path) -> Iterator[TrailPage]:
    with StoreReader(store) as reader:
        window, _ = furnish(ward, lambda desk: TrailPage(desk, ReadsAtOnce(reader), lambda: NAMES))
        found = window.pages["page"]
        assert isinstance(found, TrailPage)
        found.refresh()
        yield found


def rows(page: TrailPage) -> int:
    return page.table.view.model().rowCount()


def texts(page: QWidget) -> list[str]:
    return [one.text().replace("\u200b", "") for one in page.findChildren(QLabel) if one.isVisibleTo(page)]


def choose(page: TrailPage, box: str, key: str) -> None:
    found = getattr(page, box)
    found.setCurrentIndex(found.findData(key))
    found.activated.emit(found.currentIndex())
    QApplication.processEvents()


def test_who_may_open_it() -> None:
    may = {role for role in Role if may_open(Person("x", "x", role), PageKey.TRAIL)}
    assert may == {Role.INVESTIGATOR, Role.MONITOR, Role.ADMINISTRATOR}


def test_the_newest_event_stands_open_with_all_that_is_known(page: TrailPage) -> None:
    shown = texts(page)
    assert "Trail reviewed up to event 12: everything · in order" in shown
    assert {"Co-signer", "How entered", "ward-laptop", "boot-1", "Steady clock", "Accounts and the record as a whole"} <= set(shown)
    assert page.reviewed.text().startswith("Reviewed up to event 12 by c1 on 2026-03-01 ")


@pytest.mark.parametrize(("box", "key", "count"), [("kind", "corrections", 1), ("infusion", "people", 28), ("person", "i1", 3)])
def test_filters_narrow_it(page: TrailPage, box: str, key: str, count: int) -> None:
    before = rows(page)
    choose(page, box, key)
    assert rows(page) == count < before


def test_typed_filters_narrow_it_and_a_day_that_is_none_changes_nothing(page: TrailPage, qtbot: QtBot) -> None:
    before = rows(page)
    QTest.keyClicks(page.from_day, "2026-13-01")
    qtbot.waitUntil(lambda: page.from_day.property("refused") is True)
    assert rows(page) == before
    page.from_day.clear()
    QTest.keyClicks(page.text, "has left")
    qtbot.waitUntil(lambda: rows(page) == 1)
    assert page.from_day.property("refused") is False
    QTest.keyClicks(page.text, " never")
    qtbot.waitUntil(lambda: "Nothing found" in texts(page))
    assert not page.sign.isEnabled()


def test_a_subjects_and_the_trials_own_events_stand_in_their_rows(page: TrailPage, store: Path) -> None:
    save(store, Batch((entry(901, stream="subject:S-007"), entry(902, stream="trial"))))
    page.refresh()
    model = page.table.view.model()
    assert [model.index(row, 3).data() for row in range(3)] == ["Trial", "S-007", "Accounts"]
    page.table.choose(model.index(0, 0).data())
    page._show(page.table.current())
    assert "The trial as a whole" in texts(page)


def test_an_event_of_a_newer_version_is_told_by_name(page: TrailPage, store: Path, qtbot: QtBot) -> None:
    newer(store)
    with qtbot.waitSignal(page.desk.message) as told:
        page.refresh()
    assert told.args is not None
    assert "“robot”" in str(told.args[0].happened)
    assert rows(page) == 0
    choose(page, "infusion", "people")
    assert rows(page) == 28


def test_seals_are_left_out_until_they_are_asked_for(page: TrailPage, store: Path) -> None:
    told = rows(page)
    save(store, Batch(tuple(entry(900 + n, e.SamplesSealed(at(n), 72, "cd" * 32), "inf") for n in range(3))))
    page.refresh()
    assert rows(page) == told
    assert page.scope().kind == "told"
    choose(page, "kind", "")
    assert rows(page) == told + 3


def test_only_what_stood_on_the_screen_was_looked_at(page: TrailPage, qtbot: QtBot) -> None:
    all_, first = rows(page), len(page.table.in_sight())
    assert 0 < first < all_
    qtbot.waitUntil(lambda: page.shown.text() == f"Events 1 to {all_} · looked at {first} of {all_}")
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    last = page.table.in_sight()
    assert page._looked.spans == ((all_ - first + 1, all_), (1, len(last)))
    QTest.mouseClick(page.sign, Qt.MouseButton.LeftButton)
    asked = dialog(page, ReviewQuestion)
    assert f"Events looked at: {first + len(last)} ({all_ - first + 1}–{all_}, 1–{len(last)})" in texts(asked)
    assert "Of: Kind: Without seals" in texts(asked)
    asked.reject()
    choose(page, "kind", "corrections")
    assert page._looked.events == 1


def held(page: TrailPage) -> ReadsAtOnce:
    assert isinstance(page._reads, ReadsAtOnce)
    page._reads.holding = True
    return page._reads


def test_until_what_was_asked_for_stands_there_nothing_is_signed_and_nobody_leafs_on(page: TrailPage) -> None:
    all_, reads = rows(page), held(page)
    choose(page, "kind", "corrections")
    assert rows(page) == all_
    assert not any(pressed.isEnabled() for pressed in (page.sign, page.older, page.newer))
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    assert not page.sign.isEnabled()
    reads.holding = False
    reads.release()
    assert (rows(page), page.sign.isEnabled(), page._looked.events) == (1, True, 1)


def test_who_leafs_with_the_keys_leafs_on(page: TrailPage) -> None:
    page.leaf._page = 3
    page.leaf.again()
    reads = held(page)
    page.older.setFocus()
    QTest.keyClick(page.older, Qt.Key.Key_Space)
    assert not page.older.hasFocus()
    reads.holding = False
    reads.release()
    assert page.older.hasFocus()
    assert page.leaf.passed == 3


def test_a_scope_is_signed_as_it_stood_on_the_screen(page: TrailPage) -> None:
    choose(page, "kind", "corrections")
    QTest.keyClicks(page.from_day, "2026-13")
    QTest.mouseClick(page.sign, Qt.MouseButton.LeftButton)
    asked = dialog(page, ReviewQuestion)
    assert {"Of: Kind: Corrections"} <= set(texts(asked))
    asked.reject()


def test_a_later_filter_overtakes_an_earlier_one(page: TrailPage) -> None:
    reads = held(page)
    choose(page, "kind", "corrections")
    choose(page, "kind", "accounts")
    choose(page, "infusion", "people")
    reads.holding = False
    reads.release()
    assert {line.saved.entry.stream for line in page.leaf.rows} == {"people"}
    assert page.scope().kind == "accounts"


def test_infusions_to_choose_are_the_newest_and_those_of_the_subject_that_is_typed(page: TrailPage, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    many(path, MOST_INFUSIONS + 20)
    with StoreReader(path) as reader:
        page._reads = page.leaf._reads = ReadsAtOnce(reader)
        page.refresh()
        box, last = page.infusion, MOST_INFUSIONS + 19
        assert (box.count(), box.itemText(2)) == (MOST_INFUSIONS + 3, f"S-{last:05} · dose 1")
        box.setCurrentIndex(box.count() - 1)
        box.activated.emit(box.currentIndex())
        assert (box.currentIndex(), page.text.hasFocus()) == (0, True)
        page.text.setText("s-00003")
        page._was_typed()
        assert [box.itemText(n) for n in range(2, box.count())] == ["S-00003 · dose 1"]
        choose(page, "infusion", infusion_of(3))
        page.text.clear()
        page._was_typed()
        assert (box.currentText(), page.scope().subject, rows(page)) == ("S-00003 · dose 1", "S-00003", 4)
        assert box.count() == MOST_INFUSIONS + 4


def test_rows_are_in_words_before_they_are_shown(page: TrailPage, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[TrailLine] = []
    real = trail_view._row

    def counted(line: TrailLine, names: Mapping[str, str], words: Words) -> TableLine:
        made.append(line)
        return real(line, names, words)

    monkeypatch.setattr(trail_view, "_row", counted)
    page._show_rows()
    assert made == []
    page.kit.words.set_language("zh_CN")
    assert len(made) == rows(page)


def test_what_was_counted_is_not_counted_again_but_what_came_since(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []
    real = StoreReader.trail_count

    def counting(reader: StoreReader, wanted: TrailFilter, after_seq: int | None = None) -> int:
        asked.append(after_seq)
        return real(reader, wanted, after_seq)

    monkeypatch.setattr(StoreReader, "trail_count", counting)
    counted, all_of_it, notes = Counted(), TrailFilter(), TrailFilter(kinds=("NoteAdded",))
    with StoreReader(store) as reader:
        last = reader.head().seq
        before = counted.of(reader, all_of_it), counted.of(reader, notes)
    assert asked == [None, None]
    save(store, Batch((entry(990, e.NoteAdded("later")), entry(991, e.NoteAdded("later still")))))
    with StoreReader(store) as reader:
        assert (counted.of(reader, all_of_it), counted.of(reader, notes)) == (before[0] + 2, before[1] + 2)
        assert asked[2:] == [last, last]
        assert counted.of(reader, TrailFilter(text="later")) == counted.of(reader, TrailFilter(text="LATER")) == 2
    assert asked[4:] == [None, None]


def test_of_a_log_that_goes_on_for_one_that_was_lost_all_is_counted(store: Path, tmp_path: Path) -> None:
    counted, other = Counted(), tmp_path / "saved.db"
    save(other, Batch((entry(1), entry(2))))
    with StoreReader(store) as lost, StoreReader(other) as goes_on:
        assert counted.of(lost, TrailFilter()) > 2
        assert counted.of(goes_on, TrailFilter()) == counted.of(goes_on, TrailFilter()) == 2


@pytest.mark.qt_log_ignore("does not support")
def test_nothing_moves_under_a_finger_that_chooses(page: TrailPage) -> None:
    before = page.infusion.count()
    page.infusion.showPopup()
    page._take_infusions(tuple)
    assert page.infusion.count() == before
    page.infusion.hidePopup()
    page._take_infusions(tuple)
    assert page.infusion.count() == before - 1


def test_a_correction_shows_old_and_new(page: TrailPage) -> None:
    choose(page, "kind", "corrections")
    assert {"Old value", "New value", "patient asleep", "typed wrongly", "Zhao (i1)"} <= set(texts(page))


def test_days_are_local_and_both_count() -> None:
    asked = wanted(Scope(from_day="2026-03-02", to_day="2026-03-02"))
    assert asked.from_at is not None
    assert asked.before_at is not None
    assert (asked.before_at - asked.from_at).total_seconds() == 86400


def dialog(page: TrailPage, kind: type[D]) -> D:
    return next(one for one in page.findChildren(kind) if one.isVisible())


def test_a_review_is_signed_off_with_a_password(page: TrailPage) -> None:
    kept = Kept()
    page.desk.people = people_of(EVERYBODY, secret_hash(), Now(), at_once, kept)
    choose(page, "kind", "corrections")
    (correction,) = [line.saved.seq for line in page.leaf.rows]
    assert page.shown.text() == f"Events {correction} to {correction} · looked at 1 of 1"
    QTest.mouseClick(page.sign, Qt.MouseButton.LeftButton)
    asked = dialog(page, ReviewQuestion)
    QTest.keyClicks(asked.remark, "one late check")
    asked.confirmed.emit()
    who = dialog(page, WhoQuestion)
    assert_nothing_cut(who)
    assert who.names.chosen() == "i1"
    who.pin.setText(SECRET)
    who.confirmed.emit()
    assert kept.events == [Reviewed(correction, Scope(kind="corrections"), "one late check", 1, ((correction, correction),))]
    assert kept.entries[0].by == "i1"
    assert page.reviewed.text().startswith(f"Events looked at: 1 ({correction}), reviewed by Zhao (i1) on ")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut(page: TrailPage, language: str) -> None:
    page.kit.words.set_language(language)
    assert_nothing_cut(page)
    choose(page, "kind", "corrections")
    assert_nothing_cut(page)
