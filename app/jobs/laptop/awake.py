"""Keeps the system awake, and its screen on, through wakepy."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wakepy import Mode


class Awake(Protocol):
    """Both calls come from one thread."""

    def hold(self) -> bool:
        """Whether it stays awake from now on; False where the system cannot be asked."""

    def let_go(self) -> None: ...


class SystemAwake:
    """The screen stays on where that can be had, for it shows the alarms; else the system alone stays awake."""

    def __init__(self) -> None:
        self._mode: Mode | None = None

    def hold(self) -> bool:
        from wakepy import keep

        self.let_go()
        for kind in (keep.presenting, keep.running):
            mode = kind(on_fail="pass")
            mode.__enter__()
            if mode.active:
                self._mode = mode
                return True
            mode.__exit__(None, None, None)
        return False

    def let_go(self) -> None:
        if self._mode is not None:
            self._mode.__exit__(None, None, None)
            self._mode = None
