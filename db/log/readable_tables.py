"""The tables for people's tools, read as such a tool would: through SQLAlchemy, which is loaded when somebody asks for them."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, create_engine, func, select
from sqlalchemy.pool import StaticPool

from db.engine import driver
from db.schema import event, infusion, observation_window, vital_check
from db.statements import Driver

_ALL = select(infusion).order_by(infusion.c.id.desc())
#: What an infusion began with: its order, unless somebody wrote into the record.
_FIRST = select(event.c.payload).where(event.c.stream == infusion.c.infusion_id).order_by(event.c.seq).limit(1).scalar_subquery()
_ROWS = select(infusion, _FIRST.label("first")).order_by(infusion.c.id.desc())
_COUNT = select(func.count(infusion.c.id))
_OF_INFUSION = infusion.c.infusion_id == bindparam("infusion_id")
_CHECKS = select(vital_check).join(infusion, infusion.c.id == vital_check.c.infusion).where(_OF_INFUSION).order_by(vital_check.c.n)
_OBSERVATION = select(observation_window).join(infusion, infusion.c.id == observation_window.c.infusion).where(_OF_INFUSION)


class ReadableTables:
    """On a reader's own connection, which stays its own. Each column of a row by its name."""

    def __init__(self, raw: Driver) -> None:
        kept: dict[str, Any] = {"poolclass": StaticPool, "pool_reset_on_return": None, "isolation_level": "AUTOCOMMIT"}
        engine = create_engine("sqlite://", module=driver, creator=lambda: raw, **kept)
        self._connection = engine.connect()

    def infusions(self) -> list[Row[Any]]:
        """All of them, the newest first."""
        return list(self._connection.execute(_ALL))

    def page(self, subject: str, before_id: int | None, most: int) -> list[Row[Any]]:
        """At most so many infusions, the newest first, all of them before `before_id`; each with its `first` event.

        `subject`: a part of the subject's code; case does not count. Empty: all.
        """
        asked = _of(_ROWS, subject).limit(most)
        return list(self._connection.execute(asked if before_id is None else asked.where(infusion.c.id < before_id)))

    def count(self, subject: str) -> int:
        found: int = self._connection.execute(_of(_COUNT, subject)).scalar_one()
        return found

    def checks(self, infusion_id: str) -> list[Row[Any]]:
        """The rows of `vital_check` of one infusion, in order."""
        return list(self._connection.execute(_CHECKS, {"infusion_id": infusion_id}))

    def observation(self, infusion_id: str) -> Row[Any] | None:
        return self._connection.execute(_OBSERVATION, {"infusion_id": infusion_id}).first()


def _of(asked: Select[Any], subject: str) -> Select[Any]:
    return asked.where(infusion.c.subject.icontains(subject, autoescape=True)) if subject else asked
