"""The drip runs: started, stepped up, set to another rate, measured; the bag that hangs."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp, step_up_waits_for
from app.domain.infusion.drip_volume import needed_rate
from app.domain.infusion.found.dose_order import weighed_on_another_day
from app.domain.infusion.given.taps import COUNT_S, LEAST_TAPS, Tapped, counted, tapped
from app.domain.infusion.state import Infusion
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Dated, Text, say
from app.domain.watch.starts_apart import NearStart, near_start
from app.services.clock import steady_s
from ui.ask.answers import ChoiceAnswer, NumberAnswer, TextAnswer
from ui.ask.form import Answers, Field, ask_form, submit_form
from ui.ask.leave import WHY_ALLOWED, ask_why_allowed, with_leave
from ui.ask.question import Question
from ui.ask.tap_pad import TapPad, TapState
from ui.ask.who import with_role
from ui.frame.desk import Desk
from ui.infusion.measured_otherwise import said_by_scale, said_by_sensor
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8, SPACE_16
from ui.kit.message_strip import MessageState
from ui.preflight.preflight_answer import PreflightAnswer

from .rate_question import RateQuestion, Rates, rates_in_time

_TENTH = Decimal("0.1")
_PREFLIGHT = "preflight"
_PER_MIN = 60 // COUNT_S


def ask_start(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The clamp is opened: the infusion starts at its starting rate."""
    state = desk.infusion(infusion_id)
    first = state.protocol.infusion.stages[0].rate_gtt_min[0]
    offered, _said = rates_in_time(state, 0, desk.now())
    near = near_start(state, ((s.infusion_id, s.bed, s.started_at) for s in desk.bedside.known()), desk.now())

    def opened(person: Person, allowed_by: Person | None, lines: Sequence[Text]) -> None:
        rates = Rates(0, offered, first)
        form = RateQuestion(
            desk, say("Open the clamp and start"), say("Started"), state, rates, parent, (*lines, *_near_words(near))
        )
        ask_why_allowed(form, lines)
        if weighed_on_another_day(state, desk.now()) and state.weight_at is not None:
            name = say("The weight is of {at}. Why not of today?", at=Dated(state.weight_at))
            form.add("weight", TextAnswer(form.kit, name, None, True))
        if desk.before_start is not None:
            form.add(_PREFLIGHT, PreflightAnswer(desk, desk.before_start, infusion_id))
            form.body.insertWidget(0, form.answers_by_key[_PREFLIGHT])

        def made(a: Answers) -> Start:
            weight_reason = a.get("weight") or ""
            return Start(a["rate"], a["reason"] or "", allowed_by, a.get(WHY_ALLOWED) or "", weight_reason, (), a.get(_PREFLIGHT))

        submit_form(form, infusion_id, made, person)
        form.open()

    with_role(desk, parent, BEDSIDE, lambda person: with_leave(
        desk, infusion_id, parent, say("Which investigator lets it start?"), lambda who, lines: opened(person, who, lines)
    ))  # fmt: skip


def _near_words(near: NearStart | None) -> tuple[Text, ...]:
    """Another bed started just now: from when on one nurse can be in time at both."""
    if near is None:
        return ()
    text = say("Bed {bed} started at {at}. Better start here from {clear} on, so that checks and step up of both do not coincide.",
               bed=near.bed, at=near.started_at, clear=near.clear_at)  # fmt: skip
    return (text,)


