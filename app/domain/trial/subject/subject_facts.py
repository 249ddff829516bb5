"""Everything that can happen to one subject, on its own stream. Infusions and reactions stand on the infusions' streams.

Dates are the site's calendar dates, moments are aware, values stand as the laboratory gave them with their unit.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from app.domain.infusion.facts import Corrected, NoteAdded, Signing
from app.domain.log import Event, ReviewGroup
from app.domain.safety.adverse_event import ActionTaken, EventOutcome, Relatedness, Seriousness
from app.domain.texts import Text, say

Sex = Literal["male", "female"]
Disease = Literal["all", "lymphoma", "myeloma", "other"]
Cohort = Literal["escalation", "expansion"]
Word = Literal[
    "yes", "no", "positive", "negative", "none", "not detected", "mild", "moderate", "severe", "male", "female", "other",
    "all", "lymphoma", "myeloma", "not applicable",
]  # fmt: skip
"""What a criterion can be answered with besides a number."""
Test = Literal[
    "hb", "anc", "plt", "wbc", "lymphocytes", "alt", "ast", "bilirubin", "creatinine", "bun", "aptt", "inr", "fibrinogen",
    "ferritin", "crp", "ldh", "cd3", "cd4", "cd8", "cd19", "nk", "igg", "iga", "igm", "il6", "ifn_g", "tnf_a",
]  # fmt: skip
Product = Literal[
    "red_cells", "platelets", "whole_blood", "plasma", "albumin", "cryoprecipitate", "fibrinogen", "immunoglobulin",
    "granulocytes", "other",
]  # fmt: skip
VisitKind = Literal["visit", "delayed", "immunology"]
TESTS: tuple[Test, ...] = get_args(Test)
PRODUCTS: tuple[Product, ...] = get_args(Product)
WORDS: tuple[Word, ...] = get_args(Word)


class SubjectFact(Event, frozen=True):
    """Base of what happens to a subject."""


class SubjectScreened(SubjectFact, frozen=True):
    """The code is the stream's, the age that on the day of consent.

    `icaht_grade`: of the late haematotoxicity at entry, 1 to 4, where it was given.
    """

    sentence = say("Screened: {sex}, {age_years} years, {disease}, CAR-T on {car_t_on}, consent on {consent_on}")
    correctable = ("sex", "age_years", "disease", "car_t_on", "consent_on", "icaht_grade")

    sex: Sex
    age_years: int
    disease: Disease
    car_t_on: date
    consent_on: date
    icaht_grade: int | None = None
    simulated: bool = False


class CriterionRecorded(SubjectFact, frozen=True):
    """One entry for one criterion; the newest counts. Neither number nor word: it is not known."""

    correctable = ("number", "word", "unit", "lln", "uln", "source")

    criterion: str
    number: Decimal | None = None
    word: Word | None = None
    unit: str = ""
    lln: Decimal | None = None
    uln: Decimal | None = None
    source: str = ""


class VerdictSigned(Signing, frozen=True, kw_only=True):
    """An investigator's verdict on all rows as they stood."""

    signed_as = "reviewed"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    eligible: bool
    text: str = ""


class SubjectEnrolled(Signing, frozen=True, kw_only=True):
    """`elsewhere`: the subject's own stream lies on another laptop; an investigator says so at the order."""

    signed_as = "approved"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    group: str
    cohort: Cohort
    on: date
    elsewhere: bool = False
    reason: str = ""


class DoseElsewhere(msgspec.Struct, frozen=True):
    """An infusion that was started on another laptop."""

    infusion_id: str
    number: int
    started_at: datetime
    ended_at: datetime | None = None


class EnrolmentSent(SubjectFact, frozen=True):
    """To the laptop where the subject is infused; `doses`: those given by `as_of`; `sha256` names what was sent."""

    sentence = say("Enrolment sent to the laptop {to_name}")

    to_store: str
    to_name: str
    as_of: datetime
    doses: tuple[DoseElsewhere, ...]
    sha256: str


class EnrolmentArrived(SubjectFact, frozen=True):
    """An investigator enrolled the subject on another laptop; a later one of the same enrolment takes the place of this.

    `enrolment_id`: the signed entry's there; `signed_by`, `printed_name`, `signed_at`: whose signature it bears, and when.
    """

    reviewed_as = (ReviewGroup.SIGNATURES,)

    enrolment_id: str
    group: str
    cohort: Cohort
    on: date
    signed_by: str
    printed_name: str
    signed_at: datetime
    from_store: str
    from_name: str
    as_of: datetime
    doses: tuple[DoseElsewhere, ...]
    sha256: str


class DoseOverridden(Signing, frozen=True, kw_only=True):
    """An investigator orders a dose that the rule does not allow."""

    sentence = say("Dose {dose_number} ordered although the rule does not allow it")
    signed_as = "approved"
    reviewed_as = (ReviewGroup.SIGNATURES,)

    dose_number: int
    reason: str


class SubjectLeft(SubjectFact, frozen=True):
    sentence = say("Left the trial on {on}")
    correctable = ("on", "reason")

    on: date
    reason: str


class DltMarked(Signing, frozen=True, kw_only=True):
    """What an investigator judges of an adverse event; a later mark takes the place of the one before (`is_dlt` False: none)."""

    signed_as = "reviewed"
    reviewed_as = (ReviewGroup.SIGNATURES, ReviewGroup.REACTIONS)

    is_dlt: bool
    on: date
    term: str
    reason: str
    grade: int | None = None


