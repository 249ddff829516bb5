"""Runs a rehearsal: simulated monitor → line → reader → bedside → store → record, with the script in the nurse's place.

Time waits for all of them: it moves on by a step once the bytes of the step before are read and its events are saved. So
the same plan gives the same record on every machine, however busy.
"""

import queue
import shutil
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.checks import infusion_checks
from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.stages import current_stage, stages
from app.domain.infusion.state import Infusion
from app.domain.infusion.summary import infusion_minutes
from app.domain.texts import say
from app.domain.watch.alarm_log import alarm_list
from app.jobs.record_folder import source, write_record
from app.practice.nurse import Nurse, Order
from app.practice.record_lost import lost
from app.practice.rehearsed_monitor import RehearsedMonitor
from app.practice.rehearsed_numbers import counts, from_monitor, gaps, iso, observation, rates, tenth
from app.practice.rest import Rest
from app.program.open_record import OpenRecord, open_record
from app.services.access.keyfile import STRONG, KeyFile, Stretching, beside, new_key, save
from app.services.access.practice_people import PRACTICE
from app.services.access.recovery_key import new_secret, written
from app.services.clock import SteppedClock, wall_utc
from app.services.protocol_files import Trial
from app.services.record.data.alarm_data import alarm_data
from app.services.words.catalogue import system_language
from app.services.words.words import Words
from app.settings import store_path
from devices.recording import is_recording
from devices.simulators.played_in_turn import PlayedInTurn

_STORE, _RECOVERY = "bedside.db", "recovery-key.txt"
_LONGEST = timedelta(hours=12)

Tell = Callable[[str], None]
Look = Callable[[OpenRecord, Infusion], None]
"""Called often with what is there now, for whoever watches a rehearsal."""


def nobody(_record: OpenRecord, _state: Infusion) -> None:
    """A rehearsal that nobody watches."""


class Plan(msgspec.Struct, frozen=True):
    """What to rehearse. `faults`: names with the minute of the infusion at which each is injected.

    `speed`: how many times faster than the wall at most. `stretching`: what a password of an encrypted store costs.
    `keep`: go on in the store that stands there.
    """

    weight_kg: Decimal
    drop_factor: int
    group: str
    speed: float
    out: Path
    monitor: str
    faults: tuple[tuple[str, float], ...]
    seed: int
    encrypted: bool = False
    patient_name: str = ""
    stretching: Stretching = STRONG
    keep: bool = False


def rehearse(plan: Plan, trial: Trial, tell: Tell, look: Look = nobody) -> dict[str, Any]:
    """Run to the signed record and tell what happened. Raises `Refused` where the script was stopped."""
    _refuse(plan)
    plan.out.mkdir(parents=True, exist_ok=True)
    if not plan.keep:
        _clear(plan.out)
    monitor = RehearsedMonitor(plan.monitor, plan.seed, tell)
    try:
        return _with_monitor(plan, trial, monitor, tell, look)
    finally:
        monitor.close()


def _refuse(plan: Plan) -> None:
    """What would lose a ward's own record, or write a name where anybody reads it."""
    if plan.patient_name and not plan.encrypted:
        raise Refused(say("A patient's name is kept in an encrypted record only. Nothing was saved."))
    if plan.keep and plan.encrypted:
        raise Refused(say("An encrypted rehearsal begins with a store of its own."))
    if plan.out.resolve() == store_path().parent.resolve():
        raise Refused(say("{folder} holds the ward's own record. Rehearse in another folder.", folder=str(plan.out)))


def _clear(folder: Path) -> None:
    """A rehearsal's store is thrown away by the next one in the same folder, and so are its raw bytes."""
    for suffix in ("", "-wal", "-shm", ".head", ".ballast", ".keys", ".status.json"):
        (folder / f"{_STORE}{suffix}").unlink(missing_ok=True)
    (folder / _RECOVERY).unlink(missing_ok=True)
    for recording in filter(is_recording, (folder / "raw").glob("*")):
        recording.unlink()
    shutil.rmtree(folder / "pages", ignore_errors=True)


def _with_monitor(plan: Plan, trial: Trial, monitor: RehearsedMonitor, tell: Tell, look: Look) -> dict[str, Any]:
    calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    clock = SteppedClock(plan.speed)
    key = new_key() if plan.encrypted else None
    start = wall_utc().replace(second=0, microsecond=0)
    record = open_record(plan.out / _STORE, trial, clock, calls.put, practice=True, start=start, key=key, moment=clock.moment)
    record.people.practise(record.store.info().store_id)
    played = monitor.read_into(record.ports)
    try:
        order = Order(plan.weight_kg, plan.drop_factor, plan.group, f"{plan.group or 'S'}-001", "01")
        if key is not None:
            _keep_key(plan, record, key)
        if plan.patient_name:
            record.settings.put_patient_name(order.subject, plan.patient_name).result()
        nurse = Nurse(record.bedside, order, plan.seed)
        _run(_Loop(record, clock, calls, nurse, played, list(plan.faults), tell, look), nurse)
        return _told(plan, record, nurse.state)
    finally:
        played.stop_reading()
        record.close()


