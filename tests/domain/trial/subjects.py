"""Subjects for the desk's tests: commands carried out one after the other, as the desk does."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.trial.criteria import criteria
from app.domain.trial.enrolled import rule_of
from app.domain.trial.escalation import BoardAnswer, board
from app.domain.trial.rules import TrialRules
from app.domain.trial.subject.subject_commands import DeskCommand, Enrol, RecordCriterion, Screen, SignVerdict
from app.domain.trial.subject.subject_rules import DeskSetting, desk_decide
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from app.services.protocol_files import load, load_rules
from tests.domain.cast import ZHAO

PROTOCOL = load().protocol
RULES: TrialRules = load_rules(PROTOCOL)
RULE = rule_of(PROTOCOL, RULES)
SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 6, 1, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()
SCREEN = Screen("female", 52, "lymphoma", date(2026, 4, 20), date(2026, 5, 28), 3)
EMPTY = board((), TODAY, RULE)

#: One entry a criterion under which a woman with lymphoma may be enrolled.
FITTING = {
    "anc": ("0.4", "10^9/L"), "plt": ("18", "10^9/L"), "hb": ("66", "g/L"), "ecog": ("1", ""),
    "expected_survival": ("12", "months"), "pregnancy_test": ("negative", ""), "contraception": ("yes", ""),
    "marrow_mrd": ("negative", ""), "creatinine": ("70", "µmol/L"), "bun": ("5", "mmol/L"), "alt": ("30", "U/L"),
    "ast": ("30", "U/L"), "bilirubin": ("10", "µmol/L"), "qtcf": ("420", "ms"), "nyha": ("none", ""), "hba1c": ("5.5", "%"),
    "fev1": ("90", "%"), "hiv": ("negative", ""), "syphilis": ("negative", ""), "hbsag": ("negative", ""),
    "anti_hbc": ("negative", ""), "hcv_rna": ("not detected", ""), "allo_hsct_months": ("not applicable", ""),
}  # fmt: skip
_WITH_ULN = {"creatinine": 100, "bun": 8, "alt": 40, "ast": 40, "bilirubin": 20}


def setting(answer: BoardAnswer = EMPTY, today: date = TODAY) -> DeskSetting:
    return DeskSetting(PROTOCOL, RULES, answer, today, 6, criteria(PROTOCOL, RULES))


def after(
    state: SubjectState, *commands: DeskCommand, by: Person = ZHAO, now: datetime = NOW, at: DeskSetting | None = None
) -> SubjectState:
    for command in commands:
        events = desk_decide(state, command, by, now, at or setting())
        made = [
            Entry(f"{state.code}-{len(state.entries) + n}", f"subject:{state.code}", now, by.person_id, event)
            for n, event in enumerate(events)
        ]
        state = subject_of(state.code, [*state.entries, *made])
    return state


def fitting(**other: str) -> list[DeskCommand]:
    """Every row answered so that nothing speaks against the subject; `other` says otherwise."""
    yes_or_no = {k.code: ("no", "") for k in criteria(PROTOCOL, RULES) if "no" in k.words}
    answers = {code: answer for code, answer in {**yes_or_no, **FITTING}.items() if code != "consent"}
    return [
        RecordCriterion(code, other.get(code, value), unit, uln=Decimal(_WITH_ULN[code]) if code in _WITH_ULN else None)
        for code, (value, unit) in answers.items()
    ]


def screened(code: str = "S-001") -> SubjectState:
    return after(SubjectState(code, []), SCREEN)


def enrolled(code: str = "S-001") -> SubjectState:
    known = after(screened(code), *fitting())
    assert not known.verdict_stands
    return after(known, SignVerdict(), Enrol())
