"""Accounts, passwords and PINs of one open store. Hashes are Argon2id; checking one takes long on purpose."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.arrival import two_people
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people import accounts as a
from app.domain.people.laptops import Laptops, PersonMet
from app.domain.people.new_secrets import new_pin
from app.domain.people.own_keys import How, KeyMade
from app.domain.people.proofs import Doubts, kept_sha256
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.texts import say
from app.domain.typed_texts import sentence, visible
from app.services.ward.ports import Post

from .held_keys import HeldKeys, Proved, Secret
from .keeping import LOCKED, Checked, Keeping, wrong
from .kept_secrets import NOBODYS, Hashes, hashed
from .keyfile import STRONG, Stretching
from .own_key import OwnKey, new_own_key
from .practice_people import PRACTICE, cheap_hashes
from .strength import strong_password


class People:
    """On the deciding thread; checking runs on `executor`, its answer comes back through `post`."""

    def __init__(
        self,
        entries: Iterable[Entry],
        hashes: Mapping[str, Hashes],
        keeping: Keeping,
        executor: Executor,
        post: Post,
        now: Callable[[], datetime],
        cost: Stretching = STRONG,
    ) -> None:
        self.keys = HeldKeys(cost)
        self.accounts, self._guests = a.Accounts(), dict[str, Person]()
        self._met: dict[str, Person] = {}
        self._unexplained: dict[str, str] = {}
        self.laptops, self.doubts = Laptops(), Doubts()
        self._hashes, self._keeping = dict(hashes), keeping
        self._executor, self._post, self._now = executor, post, now
        for entry in entries:
            self._take(entry)

    # --- who there is

    @property
    def all(self) -> list[Person]:
        """Who may sign in, by role and number."""
        order = list(Role)
        found = (account.person for account in self.accounts.all if not account.disabled)
        return sorted(found, key=lambda p: (order.index(p.role), p.person_id))

    def of(self, *roles: Role) -> list[Person]:
        return [p for p in self.all if p.role in roles]

    def locked_out(self, *roles: Role) -> list[Person]:
        """Whose password counts no more: they sign nothing until an administrator lets them in again."""
        return [p for p in self.of(*roles) if (account := self.accounts.get(p.person_id)) and account.locked]

    def name(self, person_id: str | None) -> str:
        person = self.by_id.get(person_id or "")
        return person.name if person else (person_id or "")

    @property
    def by_id(self) -> dict[str, Person]:
        """Everybody ever: the disabled ones too, guests, and people of other laptops."""
        return self._met | {account.person.person_id: account.person for account in self.accounts.all} | self._guests

    def account(self, person_id: str) -> a.Account | None:
        return self.accounts.get(person_id)

    # --- signing in

    def check(self, person_id: str, secret: str, done: Callable[[Checked], None], kind: Secret = "password") -> None:
        """Whether this is the person's password (or PIN); `done` gets the answer. What fails is recorded.

        It takes as long for an account that does not exist, or is locked.
        """
        account = self.accounts.get(person_id)
        kept = self._hashes.get(person_id, Hashes())
        known = kept.password if kind == "password" else kept.pin
        future = self._executor.submit(self.keys.proved, known or NOBODYS, person_id, secret, kind)

        def answer() -> None:
            done(self._judged(account, kind, future.result(), secret))

        future.add_done_callback(lambda _future: self._post(answer))

    def take_key(self, person_id: str, password: str) -> bool:
        """For whoever has just opened the record with this password. False: it is not the one that the record knows."""
        proved = self.keys.proved(self._hashes.get(person_id, Hashes()).password or NOBODYS, person_id, password, "password")
        if proved is not False:
            self._believe(person_id, proved, password)
        return proved is not False

    def _judged(self, account: a.Account | None, kind: Secret, proved: Proved, secret: str) -> Checked:
        if account is None or account.disabled:
            return Checked()
        account = self.accounts.get(account.person.person_id) or account
        if account.locked:
            return Checked(refused=LOCKED)
        if proved is not False and (kind == "password" or account.pin_counts):
            if kind == "password":
                self._believe(account.person.person_id, proved, secret)
            return Checked(account.person)
        self._happened(a.SignInFailed(account.person.person_id, kind), None)
        after = self.accounts.get(account.person.person_id) or account
        return Checked(refused=LOCKED if after.locked else wrong(kind, after.tries_left(kind)))

    def _believe(self, person_id: str, proved: Proved, password: str) -> None:
        """Who has proved who they are can sign now. An account of before people had keys gets one at this sign-in; the first of
        them is an administrator's.
        """
        account = self.accounts.get(person_id)
        if isinstance(proved, OwnKey):
            self.keys.hold(proved)
        elif account is not None and self._may_take_up(account):
            self._new_key(person_id, password, "taken up" if self.keys.are_used else "founded", account.person)

    def _may_take_up(self, account: a.Account) -> bool:
        is_first = account.person.role is Role.ADMINISTRATOR and not account.first_password and not self.keys.are_used
        return is_first or (self.keys.are_used and not self.keys.has(account.person.person_id))

    def _new_key(self, person_id: str, password: str, how: How, by: Person | None) -> str:
        """A new key in place of an older one, signed by whoever makes it; gives back what is kept of it. The PIN goes with the
        older one.
        """
        key = new_own_key(person_id)
        kept = key.wrapped(password, self.keys.cost)
        self._put(person_id, password=kept, pin="")
        if how in ("founded", "taken up"):
            self.keys.hold(key)
        self._happened(KeyMade(person_id, key.public_key, how, kept_sha256(kept)), by)
        if how == "given":
            self.keys.drop(person_id)
        else:
            self.keys.hold(key)
        return kept

    def tried(self, wrong: Mapping[str, int]) -> None:
        """Wrong passwords, by person, that were typed before the store was open."""
        for person_id, times in wrong.items():
            if person_id in self.by_id:
                self._happened(a.SignInFailed(person_id, "password", times), None)

    def signed_in(self, person: Person) -> None:
        self._happened(a.SignedIn(person.person_id), person)

    def signed_out(self, person: Person, cause: Literal["person", "idle", "closed"]) -> None:
        if person.role is not Role.EMERGENCY:
            self._happened(a.SignedOut(person.person_id, cause), person)
        self.keys.forget()

    def kind_of(self, person_id: str | None, signed_in: Person | None) -> Secret:
        """The PIN inside one's own open sign-in, else the password."""
        account = self.accounts.get(person_id or "")
        own = signed_in is not None and account is not None and signed_in.person_id == person_id
        return "pin" if own and account is not None and account.pin_counts else "password"

    def in_emergency(self, name: str) -> Person:
        """Somebody who cannot sign in but must write down what happens at the bed. Raises `Refused`."""
        if not visible(name).strip():
            raise Refused(say("Type your name."))
        seen = visible(name).strip()
        return _guest(self._happened(a.EmergencyOpened(seen), None).event_id, seen)

    def unexplained(self) -> tuple[str, str] | None:
        """The event and the name of the oldest emergency access that nobody has said the reason of."""
        return next(iter(self._unexplained.items()), None)

    def justify(self, opened: str, reason: str, by: Person) -> None:
        """Raises `Refused`."""
        if by.role not in CLINICAL or not reason.strip():
            raise Refused(say("Give a reason."))
        self._happened(a.EmergencyJustified(opened, sentence(reason.strip())), by)

    # --- keeping accounts

    def add(self, person_id: str, name: str, role: Role, password: str, again: str, by: Person | None) -> Person:
        """A new account with a first password, which the person changes at the first sign-in. Raises `Refused`."""
        added = self.accounts.add(person_id, name, role, by)
        strong_password(password, again, added.person_id, added.name)
        met = self._met.get(added.person_id)
        if met is not None and met.name != added.name:
            raise two_people(met, added.name)
        self._happened(added, by)
        self._set_password(added.person_id, password, by)
        return Person(added.person_id, added.name, added.role)

    def disable(self, person_id: str, reason: str, by: Person | None) -> None:
        """Raises `Refused`."""
        disabled = self._happened(self.accounts.disable(person_id, reason, by), by)
        self._keeping.put(self.by_id[person_id], self._hashes.get(person_id, Hashes()), disabled.at)
        self._keeping.wrap(person_id, None)

    def unlock(self, person_id: str, by: Person | None) -> None:
        """Raises `Refused`."""
        self._happened(self.accounts.unlock(person_id, by), by)

    def set_password(self, person_id: str, password: str, again: str, by: Person | None) -> None:
        """One's own is another one than the first, which somebody else knows. Raises `Refused`."""
        strong_password(password, again, person_id, self.name(person_id))
        account, own = self.accounts.get(person_id), by is not None and by.person_id == person_id
        known = self._hashes.get(person_id, Hashes()).password or NOBODYS
        if own and account is not None and account.first_password and self.keys.proved(known, person_id, password, "password"):
            raise Refused(say("This is the first password, which somebody else knows. Choose your own."))
        self._set_password(person_id, password, by)

    def _set_password(self, person_id: str, password: str, by: Person | None) -> None:
        event = self.accounts.set_password(person_id, by)
        self._keeping.wrap(person_id, password)
        own = by is not None and by.person_id == person_id
        kept = self._kept_password(person_id, password, "own" if own else "given", by)
        self._happened(replace(event, sha256=kept_sha256(kept)), by)

    def _kept_password(self, person_id: str, password: str, how: How, by: Person | None) -> str:
        """One's own key under another password; a new key where somebody else gave the password, or knew the one before."""
        account, held = self.accounts.get(person_id), self.keys.held(person_id)
        if self.keys.are_used and (how != "own" or held is None or account is None or account.first_password):
            return self._new_key(person_id, password, how, by)
        kept = hashed(password) if held is None else held.wrapped(password, self.keys.cost)
        self._put(person_id, password=kept)
        return kept

    def recover(self, person_id: str, password: str, again: str) -> Person:
        """With the recovery key anybody gets a new password, and is let in again. Raises `Refused`."""
        strong_password(password, again, person_id, self.name(person_id))
        account = self.accounts.get(person_id)
        if account is None or account.disabled:
            raise Refused(say("{person} has no account.", person=person_id))
        self._keeping.wrap(person_id, password)
        kept = self._kept_password(person_id, password, "recovered", None)
        self._happened(a.PasswordSet(person_id, False, kept_sha256(kept)), None)
        self._happened(a.Unlocked(person_id), None)
        return account.person

    def set_pin(self, person: Person, pin: str, again: str) -> None:
        """Raises `Refused`."""
        kept = self.keys.kept_pin(person.person_id, new_pin(pin, again))
        self._put(person.person_id, pin=kept)
        self._happened(a.PinSet(person.person_id, kept_sha256(kept)), person)

    def _put(self, person_id: str, **changed: str) -> None:
        self._hashes[person_id] = replace(self._hashes.get(person_id, Hashes()), **changed)
        self._keeping.put(self.by_id[person_id], self._hashes[person_id], None)

    # --- what else happened to the store

    def happened(self, event: a.Happened, by: Person | None) -> None:
        """Write down what concerns the store as a whole: a backup, an export, a review, a name that was shown."""
        self._happened(event, by)

    def _happened(self, event: a.Happened, by: Person | None) -> Entry:
        entry = Entry(uuid.uuid4().hex, stream_text(PEOPLE), self._now(), by.person_id if by else None, event)
        self._take(entry)
        self._keeping.happened(entry)
        return entry

    def _take(self, entry: Entry) -> None:
        self.accounts.apply(entry.event)
        self.laptops.apply(entry.event)
        self.doubts.apply(entry.event_id, entry.event)
        self.keys.ring.apply(entry.event)
        if isinstance(entry.event, PersonMet):
            met = entry.event
            self._met[met.person_id] = Person(met.person_id, met.name, met.role)
        elif isinstance(entry.event, a.EmergencyOpened):
            guest = _guest(entry.event_id, entry.event.name)
            self._guests[guest.person_id] = guest
            self._unexplained[entry.event_id] = entry.event.name
        elif isinstance(entry.event, a.EmergencyJustified):
            self._unexplained.pop(entry.event.opened, None)

    def practise(self, store_id: str = "") -> None:
        """The people of a practice store, whose secrets stand on the screen and are cheap to check; they have keys at once."""
        for person, secret in PRACTICE:
            self._happened(a.PersonAdded(person.person_id, person.name, person.role), None)
            self._hashes[person.person_id] = cheap_hashes(secret)
            key = self.keys.practise(person.person_id, store_id)
            how: How = "given" if self.keys.are_used else "founded"
            if self.keys.ring.key(key.who) != key.public_key:
                founded = self.keys.ring.founded
                self._happened(KeyMade(key.who, key.public_key, how, ""), self.by_id[founded.person_id] if founded else None)
            self.accounts.apply(a.PinSet(person.person_id))


def _guest(event_id: str, name: str) -> Person:
    return Person(f"E-{event_id[:8]}", name, Role.EMERGENCY)
