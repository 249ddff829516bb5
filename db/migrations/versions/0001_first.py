"""The first store. Comments stand inside the SQL so that every SQLite tool shows them (`.schema`)."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EVENT = """
CREATE TABLE event ( -- everything that happened, in order; rows are only ever added
    seq INTEGER NOT NULL PRIMARY KEY,   -- 1, 2, 3 … without gaps
    event_id TEXT NOT NULL UNIQUE,      -- the event's own name; a repeated write is stored once
    stream TEXT NOT NULL,               -- an infusion_id, or "store", or "people"
    at TEXT NOT NULL,                   -- when it happened: record time, UTC, ISO 8601
    wall_utc TEXT NOT NULL,             -- what the laptop's wall clock said when it was saved
    utc_offset_min INTEGER NOT NULL,    -- minutes that local time was ahead of UTC
    steady_s TEXT NOT NULL,             -- seconds since that boot, sleep included, a decimal as text
    boot_id TEXT NOT NULL,              -- which boot of the laptop
    laptop TEXT NOT NULL,               -- which laptop
    version TEXT NOT NULL,              -- which version of the program
    "by" TEXT,                          -- person_id; null: the program itself
    co TEXT,                            -- person_id of the second person, if there was one
    type TEXT NOT NULL,                 -- kind of event, as in the payload
    payload TEXT NOT NULL,              -- the event as canonical JSON, decimals as text
    prev_hash TEXT NOT NULL,            -- hash of the event before; of the first one: store.genesis
    hash TEXT NOT NULL                  -- SHA-256 over prev_hash and the canonical JSON of all other columns
)"""

CHAIN_HEAD = """
CREATE TABLE chain_head ( -- one row: the last event, written together with it
    seq INTEGER NOT NULL,               -- 0 before the first event
    hash TEXT NOT NULL                  -- store.genesis before the first event
)"""

STORE = """
CREATE TABLE store ( -- one row: this store
    store_id TEXT NOT NULL PRIMARY KEY,
    created_at TEXT NOT NULL,           -- UTC, by the laptop's wall clock
    app_version TEXT NOT NULL,          -- version of the program that made it
    practice BOOLEAN NOT NULL,          -- 1: practice, no patient in it is real
    genesis TEXT NOT NULL               -- random; the chain of events hangs on it
)"""

INFUSION = """
CREATE TABLE infusion ( -- one row an infusion, computed from its events at each of them
    id INTEGER NOT NULL PRIMARY KEY,    -- small key used by the other tables
    infusion_id TEXT NOT NULL UNIQUE,   -- the stream of its events
    subject TEXT,                       -- subject code
    bed TEXT,
    grp TEXT,                           -- dose group
    dose_number INTEGER,                -- 1 for the first dose
    phase TEXT,                         -- where it stands
    weight_kg NUMERIC,
    dose_cells NUMERIC,                 -- cells ordered
    volume_ml NUMERIC,                  -- ml that hold the dose
    drop_factor INTEGER,                -- drops per ml of the set
    bags INTEGER,                       -- bags needed
    started_at TEXT,                    -- record time, UTC
    stepped_up_at TEXT,
    ended_at TEXT,                      -- also when stopped early
    infusion_min NUMERIC,               -- minutes from start to end, pauses included
    given_least_ml NUMERIC,             -- delivered volume lies between these two
    given_most_ml NUMERIC,
    outcome TEXT,                       -- outcome of the observation
    signed_at TEXT,
    practice BOOLEAN                    -- 1: not a real patient
)"""

VITAL_CHECK = """
CREATE TABLE vital_check ( -- the vital-sign checks of each infusion as of its last event
    infusion INTEGER NOT NULL REFERENCES infusion (id),
    n INTEGER NOT NULL,                 -- 1, 2, 3 … in order of time
    period TEXT NOT NULL,               -- infusion, observation or extra
    slot_min INTEGER,                   -- minute from the start (observation: from the end); null: end or extra check
    due_at TEXT,                        -- record time, UTC
    recorded_at TEXT,                   -- null: not recorded
    status TEXT NOT NULL,               -- on_time, late, missed, open or upcoming
    late_s INTEGER,                     -- seconds after it was due
    hr NUMERIC,                         -- heart rate, /min; null in any of these: not measured
    pr NUMERIC,                         -- pulse rate, /min
    spo2 NUMERIC,                       -- %
    nibp_sys NUMERIC,                   -- mmHg
    nibp_dia NUMERIC,                   -- mmHg
    nibp_map NUMERIC,                   -- mmHg
    rr NUMERIC,                         -- breaths/min
    temp NUMERIC,                       -- °C
    oxygen BOOLEAN,                     -- 1: oxygen is given
    consciousness TEXT,                 -- A, C, V, P or U
    news2 INTEGER,                      -- NEWS2 score
    discomfort BOOLEAN,                 -- 1: the patient feels discomfort
    recorded_by TEXT,                   -- person_id
    PRIMARY KEY (infusion, n)
) WITHOUT ROWID"""

OBSERVATION_WINDOW = """
CREATE TABLE observation_window ( -- the observation after each infusion
    infusion INTEGER NOT NULL PRIMARY KEY REFERENCES infusion (id),
    opened_at TEXT,                     -- record time, UTC
    due_at TEXT,                        -- when it may be closed
    closed_at TEXT,
    outcome TEXT,                       -- no_reaction, reaction_resolved, reaction_ongoing or transferred
    flags TEXT,                         -- what was unusual, separated by commas
    checks_due INTEGER,                 -- checks that have come due, of them:
    on_time INTEGER,
    late INTEGER,
    missed INTEGER
)"""

CODES = [
    f"CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE)" for name in ("vital", "quality", "source")
]

SAMPLE = """
CREATE TABLE sample ( -- vital signs as they arrived; see the view vital_sample
    infusion INTEGER NOT NULL REFERENCES infusion (id),
    t INTEGER NOT NULL,                 -- arrival, record time, milliseconds since 1970-01-01 UTC
    vital INTEGER NOT NULL REFERENCES vital (id),
    value REAL,                         -- null: no number was sent
    quality INTEGER NOT NULL REFERENCES quality (id),
    source INTEGER NOT NULL REFERENCES source (id),
    PRIMARY KEY (infusion, t, vital)
) WITHOUT ROWID"""

VITAL_SAMPLE = """
CREATE VIEW vital_sample AS -- the samples with names and UTC times; only quality "ok" may be charted
SELECT i.infusion_id, i.subject, v.code AS vital,
    strftime('%Y-%m-%dT%H:%M:%S', s.t / 1000, 'unixepoch') || printf('.%03dZ', s.t % 1000) AS at,
    s.value, q.code AS quality, o.code AS source
