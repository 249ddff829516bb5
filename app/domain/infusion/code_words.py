"""Words for the short codes that events carry: symptoms, reasons, methods, outcomes, fields.

What is not a known code was typed by a person and stands as it was typed.
"""

from app.domain.people.signatures import MEANING_NAMES
from app.domain.products.certificate import NAMES
from app.domain.texts import Text, say

#: Symptoms of an infusion reaction, in the order in which they are offered.
SYMPTOMS: dict[str, Text] = {
    "chills": say("chills"),
    "fever": say("fever"),
    "rash": say("rash"),
    "urticaria": say("urticaria"),
    "itching": say("itching"),
    "flushing": say("flushing"),
    "dyspnoea": say("shortness of breath"),
    "wheeze": say("wheezing"),
    "cough": say("cough"),
    "chest_pain": say("chest pain"),
    "back_pain": say("back pain"),
    "headache": say("headache"),
    "nausea": say("nausea"),
    "vomiting": say("vomiting"),
    "dizziness": say("dizziness"),
    "hypotension": say("low blood pressure"),
    "hypertension": say("high blood pressure"),
    "tachycardia": say("fast heart rate"),
    "bradycardia": say("slow heart rate"),
    "hypoxia": say("low oxygen saturation"),
    "swelling": say("swelling of the face or throat"),
    "site_pain": say("pain at the cannula"),
    "other": say("other"),
}

ACTIONS: dict[str, Text] = {
    "stop": say("infusion stopped"),
    "slow": say("infusion slowed"),
    "continue": say("infusion continued"),
}

METHODS: dict[str, Text] = {
    "taps": say("taps"),
    "count": say("count"),
    "scale": say("scale"),
    "sensor": say("drop sensor"),
}

ENTRIES: dict[str, Text] = {
    "scan": say("scanned"),
    "typed": say("typed"),
    "mixed": say("partly scanned, partly typed"),
    "monitor": say("monitor"),
    "none": say("missing"),
}

OUTCOMES: dict[str, Text] = {
    "no_reaction": say("no reaction"),
    "reaction_resolved": say("reaction, over"),
    "reaction_ongoing": say("reaction, still going on"),
    "transferred": say("transferred"),
}

#: How a reaction ended.
REACTION_OUTCOMES: dict[str, Text] = {
    "recovered": say("recovered"),
    "sequelae": say("recovered with after-effects"),
    "died": say("died"),
}

#: What is missed or unsigned when the observation is closed.
LEFT_UNDONE: dict[str, Text] = {
    "checks": say("vital signs missed"),
    "time": say("elapsed time unknown"),
    "gap": say("nobody watched, and the bag was not read"),
    "reaction": say("a reaction still open"),
}

#: An answer to the question about allergies that is no text of its own.
ALLERGIES: dict[str, Text] = {"none": say("none")}

#: What is to be watched after the observation.
FLAGS: dict[str, Text] = {
    "fever": say("fever"),
    "low_pressure": say("low blood pressure"),
    "oxygen_need": say("needs oxygen"),
    "urine_dark": say("dark urine"),
    "drowsy": say("drowsy"),
    "doctor_informed": say("doctor informed"),
}

BLOOD: dict[str, Text] = {
    "drawn": say("drawn"),
    "not_due": say("not due"),
    "not_drawn": say("not drawn"),
}

CAUSES: dict[str, Text] = {
    "stopped": say("the program did not run"),
    "slept": say("the computer slept"),
    "power": say("the computer lost power"),
}

MEANINGS: dict[str, Text] = MEANING_NAMES

TESTS: dict[str, Text] = NAMES

#: Why a bag is set aside at the bench, as it is offered.
REJECTIONS: dict[str, Text] = {
    "bad_certificate": say("certificate does not pass"),
    "past_expiry": say("expired"),
    "bag_damaged": say("bag damaged or leaking"),
    "bad_label": say("label wrong or unreadable"),
    "storage_broken": say("cold chain broken"),
    "not_needed": say("not needed"),
}

