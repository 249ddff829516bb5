"""The form of a store as plain SQL needs it: which file it is, which migration it stands at, and the columns that are written.

What is asked and written while people are at a bed is plain SQL on the driver's own connection. The tables as SQLAlchemy knows
them stand in `schema.py`, which is loaded where a person asks for the readable tables: it takes as long as all else of a start.
"""

#: "BEDS" in the file's header tells a Bedside store from any other SQLite file.
APPLICATION_ID = 0x42454453
#: The newest migration this program knows.
HEAD_REVISION = "0006"

EVENT = (
    "seq", "event_id", "stream", "at", "wall_utc", "utc_offset_min", "steady_s", "boot_id", "laptop", "version",
    "by", "co", "type", "payload", "prev_hash", "hash",
)  # fmt: skip
INFUSION = (
    "id", "infusion_id", "subject", "bed", "grp", "dose_number", "phase", "weight_kg", "dose_cells", "volume_ml", "drop_factor",
    "bags", "started_at", "stepped_up_at", "ended_at", "infusion_min", "given_least_ml", "given_most_ml", "outcome", "signed_at",
    "practice",
)  # fmt: skip
VITAL_CHECK = (
    "infusion", "n", "period", "slot_min", "due_at", "recorded_at", "status", "late_s", "hr", "pr", "spo2", "nibp_sys", "nibp_dia",
    "nibp_map", "rr", "temp", "oxygen", "consciousness", "news2", "discomfort", "recorded_by",
)  # fmt: skip
OBSERVATION_WINDOW = (
    "infusion", "opened_at", "due_at", "closed_at", "outcome", "flags", "checks_due", "on_time", "late", "missed",
)  # fmt: skip
PERSON = ("person_id", "name", "role", "pin_hash", "disabled_at", "password_hash")
SETTING = ("key", "value", "seal")
SIGNATURE = ("seq", "person", "public_key", "signature")
#: By table; as SQLAlchemy knows the same.
COLUMNS = {
    "event": EVENT, "infusion": INFUSION, "vital_check": VITAL_CHECK, "observation_window": OBSERVATION_WINDOW,
    "person": PERSON, "setting": SETTING, "signature": SIGNATURE,
}  # fmt: skip
