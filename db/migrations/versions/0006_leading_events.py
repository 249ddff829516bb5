"""Where every infusion stands is found in the events that lead from phase to phase alone, however many others there are.

The kinds are those of `db/log/standing.py`, word for word; with others there the record is read all the same, only slower.
The plus keeps the question from the index of all kinds, which the planner takes to be the shorter way.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENT = """CREATE INDEX ix_event_leading ON event (seq, type, stream, at, event_id) WHERE +type IN (
    'Abandoned', 'BagHung', 'BagTakenDown', 'BagThawed', 'Corrected', 'IdentityVerified', 'InfusionEnded', 'InfusionSigned',
    'InfusionStopped', 'ObservationClosed', 'Ordered', 'Paused', 'PremedicationGiven', 'Received', 'ReleaseSent', 'Released',
    'Resumed', 'Started', 'WeightRecorded'
)"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(STATEMENT)
