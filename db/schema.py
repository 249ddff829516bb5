"""The tables as the program sees them. What each column means stands in the tables' own SQL (migrations).

Times are UTC text, decimals NUMERIC; `infusion` in other tables is the small key `infusion.id`.
"""

from sqlalchemy import BLOB, REAL, Boolean, Column, ForeignKey, Integer, MetaData, Table, Text

from .codec import ExactNumber, JsonText, UtcDateTime

#: "BEDS" in the file's header tells a Bedside store from any other SQLite file.
APPLICATION_ID = 0x42454453
#: The newest migration this program knows.
HEAD_REVISION = "0006"

metadata = MetaData()

store = Table(
    "store",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("genesis", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("stream", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("wall_utc", Text, nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("steady_s", Text, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("laptop", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("by", Text),
    Column("co", Text),
    Column("type", Text, nullable=False, index=True),
    Column("payload", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

chain_head = Table(
    "chain_head",
    metadata,
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

infusion = Table(
    "infusion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("infusion_id", Text, nullable=False, unique=True),
    Column("subject", Text),
    Column("bed", Text),
    Column("grp", Text),
    Column("dose_number", Integer),
    Column("phase", Text),
    Column("weight_kg", ExactNumber),
    Column("dose_cells", ExactNumber),
    Column("volume_ml", ExactNumber),
    Column("drop_factor", Integer),
    Column("bags", Integer),
    Column("started_at", UtcDateTime),
    Column("stepped_up_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("infusion_min", ExactNumber),
    Column("given_least_ml", ExactNumber),
    Column("given_most_ml", ExactNumber),
    Column("outcome", Text),
    Column("signed_at", UtcDateTime),
    Column("practice", Boolean),
)

vital_check = Table(
    "vital_check",
    metadata,
    Column("infusion", Integer, ForeignKey("infusion.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("slot_min", Integer),
    Column("due_at", UtcDateTime),
    Column("recorded_at", UtcDateTime),
    Column("status", Text, nullable=False),
    Column("late_s", Integer),
    Column("hr", ExactNumber),
    Column("pr", ExactNumber),
    Column("spo2", ExactNumber),
    Column("nibp_sys", ExactNumber),
    Column("nibp_dia", ExactNumber),
    Column("nibp_map", ExactNumber),
    Column("rr", ExactNumber),
    Column("temp", ExactNumber),
    Column("oxygen", Boolean),
    Column("consciousness", Text),
    Column("news2", Integer),
    Column("discomfort", Boolean),
    Column("recorded_by", Text),
    sqlite_with_rowid=False,
)

observation_window = Table(
    "observation_window",
    metadata,
    Column("infusion", Integer, ForeignKey("infusion.id"), primary_key=True),
    Column("opened_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("outcome", Text),
    Column("flags", Text),
    Column("checks_due", Integer),
    Column("on_time", Integer),
    Column("late", Integer),
    Column("missed", Integer),
)


def _names(table: str) -> Table:
    """Small numbers that stand for names in `sample`."""
    columns = Column("id", Integer, primary_key=True), Column("code", Text, nullable=False, unique=True)
    return Table(table, metadata, *columns)


vital, quality, source = _names("vital"), _names("quality"), _names("source")

sample = Table(
    "sample",
    metadata,
    Column("infusion", Integer, ForeignKey("infusion.id"), primary_key=True),
    Column("t", Integer, primary_key=True),
    Column("vital", Integer, ForeignKey("vital.id"), primary_key=True),
    Column("value", REAL),
    Column("quality", Integer, ForeignKey("quality.id"), nullable=False),
    Column("source", Integer, ForeignKey("source.id"), nullable=False),
    sqlite_with_rowid=False,
)

person = Table(
    "person",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("password_hash", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JsonText, nullable=False),
    Column("seal", Text, nullable=False),
)

signature = Table(
    "signature",
    metadata,
    Column("seq", Integer, ForeignKey("event.seq"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    sqlite_with_rowid=False,
)

protocol_file = Table(
    "protocol_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("data", BLOB, nullable=False),
)
