"""A made-up trial in a store: in the practice window's own, or in one that is left in a folder."""

from datetime import datetime
from pathlib import Path

from app.domain.errors import Refused
from app.domain.infusion.story import replay
from app.domain.texts import Text, say
from app.jobs.record_clock import stamp
from app.services.clock import wall_utc
from app.services.protocol_files import load, load_rules
from app.services.words.desk_words import DECISIONS
from db.log.batch import Batch, projection
from db.recorder import Recorder

from .made_up_trial import MadeUpTrial

SUBJECTS = 24
_STORE = "trial.db"


def seed_trial(recorder: Recorder, seed: int, now: datetime) -> Text:
    """Save a made-up trial that has led up to this moment; its infusions stand among the records. How far it came."""
    trial = load()
    made = MadeUpTrial(SUBJECTS, now, seed, trial, load_rules(trial.protocol), now.astimezone().tzinfo or now.tzinfo)
    rows = [projection(replay(entries[0].stream, entries, trial.protocol)) for entries in made.infusions]
    recorder.append(Batch(tuple(made.entries), tuple(rows))).result()
    return say("{n} of {all} subjects screened were enrolled. The rule says: {decision}. {reason}", n=len(made.enrolled),
               all=made.screened, decision=DECISIONS[made.board.decision], reason=made.board.reason)  # fmt: skip


def made_up_store(seed: int, folder: Path) -> tuple[Path, Text]:
    """A new store in a folder, and how far its trial came. Raises `Refused`, `StoreError`."""
    store = folder / _STORE
    if store.exists():
        raise Refused(say("{file} is there already. Choose a new name; nothing was touched.", file=str(store)))
    folder.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(store, stamp, practice=True)
    try:
        said = seed_trial(recorder, seed, wall_utc())
    finally:
        recorder.close()
    return store, said
