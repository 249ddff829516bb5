"""The protocol files that infusions were ordered by, byte for byte."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PROTOCOL_FILE = """
CREATE TABLE protocol_file ( -- the protocol files that infusions were ordered by; rows are only ever added
    sha256 TEXT NOT NULL PRIMARY KEY,   -- of the bytes, as events of the stream "trial" and orders name it
    data BLOB NOT NULL                  -- the file as it was
)"""


def _refuse(action: str, why: str, when: str = "") -> str:
    name = f"protocol_file_no_{action.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {action} ON protocol_file {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


STATEMENTS = (
    PROTOCOL_FILE,
    _refuse("UPDATE", "protocol files are never changed"),
    _refuse("DELETE", "protocol files are never deleted"),
    _refuse(
        "INSERT", "this protocol file is stored already", "WHEN EXISTS (SELECT 1 FROM protocol_file WHERE sha256 = NEW.sha256)"
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