def _keep_key(plan: Plan, record: OpenRecord, key: bytes) -> None:
    """Wrapped for everybody of the rehearsal, whose PINs stand for passwords, and for a recovery key left in the folder."""
    keys, secret = KeyFile(record.store.info().store_id), new_secret()
    for person, pin in PRACTICE:
        keys = keys.with_password(person.person_id, pin, key, plan.stretching)
    save(beside(record.file.path), keys.with_recovery(secret, key))
    (plan.out / _RECOVERY).touch(mode=0o600)
    (plan.out / _RECOVERY).write_text(written(secret) + "\n", encoding="utf-8")


class _Loop:
    """One turn after another: clock, monitor and reader, watch, script; each ends when what it wrote is saved."""

    def __init__(
        self,
        record: OpenRecord,
        clock: SteppedClock,
        calls: "queue.SimpleQueue[Callable[[], None]]",
        nurse: Nurse,
        played: PlayedInTurn,
        faults: list[tuple[str, float]],
        tell: Tell,
        look: Look,
    ) -> None:
        self.record, self.clock, self.calls, self.nurse = record, clock, calls, nurse
        self.played, self.faults, self.tell, self.look = played, faults, tell, look
        self._stage = ""
        self._reported: Infusion | None = None
        self._connected = False
        self._rest = Rest(record.bedside)

    def turn(self) -> None:
        self.played.turn(self.clock.tick())
        if self._rest.is_over():
            self.record.tick()
            self._rest.begin()
        if not self._connected and self.record.bedside.knows(self.nurse.infusion_id):
            self.record.bedside.connect(self.nurse.infusion_id, self.played.url)
            self._connected = True
        if self._connected:
            self.nurse.step()
        self._settle()
        if self._connected:
            state = self.nurse.state
            self._inject(state)
            if state is not self._reported:
                self._report(state)
            self.look(self.record, state)

    def _settle(self) -> None:
        """Take the calls from other threads until everything that was written is saved."""
        while self._is_under_way() or not self.calls.empty():
            self.calls.get()()

    def _is_under_way(self) -> bool:
        bedside, infusion_id = self.record.bedside, self.nurse.infusion_id
        return bedside.line(infusion_id).is_under_way if bedside.knows(infusion_id) else self.nurse.is_busy

    def _inject(self, state: Infusion) -> None:
        now = self.record.bedside.now()
        for fault in list(self.faults):
            name, minute = fault
            if state.started_at and now >= state.started_at + timedelta(minutes=minute):
                self.played.fault(name, self.clock.now_s())
                self.faults.remove(fault)
                self.tell(f"{(now - state.ordered_at).total_seconds() / 60:6.1f} min  fault: {name}")

    def _report(self, state: Infusion) -> None:
        self._reported = state
        stage = current_stage(state)
        if stage is not None and stage.key != self._stage:
            self._stage = stage.key
            now = self.record.bedside.now()
            self.tell(f"{(now - state.ordered_at).total_seconds() / 60:6.1f} min  {Words(system_language()).tr(stage.label)}")


def _run(loop: _Loop, nurse: Nurse) -> None:
    """Up to the signed record, and one turn more in which the alarms end with it."""
    began = loop.record.bedside.now()
    while not (loop.record.bedside.knows(nurse.infusion_id) and nurse.finished):
        loop.turn()
        if loop.record.rescue.health.gone is not None:
            raise lost(loop.record, loop.nurse.infusion_id, loop.calls)
        if nurse.stopped_by is not None:
            raise Refused(nurse.stopped_by.refused or nurse.stopped_by.failed or say("Writing failed."))
        if loop.record.bedside.now() - began > _LONGEST:
            raise Refused(say("The rehearsal did not come to its end."))
    loop.turn()


# --- what it tells at the end


def _told(plan: Plan, record: OpenRecord, state: Infusion) -> dict[str, Any]:
    record.recorder.flush().result()
    now = record.bedside.now()
    people = {person.person_id: person for person, _pin in PRACTICE}
    made_from = source(record.file.path, state.infusion_id, people, now, record.file.key)
    files = write_record(made_from, system_language(), plan.out)
    given = delivered(state, now)
    left = {"database": plan.out / _STORE} | ({"recovery_key": plan.out / _RECOVERY} if plan.encrypted else {})
    return {
        "stages": {s.key: {"started": iso(s.started_at), "ended": iso(s.ended_at)} for s in stages(state)},
        "checks": counts(infusion_checks(state, now), now),
        "rates": rates(state),
        "delivered_ml": [tenth(given.least_ml), tenth(given.most_ml)],
        "infusion_minutes": tenth(infusion_minutes(state)),
        "from_monitor": sum(from_monitor(state)),
        "samples": len(record.store.samples(state.infusion_id)),
        "events": len(record.store.entries(state.infusion_id)),
        "gaps": gaps(state),
        "observation": observation(state, now),
        "alarms": [alarm_data(line) for line in alarm_list(state.entries)],
        "chain_head": record.store.head().hash,
        "files": {name: str(path) for name, path in (files | left).items()},
    }
