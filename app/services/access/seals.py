"""Who sent it: a laptop's own signing key (Ed25519, RFC 8032), its card for the others, and what is sealed or signed with it."""

import hashlib
import zlib
from base64 import b32encode
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.errors import Refused
from app.domain.people.signed_heads import Heads, SignedHead
from app.domain.products.parcel import Laptop, Parcel, Receipt, decoded, encoded
from app.domain.texts import Text, say
from app.domain.trial.subject import enrolment_parcel as enrolments

_SIGNATURE_BYTES = 64
_MOST_BYTES = 1_000_000
_RELEASE, _ENROLMENT, _RECEIPT = b"bedside release 1\x00", b"bedside enrolment 1\x00", b"bedside receipt 1\x00"


class LaptopCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What another laptop needs to know of this one."""

    store_id: str
    name: str
    public_key: bytes
    practice: bool

    @property
    def laptop(self) -> Laptop:
        return Laptop(self.store_id, self.name)


class Own:
    """This laptop's own card and the key behind it (32 random bytes, kept in the store)."""

    def __init__(self, laptop: Laptop, key: bytes, practice: bool) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)
        self.card = LaptopCard(laptop.store_id, laptop.name, self._key.public_key().public_bytes_raw(), practice)

    def sealed(self, parcel: Parcel) -> bytes:
        """Signature and compressed parcel."""
        return self._sealed(_RELEASE, encoded(parcel))

    def sealed_enrolment(self, parcel: enrolments.EnrolmentParcel) -> bytes:
        """The same of an enrolment."""
        return self._sealed(_ENROLMENT, enrolments.encoded(parcel))

    def sealed_receipt(self, receipt: Receipt) -> bytes:
        return self._sealed(_RECEIPT, msgspec.json.encode(receipt, order="sorted"))

    def _sealed(self, context: bytes, data: bytes) -> bytes:
        return self._key.sign(context + data) + zlib.compress(data, 9)

    def signed_head(self, founder: str, events: int, sha256: str, at: datetime) -> SignedHead:
        """What this laptop says of its record."""
        card = self.card
        head = SignedHead(card.store_id, founder, events, sha256, at, card.name, card.public_key)
        return msgspec.structs.replace(head, signature=self._key.sign(head.message()))

    def signature(self, message: bytes) -> bytes:
        """Of what begins with a context of its own."""
        return self._key.sign(message)


def fingerprint(store_id: str, public_key: bytes) -> str:
    """80 bits of a laptop's identity, to be compared by two people: `ABCD-EFGH-IJKL-MNOP`."""
    letters = b32encode(hashlib.sha256(store_id.encode() + b"\x00" + public_key).digest()[:10]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def written(card: LaptopCard) -> bytes:
    return zlib.compress(msgspec.json.encode(card), 9)


def read(data: bytes) -> LaptopCard:
    """Raises `Refused` for what is no card."""
    try:
        card = msgspec.json.decode(_plain(data), type=LaptopCard)
        Ed25519PublicKey.from_public_bytes(card.public_key)
    except (msgspec.MsgspecError, ValueError):
        raise Refused(say("This is no laptop's code.")) from None
    return card


_Parcel = TypeVar("_Parcel", Parcel, Receipt, enrolments.EnrolmentParcel)


class Sealed(msgspec.Struct, Generic[_Parcel], frozen=True):
    """A parcel that is not believed yet. `data`: what was signed; `unsigned`: what is said of it where that is not so.

    `heads`: that come with it, each signed by its own laptop.
    """

    parcel: _Parcel
    signature: bytes
    data: bytes
    unsigned: Text
    heads: Heads | None = None

    def believe(self, public_key: bytes) -> _Parcel:
        """Raises `Refused` where it was not signed with this key, or was changed since."""
        is_theirs = fits(public_key, self.signature, self.data)
        if not is_theirs or not _believed(self.heads, self.parcel.sender, public_key):
            raise Refused(self.unsigned)
        return self.parcel


def unsealed(data: bytes) -> Sealed[Parcel]:
    """Raises `Refused` for what is no release."""
    plain = _plain(data[_SIGNATURE_BYTES:])
    try:
        parcel = decoded(plain)
    except msgspec.MsgspecError:
        raise Refused(say("This is no release.")) from None
    unsigned = say("The release does not bear the signature of {name}. Nothing was taken in.", name=parcel.sender.name)
    return Sealed(parcel, data[:_SIGNATURE_BYTES], _RELEASE + plain, unsigned, parcel.heads)


def unsealed_enrolment(data: bytes) -> Sealed[enrolments.EnrolmentParcel]:
    """Raises `Refused` for what is no enrolment."""
    plain = _plain(data[_SIGNATURE_BYTES:])
    try:
        parcel = enrolments.decoded(plain)
    except msgspec.MsgspecError:
        raise Refused(say("This is no enrolment.")) from None
    unsigned = say("The enrolment does not bear the signature of {name}. Nothing was taken in.", name=parcel.sender.name)
    return Sealed(parcel, data[:_SIGNATURE_BYTES], _ENROLMENT + plain, unsigned, parcel.heads)


def unsealed_receipt(data: bytes) -> Sealed[Receipt]:
    """Raises `Refused` for what is no receipt."""
    plain = _plain(data[_SIGNATURE_BYTES:])
    try:
        receipt = msgspec.json.decode(plain, type=Receipt)
    except msgspec.MsgspecError:
        raise Refused(say("This is no receipt.")) from None
    unsigned = say("The receipt does not bear the signature of {name}. Nothing was taken in.", name=receipt.sender.name)
    return Sealed(receipt, data[:_SIGNATURE_BYTES], _RECEIPT + plain, unsigned, receipt.heads)


def is_signed(head: SignedHead) -> bool:
    """Whether it bears the signature of the laptop's key that it names."""
    return fits(head.public_key, head.signature, head.message())


def _believed(heads: Heads | None, sender: Laptop, key: bytes) -> bool:
    """Whether each bears its laptop's signature, and the sender's own comes from the laptop that sent it."""
    if heads is None:
        return True
    is_own = (heads.own.store_id, heads.own.public_key) == (sender.store_id, key)
    return is_own and is_signed(heads.own) and (heads.seen is None or is_signed(heads.seen))


def fits(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a message bears the signature of that key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _plain(data: bytes) -> bytes:
    """What was compressed, if it is not suspiciously much; else nothing."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(data, _MOST_BYTES)
    except zlib.error:
        return b""
    return plain if unpacking.eof else b""
