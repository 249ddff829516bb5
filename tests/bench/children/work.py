"""What a program is busy with beside its watch."""

from typing import Any


def keep_busy(running: Any, infusion_id: str) -> None:
    """A new record as soon as the last one is begun, a new backup as soon as the last one is made.

    No record is opened in a viewer once it is made, over and over as nobody would.
    """
    if running.record.executor._work_queue.empty():
        running.desk.records._making.make(infusion_id, "en", lambda _made: None)
    if running.backups.state().share is None:
        running.backups.back_up(None)
