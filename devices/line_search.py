"""How a monitor's line is set: as it was told, and where nothing can be read so, as its model may be set otherwise, in turn."""

from collections import deque
from collections.abc import Iterable

from app.domain.texts import Text, say

from .link import PortSettings
from .protocols import Decoder, Dialogue
from .settings_words import line_words

GARBAGE_S = 20.0
"""So long nothing but broken frames, and another setting is listened at."""
EACH_S = 8.0
_HALF_HEARD_S = 3 * EACH_S
"""Where a first record was whole, more of them are waited for."""
ENOUGH = 3
"""Fewer whole frames may be chance. So many are believed where they also outnumber the refused ones."""


class LineSearch:
    """`settings` is how to open the port now. Seconds are any steady count.

    Garbage at the setting that was told begins a search; a silence does so on the first use alone, because a monitor that
    is switched off is silent too. The told setting has a turn before each other one, and keeps it once it is merely silent.
    """

    def __init__(self, told: PortSettings, others: Iterable[PortSettings], is_first_use: bool) -> None:
        self.told = self.settings = self._lives_at = told
        self._others = deque(dict.fromkeys(one for one in others if one != told))
        self._is_first_use = is_first_use
        self.is_searching = False
        self.begin(0.0)

    @property
    def is_trial(self) -> bool:
        """Whether this setting is neither the one that was told nor one at which the monitor was heard."""
        return self.settings != self._lives_at

    @property
    def is_found(self) -> bool:
        return self._lives_at != self.told

    def begin(self, now_s: float, is_renewed: bool = False) -> None:
        """The port has been opened at `settings`; `is_renewed`: by ourselves, at the same, so that garbage of before goes on."""
        self._began_s = now_s
        self._good = self._broken = 0
        if not is_renewed:
            self._garbage_s: float | None = None
            self._is_garbage_old = False

    def is_over(self, now_s: float, decoder: Decoder, is_live: bool) -> bool:
        """Take what the decoder has counted since `begin`; True where the port is to be opened anew, at what is `settings` then."""
        self._count(now_s, decoder)
        if is_live or (decoder.good >= ENOUGH and decoder.good > decoder.bad):
            self._lives()
            return False
        if not self._others or not self._is_patience_over(now_s):
            return False
        if self.is_searching and not self.is_trial and self._is_merely_silent():
            self.is_searching = False
            return False
        self._turn()
        return True

    def words(self) -> Text | None:
        """What is being tried; None while nothing is looked for."""
        if not self.is_searching:
            return None
        line = line_words(self.settings)
        if not self.is_trial:
            return say("Nothing that can be read comes yet. It is listened at {line} again.", line=line)
        return say("Nothing that can be read comes at {told}. Now it is tried at {line}.", told=line_words(self.told), line=line)

    def takes_nothing(self) -> None:
        """The port took no byte, as with RTS/CTS on a cable of three wires."""
        if self._others and (self.is_searching or self._is_first_use):
            self._turn()

    def _count(self, now_s: float, decoder: Decoder) -> None:
        broken = decoder.bad + decoder.noise_bytes
        if decoder.good > self._good:
            self._garbage_s, self._is_garbage_old = None, False
        elif broken > self._broken:
            self._garbage_s = now_s if self._garbage_s is None else self._garbage_s
            self._is_garbage_old = now_s - self._garbage_s >= GARBAGE_S
        self._good, self._broken = decoder.good, broken

    def _lives(self) -> None:
        if self.settings != self._lives_at:
            self._others = deque(one for one in (self._lives_at, *self._others) if one != self.settings)
            self._lives_at = self.settings
        self.is_searching = self._is_first_use = False

    def _is_patience_over(self, now_s: float) -> bool:
        waited_s = now_s - self._began_s
        if self.is_searching:
            return waited_s >= (_HALF_HEARD_S if self._good else EACH_S)
        return self._is_garbage_old or (self._is_first_use and not self._good and waited_s >= EACH_S)

    def _is_merely_silent(self) -> bool:
        return self._garbage_s is None and not self._is_first_use

    def _turn(self) -> None:
        self.is_searching = True
        if self.is_trial:
            self.settings = self._lives_at
        else:
            self.settings = self._others[0]
            self._others.rotate(-1)


class CautiousDialogue:
    """At a setting on trial nothing is said before something right was heard, but for the request of a monitor that waits for one.

    No goodbye either: whoever is there may be somebody else.
    """

    def __init__(self, dialogue: Dialogue, decoder: Decoder, may_ask: bool) -> None:
        self._dialogue, self._decoder, self._may_ask = dialogue, decoder, may_ask

    def on_open(self, now_s: float, /) -> bytes:
        return self._allowed(self._dialogue.on_open(now_s))

    def tick(self, now_s: float, /) -> bytes:
        return self._allowed(self._dialogue.tick(now_s))

    def due_s(self, now_s: float, /) -> float:
        return self._dialogue.due_s(now_s)

    def on_close(self) -> bytes:
        said = self._dialogue.on_close()
        return said if self._decoder.good else b""

    def _allowed(self, said: bytes) -> bytes:
        return said if self._may_ask or self._decoder.good else b""