class AdverseEventNoted(SubjectFact, frozen=True):
    """Graded by CTCAE of `ctcae_version`, by a person. What happens at an infusion comes from the bedside by itself.

    `aware_at`: when the site became aware of it. `suggested`: the grade that the numbers suggested: the laboratory's, or
    those of the vital signs.
    """

    reviewed_as = (ReviewGroup.REACTIONS,)
    correctable = (
        "term", "grade", "onset_on", "over_on", "is_related", "is_serious", "criteria", "relatedness",
        "outcome", "aware_at", "action", "text",
    )  # fmt: skip

    term: str
    grade: int
    onset_on: date
    is_related: bool
    is_serious: bool
    over_on: date | None = None
    ctcae_version: str = ""
    criteria: tuple[Seriousness, ...] = ()
    relatedness: Relatedness = ""
    action: ActionTaken = ""
    outcome: EventOutcome = ""
    aware_at: datetime | None = None
    suggested: int | None = None
    text: str = ""


class LabValue(msgspec.Struct, frozen=True):
    test: Test
    value: Decimal
    unit: str
    lln: Decimal | None = None
    uln: Decimal | None = None


class LabRecorded(SubjectFact, frozen=True):
    """One collection. `how` it was made sure of: typed twice, seen by a second person, or read from a file."""

    correctable = ("collected_at", "values", "laboratory")

    collected_at: datetime
    values: tuple[LabValue, ...]
    how: Literal["twice", "second", "file"]
    laboratory: str = ""


class TransfusionGiven(SubjectFact, frozen=True):
    """`units` may be halves."""

    correctable = ("given_at", "product", "units", "is_irradiated")

    given_at: datetime
    product: Product
    units: Decimal
    is_irradiated: bool = True


class MedicationGiven(SubjectFact, frozen=True):
    correctable = ("kind", "what", "from_on", "until_on")

    kind: Literal["growth_factor", "other"]
    what: str
    from_on: date
    until_on: date | None = None


class VisitDone(SubjectFact, frozen=True):
    correctable = ("on",)

    kind: VisitKind
    week: int
    on: date


class VisitMissed(SubjectFact, frozen=True):
    correctable = ("reason",)

    kind: VisitKind
    week: int
    reason: str


class SampleDrawn(SubjectFact, frozen=True):
    """Blood for the immunology panel; of a week with an infusion on its day, drawn before dexamethasone or not."""

    correctable = ("drawn_at", "tubes", "before_dexamethasone")

    week: int
    drawn_at: datetime
    tubes: int
    before_dexamethasone: bool | None = None


SubjectHappened = (
    SubjectScreened | CriterionRecorded | VerdictSigned | SubjectEnrolled | EnrolmentSent | EnrolmentArrived | DoseOverridden
    | SubjectLeft | DltMarked | AdverseEventNoted | LabRecorded | TransfusionGiven | MedicationGiven | VisitDone | VisitMissed
    | SampleDrawn | NoteAdded | Corrected
)  # fmt: skip

#: Units that a laboratory's value or a criterion is entered in; what may leave the ward.
UNITS = frozenset({
    "g/L", "10^9/L", "×10⁹/L", "×10^9/L", "x10^9/L", "10*9/L", "10⁹/L", "1e9/L", "10e9/L", "U/L", "IU/L", "µmol/L", "μmol/L",
    "umol/L", "mmol/L", "mg/dL", "mg/L", "ng/mL", "µg/L", "pg/mL", "IU/mL", "copies/mL", "%", "ms", "s", "/µL", "/uL", "cells/µL",
    "days", "d", "years", "y", "a", "months", "mo", "1",
})  # fmt: skip

TEST_NAMES: dict[str, Text] = {
    "hb": say("haemoglobin"), "anc": say("neutrophils"), "plt": say("platelets"), "wbc": say("white cells"),
    "lymphocytes": say("lymphocytes"), "alt": say("ALT"), "ast": say("AST"), "bilirubin": say("total bilirubin"),
    "creatinine": say("creatinine"), "bun": say("urea nitrogen"), "aptt": Text("APTT"), "inr": Text("INR"),
    "fibrinogen": say("fibrinogen"), "ferritin": say("ferritin"), "crp": Text("CRP"), "ldh": Text("LDH"), "cd3": Text("CD3"),
    "cd4": Text("CD4"), "cd8": Text("CD8"), "cd19": Text("CD19"), "nk": say("NK cells"), "igg": Text("IgG"), "iga": Text("IgA"),
    "igm": Text("IgM"), "il6": Text("IL-6"), "ifn_g": Text("IFN-γ"), "tnf_a": Text("TNF-α"),
}  # fmt: skip
PRODUCT_NAMES: dict[str, Text] = {
    "red_cells": say("red cells"), "platelets": say("platelets"), "whole_blood": say("whole blood"), "plasma": say("plasma"),
    "albumin": say("albumin"), "cryoprecipitate": say("cryoprecipitate"), "fibrinogen": say("fibrinogen"),
    "immunoglobulin": say("immunoglobulin"), "granulocytes": say("granulocytes"), "other": say("other"),
}  # fmt: skip
VISIT_NAMES: dict[str, Text] = {
    "visit": say("Visit"), "delayed": say("Delayed reactions"), "immunology": say("Immunology sample"),
}  # fmt: skip
COHORT_NAMES: dict[str, Text] = {"escalation": say("escalation"), "expansion": say("expansion")}
