"""What of the trail a reviewer looks at: the kinds that can be chosen, and the scope of a review in the reader's words."""

from collections.abc import Iterator, Mapping

from app.domain.infusion import facts as e
from app.domain.people import accounts as a
from app.domain.people.accounts import Scope
from app.domain.texts import Text, joined, listed, say

#: What a reviewer may look at alone, and the events that belong to it.
KINDS: dict[str, tuple[Text, tuple[type, ...]]] = {
    "corrections": (say("Corrections"), (e.Corrected,)),
    "signatures": (say("Signatures"), (e.Released, e.BagReleased, e.Received, e.IdentityVerified, e.BagVerified, e.SignatureGiven,
                                       e.InfusionSigned)),
    "refusals": (say("Refusals and mismatches"), (e.MismatchFound, e.CommandRefused, e.BagRejected, e.LeadTimeOverridden)),
    "reactions": (say("Reactions"), (e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved)),
    "watch": (say("Gaps, clock and monitors"), (e.WatchLost, e.ElapsedConfirmed, e.ClockStepped, e.LinkLost, e.LinkFound)),
    "sign_ins": (say("Signing in"), (a.SignedIn, a.SignedOut, a.SignInFailed, a.Unlocked, a.RecoveryKeyUsed, a.EmergencyOpened,
                                     a.EmergencyJustified)),
    "accounts": (say("Accounts"), (a.PersonAdded, a.PersonDisabled, a.PasswordSet, a.PinSet, a.Unlocked, a.LaptopAdded,
                                   a.LaptopRemoved)),
    "record": (say("Backups, exports, reviews, names"), (a.BackedUp, a.Exported, a.Reviewed, a.NameShown, a.NameKept,
                                                         a.RecordTakenOver)),
}  # fmt: skip


def dose_of(subject: str, dose: int) -> Text:
    """One infusion, as a reviewer calls it."""
    return joined(" · ", (subject, say("dose {n}", n=dose)))


def kinds(key: str) -> tuple[str, ...]:
    """The class names of one of `KINDS`; of none, all."""
    return tuple(kind.__name__ for kind in KINDS[key][1]) if key else ()


def scope_words(scope: Scope | str, names: Mapping[str, str]) -> Text | str:
    """What a review looked at; a record of before has it in the words that its reviewer saw."""
    if isinstance(scope, str):
        return scope
    return listed([say("{name}: {value}", name=name, value=value) for name, value in _set(scope, names)] or [say("everything")])


def _set(scope: Scope, names: Mapping[str, str]) -> Iterator[tuple[Text, Text | str]]:
    """The filters that leave something out."""
    kind = KINDS[scope.kind][0] if scope.kind in KINDS else scope.kind
    chosen: tuple[tuple[Text, Text | str], ...] = (
        (say("Text in the event"), scope.text),
        (say("Person"), names.get(scope.person, scope.person)),
        (say("Kind"), kind),
        (say("Infusion"), _stream(scope)),
        (say("From"), scope.from_day),
        (say("Until"), scope.to_day),
    )
    return (pair for pair in chosen if pair[1])


def _stream(scope: Scope) -> Text | str:
    if scope.subject:
        return dose_of(scope.subject, scope.dose)
    return say("Accounts and the record as a whole") if scope.stream == a.STREAM else scope.stream
