"""A person has a password beside the PIN."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN password_hash TEXT NOT NULL DEFAULT '' /* Argon2id; empty: none set yet */")
