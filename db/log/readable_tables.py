"""The tables for people's tools, read as such a tool would: through SQLAlchemy, which is loaded when somebody asks for them."""

from typing import Any

from sqlalchemy import Row, bindparam, create_engine, select
from sqlalchemy.pool import StaticPool

from db.engine import driver
from db.schema import infusion, observation_window, vital_check
from db.statements import Driver

_ALL = select(infusion).order_by(infusion.c.id.desc())
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

    def checks(self, infusion_id: str) -> list[Row[Any]]:
        """The rows of `vital_check` of one infusion, in order."""
        return list(self._connection.execute(_CHECKS, {"infusion_id": infusion_id}))

    def observation(self, infusion_id: str) -> Row[Any] | None:
        return self._connection.execute(_OBSERVATION, {"infusion_id": infusion_id}).first()
