"""Signatures by people's own keys; each setting carries a seal."""

import hashlib

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SIGNATURE = """
CREATE TABLE signature ( -- signatures by people's own keys, of events; rows are only ever added
    seq INTEGER NOT NULL REFERENCES event (seq), -- the event that was signed
    person TEXT NOT NULL,               -- person_id of who signed, or "recovery" for the printed recovery key
    public_key TEXT NOT NULL,           -- Ed25519, hexadecimal
    signature TEXT NOT NULL,            -- Ed25519 over "bedside event 1", a zero byte and the event's hash, hexadecimal
    PRIMARY KEY (seq, person)
) WITHOUT ROWID"""


def _refuse(action: str, why: str, when: str = "") -> str:
    name = f"signature_no_{action.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {action} ON signature {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


STATEMENTS = (
    SIGNATURE,
    _refuse("UPDATE", "signatures are never changed"),
    _refuse("DELETE", "signatures are never deleted"),
    _refuse(
        "INSERT",
        "this signature is stored already",
        "WHEN EXISTS (SELECT 1 FROM signature WHERE seq = NEW.seq AND person = NEW.person)",
    ),
    "ALTER TABLE setting ADD COLUMN seal TEXT NOT NULL DEFAULT '' /* SHA-256 over store.genesis, key and value */",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
    genesis = connection.exec_driver_sql("SELECT genesis FROM store").scalar_one_or_none() or ""
    for key, value in connection.exec_driver_sql("SELECT key, value FROM setting").fetchall():
        seal = hashlib.sha256("\0".join((genesis, key, value)).encode(errors="replace")).hexdigest()
        connection.exec_driver_sql("UPDATE setting SET seal = ? WHERE key = ?", (seal, key))
