"""The keys of those who have proved who they are, in memory while somebody is signed in; and which keys the record knows."""

from typing import Literal, TypeAlias

from app.domain.errors import Refused
from app.domain.log import Entry
from app.domain.people.own_keys import KeyMade, Keyring, signers
from app.domain.texts import say

from .kept_secrets import NOBODYS, hashed, matches
from .keyfile import STRONG, Stretching
from .own_key import OwnKey, is_wrapped, practice_key, unwrapped

Secret: TypeAlias = Literal["password", "pin"]
Proved: TypeAlias = OwnKey | bool
"""Whose key the password opened; True: an account of before keys, or a PIN; False: wrong."""


class HeldKeys:
    """On the deciding thread, but for `proved`. `cost`: of a new password."""

    def __init__(self, cost: Stretching = STRONG) -> None:
        self.cost, self.ring = cost, Keyring()
        self._held: dict[str, OwnKey] = {}
        self._is_practice = False

    @property
    def are_used(self) -> bool:
        """Whether people of this record have keys; not yet, in one of before."""
        return self.ring.founded is not None

    def has(self, who: str) -> bool:
        """Whether the record knows a key of this person."""
        return self.ring.key(who) is not None

    def held(self, who: str) -> OwnKey | None:
        return self._held.get(who)

    def hold(self, key: OwnKey) -> None:
        self._held[key.who] = key

    def drop(self, who: str) -> None:
        self._held.pop(who, None)

    def forget(self) -> None:
        """Nobody is signed in any more."""
        if not self._is_practice:
            self._held.clear()

    def practise(self, who: str, store_id: str) -> OwnKey:
        self._is_practice = True
        key = self._held[who] = practice_key(who, store_id)
        return key

    def proved(self, kept: str, who: str, secret: str, kind: Secret) -> Proved:
        """Whether it is this person's secret. It takes as long for nobody, and for somebody whose key was replaced."""
        if self._is_practice or not self.has(who):
            return matches(kept, secret)
        if kind == "pin":
            held = self._held.get(who)
            return held is not None and held.fits_pin(kept, secret)
        if not is_wrapped(kept):
            return matches(NOBODYS, secret) and False
        key = unwrapped(kept, who, secret)
        return key if key is not None and key.public_key == self.ring.key(who) else False

    def kept_pin(self, who: str, pin: str) -> str:
        """Raises `Refused` where the person's key is not at hand."""
        if self._is_practice or not self.has(who):
            return hashed(pin)
        held = self._held.get(who)
        if held is None:
            raise Refused(say("Give your password first: the PIN is kept under your own key."))
        return held.sealed_pin(pin, self.cost)

    def sign_with(self, entry: Entry) -> tuple[OwnKey, ...]:
        """The keys at hand of those who sign an event."""
        event = entry.event
        if isinstance(event, KeyMade) and event.how in ("founded", "taken up"):
            own = self._held.get(event.person_id)
            return (own,) if own is not None and own.public_key == event.public_key else ()
        return tuple(key for who in dict.fromkeys(signers(entry)) if (key := self._held.get(who)) is not None)
