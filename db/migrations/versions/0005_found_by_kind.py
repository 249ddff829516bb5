"""Events are found by their kind, and whoever took a bag by its number, however many there are."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX ix_event_type ON event (type)",
    """CREATE INDEX ix_event_bag ON event ( -- bags taken, by number in small letters; '': not of ASCII alone, or not to be read
    CASE WHEN json_valid(payload)
    AND length(json_extract(payload, '$.bag.bag_id')) = length(CAST(json_extract(payload, '$.bag.bag_id') AS BLOB))
    THEN lower(json_extract(payload, '$.bag.bag_id')) ELSE '' END
) WHERE type = 'BagScanned'""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