FROM sample s
JOIN infusion i ON i.id = s.infusion
JOIN vital v ON v.id = s.vital
JOIN quality q ON q.id = s.quality
JOIN source o ON o.id = s.source"""

PEOPLE = """
CREATE TABLE person ( -- who may use this store
    person_id TEXT NOT NULL PRIMARY KEY, -- never used again for somebody else
    name TEXT NOT NULL,
    role TEXT NOT NULL,                 -- nurse, pharmacist or investigator
    pin_hash TEXT NOT NULL,
    disabled_at TEXT                    -- UTC; null: active
)"""

SETTING = "CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"


def _refuse(table: str, action: str, why: str, when: str = "") -> str:
    name = f"{table}_no_{action.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {action} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


TRIGGERS = [
    _refuse("event", "UPDATE", "events are never changed"),
    _refuse("event", "DELETE", "events are never deleted"),
    _refuse(
        "event",
        "INSERT",
        "this event is stored already",
        "WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq) OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id)",
    ),
    _refuse("sample", "UPDATE", "samples are never changed"),
    _refuse("sample", "DELETE", "samples are never deleted"),
    _refuse("chain_head", "INSERT", "there is one head", "WHEN EXISTS (SELECT 1 FROM chain_head)"),
    _refuse("chain_head", "DELETE", "there is one head"),
    _refuse("store", "INSERT", "there is one store", "WHEN EXISTS (SELECT 1 FROM store)"),
    _refuse("store", "UPDATE", "a store keeps its name"),
    _refuse("store", "DELETE", "a store keeps its name"),
]

STATEMENTS = [
    "PRAGMA application_id = 0x42454453",
    STORE,
    EVENT,
    "CREATE INDEX ix_event_stream ON event (stream)",
    CHAIN_HEAD,
    INFUSION,
    VITAL_CHECK,
    OBSERVATION_WINDOW,
    *CODES,
    SAMPLE,
    VITAL_SAMPLE,
    PEOPLE,
    SETTING,
    *TRIGGERS,
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
