"""A step of an examination carried out: what goes wrong in it is itself a fault."""

from collections.abc import Callable, Iterable

from app.domain.errors import Broken
from app.domain.texts import Text, say
from db import store_errors as errors
from db.engine import driver, known_error
from db.log.chain import Fault

Step = Callable[[], Iterable[Fault | Text]]


def take_down(found: list[Text], step: Step) -> None:
    """Add what a step finds; also that the file is too damaged for it to be ended, once however often that is met. Raises
    `StoreError` for what is no damage.
    """
    try:
        found += [f.text if isinstance(f, Fault) else f for f in step()]
    except driver.Error as error:
        known = known_error(error)
        if not isinstance(known, errors.Damaged | Broken):
            raise known from error
        _add_once(found, known.text if isinstance(known, errors.Damaged) else _not_as_made(error))
    except (ValueError, TypeError) as error:
        _add_once(found, _not_as_made(error))


def _add_once(found: list[Text], text: Text) -> None:
    if text not in found:
        found.append(text)


def _not_as_made(error: BaseException) -> Text:
    return say("A part of the record cannot be read, for it is not as Bedside made it: {what}", what=str(error))
