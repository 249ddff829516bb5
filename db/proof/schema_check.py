"""Whether tables, views, indexes and guards are those that the migrations make, word for word."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from app.domain.texts import Text, say
from db import store_errors as errors
from db.engine import driver, wrapped
from db.schema import APPLICATION_ID, HEAD_REVISION
from db.statements import Driver

_MADE = "SELECT type, name, tbl_name, sql FROM sqlite_master"


class Made(NamedTuple):
    """One thing in the schema; `name` is unique within a type."""

    type: str
    name: str


Schema: TypeAlias = dict[Made, tuple[str, str | None]]
"""Of each thing the table it belongs to, and the text that made it; None: the engine made it itself."""


class Form(NamedTuple):
    """The migration that a store has; `told`: what is wrong with the row that names it."""

    revision: str
    told: tuple[Text, ...] = ()


def schema_faults(raw: Driver, form: Form) -> Iterator[Text]:
    yield from form.told
    there, wanted = _of(raw), made_by_migrations(form.revision)
    for made in sorted(wanted.keys() - there.keys()):
        yield _missing(made)
    for made in sorted(there.keys() - wanted.keys()):
        yield say("The {kind} {name} is in the file and no version of Bedside made it.", kind=_kind(made), name=made.name)
    for made in sorted(wanted.keys() & there.keys()):
        if wanted[made] != there[made]:
            yield say("The {kind} {name} is not as Bedside makes it: it was changed.", kind=_kind(made), name=made.name)
    for pragma, right in (("application_id", APPLICATION_ID), ("user_version", 0)):
        (number,) = raw.execute(f"PRAGMA {pragma}").fetchone()
        if number != right:
            yield say("The number {name} in the file's header is {found}; it should be {right}.",
                      name=pragma, found=number, right=right)  # fmt: skip


def _missing(made: Made) -> Text:
    if made.type == "table":
        return say("The table {name} is missing.", name=made.name)
    if made.type == "trigger":
        return say("The guard {name}, which refuses changes, was taken out of the file.", name=made.name)
    return say("The {kind} {name} is missing.", kind=_kind(made), name=made.name)


def _kind(made: Made) -> Text:
    kinds = {"table": say("table"), "view": say("view"), "index": say("index"), "trigger": say("guard")}
    return kinds.get(made.type, say("part"))


def _of(raw: Driver) -> Schema:
    return {Made(kind, name): (table, sql) for kind, name, table, sql in raw.execute(_MADE).fetchall()}


def form_of(raw: Driver) -> Form:
    """Raises `NewerStore` where it is of a form that this program does not know."""
    from db.migrations.run import known

    there, forms = _of(raw), sorted(known(), reverse=True)
    if Made("table", "alembic_version") not in there:
        return Form(_by_schema(there, forms))
    found = [str(number) for (number,) in raw.execute("SELECT version_num FROM alembic_version").fetchall()]
    if len(found) == 1 and found[0] in forms:
        return Form(found[0])
    is_one_of_ours = any(made_by_migrations(form) == there for form in forms)
    if len(found) == 1 and not is_one_of_ours:
        raise errors.newer_store(found[0])
    form = _by_schema(there, forms)
    told = say("The table {table} should name the form {form} alone; it says: {found}.",
               table="alembic_version", form=form, found=", ".join(found) or "—")  # fmt: skip
    return Form(form, (told,))


def _by_schema(there: Schema, forms: list[str]) -> str:
    return next((form for form in forms if made_by_migrations(form) == there), HEAD_REVISION)


@cache
def made_by_migrations(revision: str) -> Schema:
    """What a new store of that form holds, made in memory."""
    from db.migrations.run import migrate

    raw = driver.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection = wrapped(raw, writes=True)
    try:
        with connection.begin():
            migrate(connection, revision)
        return _of(raw)
    finally:
        connection.close()
