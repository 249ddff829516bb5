"""What each page is for, and the rules that hold there, with the protocol's own numbers."""

from collections.abc import Callable, Iterable, Iterator

from app.domain.infusion.phases import AFTER_END, BEFORE_START, CLOSED, Phase
from app.domain.infusion.state import Infusion
from app.domain.people.accounts import MOST_WRONG_PASSWORDS, MOST_WRONG_PINS
from app.domain.people.new_secrets import LEAST_PASSWORD, LEAST_PIN
from app.domain.protocol import Protocol
from app.domain.texts import Text, number, say
from app.services.words import rules_told as told
from ui.frame.pages import PageKey

Rules = Callable[[Protocol], Iterable[Text]]


def _ward(p: Protocol) -> Iterator[Text]:
    yield from told.the_checks(p)
    if p.ward is not None and p.ward.starts_apart_min is not None:
        yield say("Two beds start at least {n} min apart.", n=number(p.ward.starts_apart_min))


def _people(_p: Protocol) -> Iterator[Text]:
    yield say(
        "A password has at least {letters} letters, a PIN at least {digits} digits.", letters=LEAST_PASSWORD, digits=LEAST_PIN
    )
    yield say("After {n} wrong passwords an administrator lets you in again; after {m} wrong PINs only the password counts.",
              n=MOST_WRONG_PASSWORDS, m=MOST_WRONG_PINS)  # fmt: skip


def _site(p: Protocol) -> Iterator[Text]:
    yield say("In force: protocol {id}, version {version}. {n} of its values are the site's own, each with its reason.",
              id=p.id, version=p.version, n=len(p.decided))  # fmt: skip


def _old_values(p: Protocol) -> Iterator[Text]:
    yield say("A monitor's value counts for {age} s, a blood pressure for {nibp} min.",
              age=p.vitals.max_age_s, nibp=p.vitals.max_age_nibp_s // 60)  # fmt: skip


def _nothing(_p: Protocol) -> tuple[Text, ...]:
    return ()


_WARD = say("Every open bed has a card, always in its place; the urgent one is marked. The list is in the order of urgency: the"
            " patient, a limit passed, missed, late, due. A card opens its bed.")  # fmt: skip
_INFUSION = say("One bed. The large button is the next thing to do. The red one notes a reaction in every phase and stops no clock."
                " The timeline corrects an entry, with a reason.")  # fmt: skip
_LOCKED = say("Alarms, clocks and reminders go on. Choose your name and type the password. Where nobody is let in, emergency"
              " access records what happens at the bed.")  # fmt: skip

PAGE_RULES: dict[str, tuple[Text, Rules]] = {
    PageKey.WARD: (_WARD, _ward),
    PageKey.HANDOVER: (
        say("What each bed needs next, for the change of shift. The next nurse confirms it, and it stands in each record."),
        told.the_checks,
    ),
    PageKey.DISPENSE: (
        say("From weight to dose, bags and giving set. What does not match stops everything until it is set aside."),
        told.at_the_bench,
    ),
    PageKey.TRIAL: (
        say("Who is enrolled, whom the rule waits for, and which visits are due. What is signed here is the investigator's."),
        told.the_trial,
    ),
    PageKey.RECORDS: (
        say("Every infusion with its record as PDF and data, and sheets to print. Making one changes nothing."), _nothing,
    ),
    PageKey.TRAIL: (
        say("Everything that was recorded, by whom and when. A review is signed for what was looked at, and no more."), _nothing,
    ),
    PageKey.DEVICES: (
        say("Which monitor is at which bed, and when it was heard last. Nothing is sent to a patient from here."), _old_values,
    ),
    PageKey.SETTINGS: (
        say("Look and sound, people, backups, and the rules in force. What is changed counts for new orders."), _site,
    ),
    "sign_in": (_LOCKED, _people),
}  # fmt: skip


def page_rules(page: str, state: Infusion | None, protocol: Protocol) -> tuple[Text, tuple[Text, ...]]:
    """What the page is for, and its rules: of the infusion that is shown by its own protocol, as far as it has come."""
    if page == PageKey.INFUSION:
        return _INFUSION, tuple(_of_phase(state.phase if state else Phase.RUNNING, protocol))
    about, rules = PAGE_RULES.get(page, (_LOCKED, _people))
    return about, tuple(rules(protocol))


def _of_phase(phase: Phase, p: Protocol) -> Iterator[Text]:
    if phase in BEFORE_START:
        yield from told.before_the_start(p)
    elif phase not in (*AFTER_END, *CLOSED):
        yield from told.the_drip(p)
    else:
        yield from told.afterwards(p)
    yield from told.the_checks(p)
    yield from told.the_limits(p)
    yield from told.a_reaction(p)