#: Why a bag's number was typed and not scanned, as it is offered.
UNREADABLE: dict[str, Text] = {
    "no_code": say("no code on the label"),
    "code_damaged": say("code damaged or frosted over"),
    "scanner_fails": say("scanner does not read it"),
    "no_scanner": say("no scanner at hand"),
}

CONSCIOUSNESS: dict[str, Text] = {
    "A": say("awake and alert"),
    "C": say("new confusion"),
    "V": say("responds to voice"),
    "P": say("responds to pain"),
    "U": say("unresponsive"),
}

#: Reasons that a value of a check is missing, and what a monitor said of one.
MISSING: dict[str, Text] = {
    "sensor_off": say("sensor off"),
    "no_monitor": say("no monitor"),
    "stale": say("too old"),
    "refused": say("patient refused"),
    "asleep": say("patient asleep"),
    "not_possible": say("could not be measured"),
    "no_device": say("no device at hand"),
    "searching": say("searching"),
    "measuring": say("measuring"),
    "unavailable": say("unavailable"),
    "invalid": say("invalid"),
    "questionable": say("questionable"),
    "implausible": say("not plausible"),
    "demo": say("demonstration value"),
    "test": say("test value"),
}

#: Names of drugs that a protocol may order; another name stands as the protocol writes it.
DRUGS: dict[str, Text] = {"Dexamethasone": say("Dexamethasone")}

#: Why an infusion is paused, and why a rate, an end or a check is not as planned, in the order in which they are offered.
REASONS: dict[str, Text] = {
    "cannot_wait": say("the infusion cannot wait"),
    "seen_to": say("somebody sees to it"),
    "stays_so": say("known, stays so"),
    "dose_in": say("the dose is in"),
    "line": say("line or cannula"),
    "patient": say("the patient's wish"),
    "moved": say("the patient moved"),
    "discomfort": say("discomfort"),
    "other_care": say("other care came first"),
    "doctor": say("doctor's order"),
    "drip_drifted": say("the drip had drifted"),
    "behind": say("to be done in time"),
    "bag_fault": say("leak or damage"),
    "appearance": say("does not look right"),
    "thawed_too_long": say("thawed too long"),
    "thawed_by_mistake": say("thawed by mistake"),
    "expires_first": say("expires first"),
    "mistyped": say("typed wrongly"),
    "misread": say("read wrongly"),
    "wrong_patient": say("meant for another patient"),
    "asked_again": say("asked again"),
    "withdrew": say("consent withdrawn"),
    "unfit": say("not fit for the infusion today"),
    "no_monitor_near": say("no monitor at hand"),
    "busy": say("busy with another patient"),
    "handover": say("hand-over"),
    "spilt": say("spilt"),
    "measured": say("measured, not read by eye"),
    "colleague_left": say("whoever did it has left"),
    "on_behalf": say("in charge of the shift"),
    "transferred": say("transferred"),
    "usual_for_patient": say("usual for this patient"),
    "by_baseline": say("by the patient's baseline"),
}

#: CTCAE 5.0, infusion related reaction, in the program's own short words. Chosen by a person, never computed.
GRADES: dict[int, Text] = {
    1: say("Mild and passing; no pause and no treatment needed"),
    2: say("Pause or treatment needed; better soon after antihistamine, fluids or the like; medicine for up to 24 h"),
    3: say("Prolonged, not soon better with treatment or a pause; or back after it was better; or hospital care for it"),
    4: say("Life-threatening; urgent treatment needed"),
    5: say("Death"),
}

_OTHERS: dict[str, Text] = {
    "reaction": say("reaction"),
    "person": say("by a person"),
    "bag": say("bag change"),
}

_ALL: dict[str, Text] = {
    **_OTHERS, **MISSING, **TESTS, **REJECTIONS, **UNREADABLE, **ENTRIES, **METHODS, **SYMPTOMS, **DRUGS, **REASONS, **FLAGS,
}  # fmt: skip


#: Texts that the program itself offers for a field that may also be typed.
OFFERED = frozenset({*_ALL, *CONSCIOUSNESS})


def word(code: str, *tables: dict[str, Text]) -> Text | str:
    """The words for a code, from `tables` or else from all known codes; what is no code stands as it is."""
    for table in tables or (_ALL,):
        if code in table:
            return table[code]
    return code
