"""Stores with many infusions, made in one write: ordered, a bag taken, and given up."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.summary import summary
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people.accounts import BackedUp
from db.log.batch import Batch, Projection
from tests.domain.play import Play, label

from .making import recorder


def infusion_of(n: int) -> str:
    return f"inf-{n:05}"


def bag_of(n: int) -> str:
    return f"UC-{n:05}"


def many(path: Path, infusions: int) -> None:
    """`inf-00000` is the oldest; its subject is S-00000 and its bag UC-00000."""
    play = Play()
    first, rows = play.entries[0], summary(play.state, play.now).infusion
    assert isinstance(first.event, e.Ordered)
    entries, projections = [], []
    for n in range(infusions):
        order = replace(first.event, subject=f"S-{n:05}")
        events = (order, e.BagScanned(label(bag_of(n))), e.NoteAdded("one"), e.Abandoned("fever"))
        own = [
            Entry(f"{n}-{k}", infusion_of(n), first.at + timedelta(minutes=10 * n + k), "n1", event)
            for k, event in enumerate(events)
        ]
        entries += own
        projections.append(Projection(infusion_of(n), replace(rows, infusion_id=infusion_of(n), subject=order.subject)))
    backup = Entry("backup", stream_text(PEOPLE), first.at, None, BackedUp("E:/", 1, "ab" * 32))
    writing = recorder(path)
    writing.append(Batch((backup, *entries), tuple(projections))).result()
    writing.close()
