"""A made-up trial, drawn by chance and led by the trial's own rules: every enrolment, group and wait is the board's.

It is simulated and marked so. The same seed and day give the same trial. Its events are chosen so that the rule leads it to
its end: one of the first three in each group has a toxicity, so that three more come, and no second one stops the group.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.log import Entry, Event, encode
from app.domain.trial.criteria import criteria
from app.domain.trial.enrolled import rule_of
from app.domain.trial.escalation import BoardAnswer, board
from app.domain.trial.rules import TrialRules
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.subject_commands import DeskCommand, Enrol, RecordCriterion, Screen, SignVerdict
from app.domain.trial.subject.subject_rules import DeskSetting, desk_decide, place, setting_of
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from app.domain.trial.trial_data import DoseGiven, TrialData, calendar_of, on_board
from app.services.protocol_files import Trial

from .played_infusion import INVESTIGATOR, PlayedInfusion

MONTHS = 18
#: How often things happen in a made-up trial: nothing is known of the real one. Toxicities: in the expansion.
_DLT, _LEAVES, _MISSES, _REACTS = 0.15, 0.05, 0.06, 0.2
#: Days between two subjects of the escalation, at least and at most; fewer where not all could come any more.
_BETWEEN = (6, 28)
_UNITS = {"creatinine": "µmol/L", "bun": "mmol/L", "alt": "U/L", "ast": "U/L", "bilirubin": "µmol/L"}
_NORMAL = {"creatinine": (60, 100), "bun": (5, 8), "alt": (30, 40), "ast": (28, 40), "bilirubin": (11, 20)}
_TYPED = {
    "ecog": ("1", ""), "expected_survival": ("12", "months"), "pregnancy_test": ("negative", ""), "contraception": ("yes", ""),
    "marrow_mrd": ("negative", ""), "marrow_blasts": ("2", "%"), "qtcf": ("420", "ms"), "nyha": ("none", ""),
    "hba1c": ("5.4", "%"), "fev1": ("88", "%"), "hiv": ("negative", ""), "syphilis": ("negative", ""), "hbsag": ("negative", ""),
    "anti_hbc": ("negative", ""), "hcv_rna": ("not detected", ""), "allo_hsct_months": ("not applicable", ""),
}  # fmt: skip


class _Made:
    """One subject on its way: its entries, how well its marrow answers, what it will come to."""

    def __init__(self, code: str, dice: Random) -> None:
        self.code, self.entries = code, list[Entry]()
        self.enrolled: f.SubjectEnrolled | None = None
        self.gains = {"hb": dice.uniform(-2, 60), "anc": dice.uniform(-0.1, 3.2), "plt": dice.uniform(-4, 120)}
        self.start = {"hb": dice.uniform(58, 78), "anc": dice.uniform(0.1, 0.9), "plt": dice.uniform(8, 28)}
        self.dlt_day: int | None = None
        self.leaves_day = dice.randrange(30, 150) if dice.random() < _LEAVES else None
        self.doses: list[DoseGiven] = []

    @property
    def state(self) -> SubjectState:
        return subject_of(self.code, self.entries)


class MadeUpTrial:
    """`entries` in the order of the log; `infusions` each with its own."""

    def __init__(
        self, subjects: int, today: datetime, seed: int, trial: Trial, rules: TrialRules, zone: tzinfo | None, whole: bool = True
    ) -> None:
        self._dice, self._trial, self._rules, self._zone, self._whole = Random(seed), trial, rules, zone, whole
        self._today, self._protocol = today.astimezone(zone), trial.protocol
        self._rule = rule_of(trial.protocol, rules)
        self._people: list[_Made] = []
        self._waiting: list[_Made] = []
        self.infusions: list[list[Entry]] = []
        self._numbers = 0
        self._toxic = {group: self._dice.randrange(3) for group in self._rule.groups}
        self._run(subjects)

    @property
    def entries(self) -> list[Entry]:
        """Everything, oldest first."""
        found = [x for made in self._people for x in made.entries] + [x for entries in self.infusions for x in entries]
        return sorted(found, key=lambda x: x.at)

    @property
    def enrolled(self) -> list[str]:
        """Their codes."""
        return [made.code for made in self._people if made.enrolled is not None]

    @property
    def screened(self) -> int:
        return len(self._people)

    @property
    def board(self) -> BoardAnswer:
        """What the rule says of it today."""
        return self._setting(self._today.date()).board

    def _run(self, subjects: int) -> None:
        """A day at a time: somebody comes, the board is asked, doses are given as they fall due."""
        last = self._today.date() - timedelta(days=1)
        begin = last - timedelta(days=MONTHS * 30)
        comes = begin
        for day in (begin + timedelta(days=n) for n in range((last - begin).days + 1)):
            wanted = subjects - len(self.enrolled)
            found = self._place(day) if day >= comes and wanted and not self._waiting else None
            if found is not None:
                self._screen(day)
                gap, even = self._dice.randrange(*_BETWEEN), (last - day).days // wanted
                comes = day + timedelta(days=even if found[1] == "expansion" else min(gap, even))
            self._enrol(day)
            for made in self._people:
                self._dose(made, day)
        for made in self._people:
            self._follow(made)

    # --- one day

    def _at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self._zone)

    def _add(self, made: _Made, at: datetime, event: Event) -> None:
        self._numbers += 1
        made.entries.append(Entry(f"made-up-{self._numbers}", f"subject:{made.code}", at, INVESTIGATOR.person_id, event))
        if isinstance(event, f.SubjectEnrolled):
            made.enrolled = event

    def _do(self, made: _Made, at: datetime, *commands: DeskCommand) -> None:
        setting = self._setting(at.date())
        for command in commands:
            for event in desk_decide(made.state, command, INVESTIGATOR, at, setting):
                self._add(made, at, event)

    def _data(self, day: date) -> TrialData:
        people = [m for m in self._people if m.enrolled is not None]
        doses = {m.code: tuple(m.doses) for m in people if m.doses}
        return TrialData(tuple(m.state for m in people), doses, {}, (), day)

    def _setting(self, day: date) -> DeskSetting:
        subjects = on_board(self._data(day), self._protocol)
        return setting_of(subjects, board(subjects, day, self._rule), self._protocol, self._rules, self._rule, day)

    def _place(self, day: date) -> tuple[str, str] | None:
        """Nobody is screened while the board waits. Those of the expansion come evenly, up to today."""
        setting = self._setting(day)
        return place(setting.board, setting.free_in_expansion)

    def _screen(self, day: date) -> None:
        dice = self._dice
        made = _Made(f"S-{len(self._people) + 1:03}", dice)
        self._people.append(made)
        sex: Any = dice.choice(("female", "male"))
        disease: Any = dice.choice(("all", "lymphoma", "lymphoma", "myeloma"))
        car_t, grade = day - timedelta(days=dice.randrange(25, 70)), dice.choice((2, 3, 3, 4))
        screened = Screen(sex, dice.randrange(19, 72), disease, car_t, day, grade, simulated=True)
        self._do(made, self._at(day), screened, *self._rows(made))
        self._do(made, self._at(day, 11), SignVerdict())
        self._waiting.append(made)

    def _rows(self, made: _Made) -> Iterator[RecordCriterion]:
        no = {k.code: ("no", "") for k in criteria(self._protocol, self._rules) if "no" in k.words and k.code != "consent"}
        counts = {"hb": (f"{made.start['hb']:.0f}", "g/L"), "anc": (f"{made.start['anc']:.2f}", "×10⁹/L")}
        typed = {**no, **_TYPED, **counts, "plt": (f"{made.start['plt']:.0f}", "×10⁹/L")}
        for code, (value, unit) in typed.items():
            yield RecordCriterion(code, value, unit, source="made up")
        for code, (value_, uln) in _NORMAL.items():
            yield RecordCriterion(code, str(value_ + self._dice.randrange(-3, 4)), _UNITS[code], uln=Decimal(uln), source="made up")

    def _enrol(self, day: date) -> None:
        """Who has waited longest goes first, as soon as the board has a place."""
        if not self._waiting:
            return
        try:
            self._do(self._waiting[0], self._at(day, 12), Enrol())
        except Refused:
            return
        self._judge_beforehand(self._waiting.pop(0))

    def _judge_beforehand(self, made: _Made) -> None:
        """Whether it will have a toxicity, and on which day after its first dose."""
        enrolled, dice = made.enrolled, self._dice
        assert enrolled is not None
        before = sum(m.enrolled is not None and m.enrolled.group == enrolled.group for m in self._people) - 1
        is_toxic = before == self._toxic[enrolled.group] if enrolled.cohort == "escalation" else dice.random() < _DLT
        day = dice.randrange(3, 27)
        made.dlt_day = day if is_toxic else None

    def _dose(self, made: _Made, day: date) -> None:
        """The first dose two days after the enrolment, the others a week apart, one day early or late now and then."""
        enrolled = made.enrolled
        if made.doses and made.dlt_day is not None and (day - made.doses[0].started_at.date()).days == made.dlt_day:
            self._dlt(made, day)
        if enrolled is None or len(made.doses) >= self._protocol.doses_in(enrolled.group) or self._has_left(made, day):
            return
        due = enrolled.on + timedelta(days=2)
        if made.doses:
            due = made.doses[-1].started_at.date() + timedelta(days=7 + hash_of(made.code, len(made.doses)) % 3 - 1)
        if day == due:
            self._infuse(made, day, enrolled.group)

    def _has_left(self, made: _Made, day: date) -> bool:
        """No further dose after a toxicity, or after the day on which the subject leaves."""
        gone = made.leaves_day is not None and bool(made.doses) and (day - made.doses[0].started_at.date()).days >= made.leaves_day
        return gone or any(isinstance(x.event, f.DltMarked) for x in made.entries)

    def _infuse(self, made: _Made, day: date, group: str) -> None:
        number, start = len(made.doses) + 1, self._at(day, 10)
        infusion_id = f"made-up-{made.code}-{number}".lower()
        p = self._protocol
        order = e.Ordered(made.code, f"{len(self._people):02}", group, number, p.id, p.version, self._trial.sha256, True)
        if self._whole:
            entries = PlayedInfusion(infusion_id, order, Decimal(50), start, self._trial).entries
        else:
            events: tuple[Event, ...] = (order, e.Started(Decimal(20)), e.InfusionEnded(Decimal(0)))
            entries = [Entry(f"{infusion_id}-{n}", infusion_id, start, "N-01", x) for n, x in enumerate(events)]
        self.infusions.append(entries)
        made.doses.append(DoseGiven(infusion_id, number, start, start + timedelta(minutes=42)))

    def _dlt(self, made: _Made, day: date) -> None:
        if any(isinstance(x.event, f.DltMarked) for x in made.entries):
            return
        at = self._at(day, 16)
        self._add(made, at, f.AdverseEventNoted("Sepsis", 4, day, True, True))
        dlt = f.DltMarked(is_dlt=True, on=day, term="Sepsis", reason="made up", grade=4, printed_name=INVESTIGATOR.name)
        self._add(made, at, dlt)

    # --- what follows the doses

    def _follow(self, made: _Made) -> None:
        """Counts, transfusions, visits and samples of a subject, up to today or until it leaves."""
        if not made.doses:
            return
        first, today = made.doses[0].started_at.date(), self._today.date()
        until = min(today - timedelta(days=1), first + timedelta(weeks=26))
        if made.leaves_day is not None and first + timedelta(days=made.leaves_day) < until:
            until = first + timedelta(days=made.leaves_day)
            self._add(made, self._at(until, 15), f.SubjectLeft(until, "made up"))
        self._counts(made, first, until)
        self._visits(made, until)
        if self._dice.random() < _REACTS:
            self._add(made, self._at(first, 17), f.AdverseEventNoted("Fever", self._dice.choice((1, 1, 2)), first, True, False))
        made.entries.sort(key=lambda x: x.at)

    def _counts(self, made: _Made, first: date, until: date) -> None:
        dice, given = self._dice, 0
        for n in range(-1, (until - first).days + 1, 4 if self._whole else 7):
            day = first + timedelta(days=n)
            grown = 1 - exp(-max(0, n - 6) / 45)
            found = {x: start + made.gains[x] * grown + dice.gauss(0, start * 0.04) for x, start in made.start.items()}
            if n > 0 and given < 8 and (found["plt"] < 20 or found["hb"] < 70) and dice.random() < 0.5:
                product: f.Product = "platelets" if found["plt"] < 20 else "red_cells"
                self._add(made, self._at(day, 14), f.TransfusionGiven(self._at(day, 14), product, Decimal(1)))
                given += 1
            collected = self._at(day, 8, dice.randrange(60))
            self._add(made, self._at(day, 12), f.LabRecorded(collected, _values(found), "file", "made up"))

    def _visits(self, made: _Made, until: date) -> None:
        data = TrialData((made.state,), {made.code: tuple(made.doses)}, {}, (), until)
        found = calendar_of(data, made.state, self._protocol, self._rules)
        if found is None:
            return
        for kind, days in (("visit", found.visits), ("delayed", found.delayed)):
            for week, day in days.items():
                on = day + timedelta(days=self._dice.choice((0, 0, 0, -1, 1, 2)))
                if on < until:
                    self._visit(made, kind, week, on)
        for week, day in found.immunology.items():
            if day < until:
                self._add(made, self._at(day, 8), f.SampleDrawn(week, self._at(day, 8), 4, True if day in found.doses else None))

    def _visit(self, made: _Made, kind: Any, week: int, on: date) -> None:
        missed = self._dice.random() < _MISSES
        self._add(made, self._at(on, 13), f.VisitMissed(kind, week, "made up") if missed else f.VisitDone(kind, week, on))


def _values(found: dict[str, float]) -> tuple[f.LabValue, ...]:
    return (
        f.LabValue("hb", Decimal(f"{max(40, found['hb']):.0f}"), "g/L"),
        f.LabValue("anc", Decimal(f"{max(0.01, found['anc']):.2f}"), "10^9/L"),
        f.LabValue("plt", Decimal(f"{max(2, found['plt']):.0f}"), "10^9/L"),
    )


def hash_of(code: str, number: int) -> int:
    """The same in every run, unlike `hash`."""
    return sum(encode(e.NoteAdded(f"{code}{number}")))