def ask_set_rate(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Another rate in the stage that runs."""
    state = desk.infusion(infusion_id)
    needed = needed_rate(state, desk.now())
    notes = [say("It runs at {rate} drops/min.", rate=state.rate_gtt_min)]
    if needed:
        notes.append(say("To finish in time {rate} drops/min are needed.", rate=f"{needed:.0f}"))
    offered, said = rates_in_time(state, state.stage, desk.now())

    def opened(person: Person) -> None:
        rates = Rates(state.stage, offered, slower_free=state.rate_gtt_min)
        form = RateQuestion(desk, say("Change the rate"), say("Set rate"), state, rates, parent, [*notes, *said])
        submit_form(form, infusion_id, lambda a: SetRate(a["rate"], a["reason"] or ""), person)
        form.open()

    with_role(desk, parent, BEDSIDE, opened)


class StepUpQuestion(RateQuestion):
    """Watches what the step still waits for; its primary button opens when nothing is owed any more."""

    def __init__(self, desk: Desk, infusion_id: str, state: Infusion, parent: QWidget, lines: Sequence[Text] = ()) -> None:
        stage = state.stage + 1
        offered, said = rates_in_time(state, stage, desk.now())
        rates = Rates(stage, offered, free=False)
        super().__init__(desk, say("Step up the drip"), say("Stepped up"), state, rates, parent, (*lines, *said))
        ask_why_allowed(self, lines)
        self._infusion_id = infusion_id
        desk.looked.connect(self.watch)
        self.watch()

    def watch(self) -> None:
        """Say what is still owed, or let the button be pressed."""
        waits = step_up_waits_for(self.desk.infusion(self._infusion_id), self.desk.now())
        was_waiting = not self.primary.isEnabled()
        self.primary.setEnabled(waits is None)
        if waits is not None:
            self.strip.set_state(MessageState(say("Not yet."), waits, lasting=True, icon="clock"))
        elif was_waiting:
            self.strip.set_state(None)


def ask_step_up(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """The faster rate: only rates that finish in time are offered; while something is owed it says what."""
    state = desk.infusion(infusion_id)
    if state.is_last_stage:
        desk.refuse(say("The last rate stage runs already."), infusion_id)
        return

    def opened(person: Person, allowed_by: Person | None, lines: Sequence[Text]) -> None:
        form = StepUpQuestion(desk, infusion_id, state, parent, lines)
        submit_form(form, infusion_id, lambda a: StepUp(a["rate"], a["reason"] or "", allowed_by, a.get(WHY_ALLOWED) or ""), person)
        form.open()

    def asked(person: Person) -> None:
        if step_up_waits_for(desk.infusion(infusion_id), desk.now()) is not None:
            opened(person, None, ())
            return
        with_leave(desk, infusion_id, parent, say("Which investigator lets it be stepped up?"),
                   lambda who, lines: opened(person, who, lines))  # fmt: skip

    with_role(desk, parent, BEDSIDE, asked)


class MeasureQuestion(Question):
    """The last of the two ways that was used counts; taps give way to a count and the other way round."""

    def __init__(self, desk: Desk, infusion_id: str, parent: QWidget) -> None:
        super().__init__(desk, say("Tap at each drop, or count for 15 s"), say("Use this rate"), parent)
        self._infusion_id = infusion_id
        self._found: Tapped | None = None
        self.pad = TapPad(self.kit, steady_s)
        self.pad.tapped.connect(self._tapped)
        self.body.addWidget(self.pad)
        self.weighed = label(self.kit, said_by_scale(desk, infusion_id), "body", wrap=True)
        self.body.addWidget(self.weighed)
        self.weighed.setVisible(bool(self.weighed.text()))
        self.body.addLayout(self._by_sensor())
        counts = _likely_counts(desk.infusion(infusion_id))
        choices = [(n, say("{n} drops", n=n)) for n in counts]
        self.counted = ChoiceAnswer(self.kit, say("Or: drops in 15 s"), choices, columns=4, above=True)
        self.drops = NumberAnswer(self.kit, say("Another number of drops in 15 s"), decimals=0, digits=2, needed=False)
        self.counted.changed.connect(self._counted)
        self.drops.changed.connect(self._typed)
        row = QHBoxLayout()
        row.setSpacing(SPACE_16)
        row.addWidget(self.drops, 1)
        again = button(self.kit, say("Start again"))
        again.clicked.connect(self._again)
        row.addWidget(again)
        self.body.setSpacing(SPACE_8)
        self.body.addWidget(self.counted)
        self.body.addLayout(row)
        self.confirmed.connect(self._confirm)
        self._show()
        self.pad.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit, wherever the focus is, is how many drops fell in 15 s."""
        if event.text().isdigit() and not self.drops.number.field.hasFocus():
            self.drops.take_focus()
            self.drops.number.field.setText(event.text())
        else:
            super().keyPressEvent(event)

    def _by_sensor(self) -> QHBoxLayout:
        """What a drop sensor says, beside the taps: it counts once somebody takes it over."""
        seen = self.desk.bedside.bed(self._infusion_id).drops
        self.sensed = label(self.kit, said_by_sensor(seen), "body", wrap=True)
        self.take_over = button(self.kit, say("Use the sensor's rate"))
        if seen is not None and seen.counted_gtt_min is not None:
            command = MeasureRate(seen.counted_gtt_min.quantize(_TENTH), "sensor", seen.counted)
            self.take_over.clicked.connect(lambda: self._send(command))
        row = QHBoxLayout()
        row.addWidget(self.sensed, 1)
        row.addWidget(self.take_over)
        for widget, is_there in ((self.sensed, seen is not None), (self.take_over, bool(seen and seen.counted_gtt_min))):
            if not is_there:
                widget.hide()
        return row

    def _send(self, command: MeasureRate) -> None:
        with_role(self.desk, self, BEDSIDE, lambda person: self.send(self._infusion_id, command, person))

    def _tapped(self) -> None:
        self.counted.choose(None)
        self.drops.number.field.clear()
        self._found = tapped(self.pad.taps)
        self._show()

    def _counted(self) -> None:
        self.drops.number.field.clear()
        self._forget_taps()

    def _typed(self) -> None:
        """Clearing the line, as the other two ways do, is no count."""
        if self.drops.number.value() is not None:
            self.counted.choose(None)
            self._forget_taps()

    def _forget_taps(self) -> None:
        self.pad.clear()
        self._found = None
        self._show()

    def _again(self) -> None:
        self.counted.choose(None)
        self.drops.number.field.clear()
        self._forget_taps()
        self.pad.setFocus()

    def count(self) -> int | None:
        """Drops in 15 s, chosen or typed."""
        chosen, typed = self.counted.chosen(), self.drops.number.value()
        return chosen if chosen is not None else int(typed) if typed else None

    def _show(self) -> None:
        found, count = self._found, self.count()
        steadiness = "" if found is None else say("steady") if found.steady else say("unsteady: tap a few more")
        rate = f"{found.rate_gtt_min:.0f}" if found else f"{counted(count, COUNT_S):.0f}" if count else ""
        self.pad.set_state(TapState(rate, say("drops/min"), say("counted") if count else steadiness, LEAST_TAPS))

    def _confirm(self) -> None:
        count, found = self.count(), self._found
        if count is not None:
            command = MeasureRate(counted(count, COUNT_S), "count", count)
        elif found is not None:
            command = MeasureRate(Decimal(found.rate_gtt_min), "taps", found.drops, found.spread_pct)
        else:
            self.say_no(say("Tap at least {drops} drops, or say how many fell in 15 s.", drops=LEAST_TAPS))
            return
        self._send(command)


def _likely_counts(state: Infusion) -> range:
    """What 15 s give at the rates of this stage, and a drop more or less."""
    low, high = state.protocol.infusion.stages[state.stage].rate_gtt_min
    return range(max(1, int(low) // _PER_MIN - 1), int(high) // _PER_MIN + 2)


def ask_measure_rate(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """Tap along with the drops, or count them for 15 seconds. Taps are real time, whatever speed practice runs at."""
    MeasureQuestion(desk, infusion_id, parent).open()


def ask_read_remaining(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    """What a person reads to be left in the hanging bag: from it the delivered volume is known anew."""
    fields = (Field("left", say("Left in the bag"), "number", unit=say("ml"), decimals=1),)
    notes = (say("Read it at eye level from the marks on the bag."),)

    def opened(person: Person) -> None:
        ask_form(desk, infusion_id, parent, say("How much is left in the bag?"), say("Read"), fields,
                 lambda a: ReadRemaining(a["left"]), person, notes)  # fmt: skip

    with_role(desk, parent, BEDSIDE, opened)
