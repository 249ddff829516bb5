"""All infusions of one store: takes commands and readings, keeps watch, tells who listens that something changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.ordering import OrderedBy
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.decide import decide
from app.domain.infusion.given.drip_check import Estimate
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.recordtime import Moment, wall_step_s
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Reading
from app.domain.watch.bed_seen import VALUES_MATTER
from app.services.clock import RecordClock
from app.services.protocol_files import ProtocolFiles, Trial
from db.log.batch import Batch, projection
from db.store_errors import StoreError
from devices.link import LinkStatus

from .at_hand import AtHand, WardLog
from .bed_watch import BedWatch, practised
from .dispensing import NO_PAST, Holder, PastKnown, holder_of, refuse_held
from .elapsed_time import elapsed
from .gates import Latched, with_latched
from .infusion_writes import InfusionWrites
from .known_infusion import known, last_weight_kg
from .news import News
from .orders import OWN, Orders, Prescription
from .ports import Done, Outcome, Post, Store, ignore
from .scales import Scales
from .sealing import Seals
from .ward_alarms import WardAlarms
from .watch import BedNow, Watch

#: Looks come each second; a longer silence of the steady clock means that nobody watched.
ASLEEP_S = 10.0


class Bedside:
    """Runs on the deciding thread alone. `moment` reads the laptop's clocks, `clock` gives record time."""

    def __init__(
        self,
        store: Store,
        clock: RecordClock,
        trial: Trial,
        post: Post,
        moment: Callable[[], Moment],
        practice: bool,
        past: PastKnown = NO_PAST,
        files: ProtocolFiles | None = None,
        log: WardLog | None = None,
    ) -> None:
        self.trial, self.clock, self.practice, self.past = trial, clock, practice, past
        self.files = files or ProtocolFiles()
        self.files.know(trial)
        self.news = News()
        self._store, self._post, self._moment = store, post, moment
        hand = self.at_hand = AtHand(log, self.now, self.adopt)
        self._lines, self._watched, self.line, self.watched = hand.lines, hand.monitors, hand.line, hand.watched
        self.known, self.closed, self.knows, self.phase = hand.known, hand.closed, hand.knows, hand.phase
        self.alarms = WardAlarms(self._lines, self.now)
        self.watch = Watch(self._lines, self._watched, self.alarms.beds)
        self.seals, self.scales = Seals(), Scales()
        self.latched: Latched = self.alarms.high
        self.orders = Orders(self._ordered_by, past, self.at_hand.known)
        self._ports: dict[str, tuple[str, ...]] = {}
        self._links: dict[str, LinkStatus] = {}
        self._before, self._before_at = moment(), clock.now()

    def _changed(self, infusion_id: str) -> None:
        self.bed(infusion_id)
        self.news.changed(infusion_id)

    @property
    def infusions(self) -> list[Infusion]:
        """Those at hand: all that are open, and what was looked at lately. All of this run are in `known`."""
        return [line.state for line in self._lines.values()]

    def infusion(self, infusion_id: str) -> Infusion:
        return self.line(infusion_id).state

    def now(self) -> datetime:
        return self.clock.now()

    def look(self) -> dict[str, BedNow]:
        """Every infusion as it is now, by id; worked out once a look, and again where something happened."""
        return self.watch.look(self.now())

    def bed(self, infusion_id: str) -> BedNow:
        self.line(infusion_id)
        return self.watch.bed(infusion_id, self.now())

    def order(
        self, subject: str, bed: str, group: str, dose: int, by: Person, done: Done = ignore, prescription: Prescription = OWN
    ) -> str:
        """Open a new infusion and give back its id. Raises `Refused` for an order that cannot be."""
        wanted = (subject, bed, group, dose)
        entries = self.orders.entries(wanted, prescription, by, self.now())
        self.bed_is_free(bed)
        self.begin(entries[0].stream, entries, self.orders.told(wanted, prescription, by, done))
        return entries[0].stream

    def _ordered_by(self) -> OrderedBy:
        if (trial := self.trial).missing is not None:
            raise Refused(trial.missing)
        return OrderedBy(trial.protocol, trial.sha256, self.practice, trial.settings)

    def bed_is_free(self, bed: str) -> None:
        """Raises `Refused` where it is not."""
        if any(s.order.bed == bed and s.phase not in CLOSED for s in self.infusions):
            raise Refused(say("Bed {bed} has an infusion open. Finish or give it up first.", bed=bed))

    def begin(self, infusion_id: str, entries: list[Entry], done: Done) -> None:
        """Save the first events of an infusion, then take it up."""
        state = self.read(infusion_id, entries)
        file = self.trial.data if state.order.protocol_sha256 == self.trial.sha256 else b""
        future = self._store.append(Batch(tuple(entries), (projection(state),), (file,) if file else ()))

        def finished() -> None:
            error = future.exception()
            if error is None:
                self.adopt(infusion_id, entries)
                done(Outcome())
                self._changed(infusion_id)
            else:
                done(Outcome(failed=getattr(error, "text", say("Writing failed."))))

        future.add_done_callback(lambda _future: self._post(finished))

    def adopt(self, infusion_id: str, entries: list[Entry]) -> None:
        """Take over an infusion from its saved events. Raises `Refused` where its protocol file is not at hand."""
        state = self.read(infusion_id, entries)
        self.at_hand.take(InfusionWrites(state, self._store, self._post, self.now), BedWatch(infusion_id, state.protocol.vitals))
        self.seals.began(infusion_id, self.now())
        self.alarms.adopt(infusion_id, entries)

    def read(self, infusion_id: str, entries: list[Entry]) -> Infusion:
        """An infusion, not taken up; only as recorded where its protocol file is not at hand."""
        return self.files.infusion(infusion_id, entries)

    def submit(self, infusion_id: str, command: Command, by: Person, done: Done = ignore) -> None:
        """Carry out a command. `done` is called on the deciding thread when it is saved, refused or failed."""

        def told(outcome: Outcome) -> None:
            done(outcome)
            if outcome.refused is not None and command.refusal_is_recorded:
                refusal = e.CommandRefused(type(command).__name__, outcome.refused)
                self._happened(infusion_id, refusal, by.person_id)
            self._changed(infusion_id)

        try:
            line = self.line(infusion_id)
        except StoreError as error:
            done(Outcome(failed=error.text))
            return
        line.submit(lambda state: self._decide(state, command, by), by.person_id, told, command.is_urgent)
        if command.is_urgent:
            self._changed(infusion_id)

    def _decide(self, state: Infusion, command: Command, by: Person) -> list[e.InfusionEvent]:
        if isinstance(command, ScanBag):
            refuse_held(command.bag.bag_id, self.holder_of(command.bag.bag_id, state.infusion_id))
        return decide(state, with_latched(command, self.latched(state.infusion_id)), by, self.now())

    def holder_of(self, bag_id: str, infusion_id: str) -> Holder | None:
        """Another infusion of this store, however long ago, that has this bag or is about to."""
        return holder_of(bag_id, self.known(), self.past.who_took(bag_id), infusion_id)

    def last_weight_kg(self, infusion_id: str) -> Decimal | None:
        """What the subject weighed last time, as far as this store knows."""
        found = last_weight_kg(of := known(self.infusion(infusion_id)), self.known())
        return self.past.weights_kg.get(of.subject) if found is None else found

    def refused(self, infusion_id: str, command: type[Command], why: Text, by: Person) -> None:
        """Record a refusal that came before the command could be made, such as the scan of a wrong bag."""
        self._happened(infusion_id, e.CommandRefused(command.__name__, why), by.person_id)

    def confirm_time(self, infusion_id: str, real_time: datetime, by: Person, done: Done = ignore) -> None:
        """After an unknown gap a person says what time it really is; record time moves on to it."""
        try:
            gap, unknown = elapsed(real_time, self.infusions, by, self.now())
        except Refused as refusal:
            done(Outcome(refused=refusal.text))
            return
        self.clock.move_on(gap)
        for state in unknown:
            command = ConfirmElapsed(int(gap.total_seconds()))
            self.submit(state.infusion_id, command, by, done if state.infusion_id == infusion_id else ignore)

    def _happened(self, infusion_id: str, event: e.InfusionEvent, by: str | None = None) -> None:
        """Save something that no person asked for."""
        self.line(infusion_id).happened(event, by, lambda _outcome: self._changed(infusion_id))

    # --- the monitor

    def connect(self, infusion_id: str, *ports: str, preferred: Mapping[str, str] | None = None) -> None:
        """This bed takes its values from those ports, the first first; `preferred`: another first for a vital sign."""
        self._ports[infusion_id] = ports
        self._watched[infusion_id].arrange(ports, preferred or {})
        for port in filter(self._links.__contains__, ports):
            self._linked(infusion_id, self._links[port])

    def ports_of(self, infusion_id: str) -> tuple[str, ...]:
        return self._ports.get(infusion_id, ())

    def drip_by_weight(self, infusion_id: str) -> Estimate | None:
        """What a scale under this bed's bag says of its drip. Raises `Refused` when the bag was touched."""
        return self.scales.drip_check(self.infusion(infusion_id), self.ports_of(infusion_id))

    def take_readings(self, readings: list[Reading]) -> None:
        """Judged as they arrive. A simulated value never enters a ward's own store; in practice a demo value may."""
        if not readings or (readings[0].simulated and not self.practice):
            return
        readings = practised(readings) if self.practice else readings
        self.scales.take(readings)
        for infusion_id in self._at(readings[0].port):
            before, rows = (watched := self._watched[infusion_id]).news, watched.take(readings)
            if rows and self.phase(infusion_id) in VALUES_MATTER:
                self.seals.keep(infusion_id, rows)
                self._store.add_samples(rows)
            if watched.other and self.watch.heard(infusion_id, watched.other, self.now):
                self._changed(infusion_id)
            elif watched.news != before:
                self.news.heard(infusion_id)

    @property
    def links(self) -> list[LinkStatus]:
        return list(self._links.values())

    def forget_link(self, port: str) -> None:
        self._links.pop(port, None)

    def take_link(self, status: LinkStatus) -> None:
        before, self._links[status.port] = self._links.get(status.port), status
        for infusion_id in self._at(status.port):
            self._linked(infusion_id, status)
        if before is None or before.said != status.said:
            self.news.wake()

    def _linked(self, infusion_id: str, status: LinkStatus) -> None:
        event = self._watched[infusion_id].link_event(status, self.phase(infusion_id) in VALUES_MATTER)
        if event is not None:
            self._happened(infusion_id, event)

    def _at(self, port: str) -> list[str]:
        return [i for i, ports in self._ports.items() if port in ports and self.phase(i) not in CLOSED]

    # --- the watch

    def tick(self) -> None:
        """Each second, and when `due_at` says: look anew, notice sleep and a changed clock, seal samples, retry what failed."""
        self.watch.forget()
        self._notice(moment := self._moment())
        self._before, self._before_at = moment, self.now()
        for line in self._lines.values():
            line.retry()
        self._seal()
        self.alarms.write(self.look())
        for infusion_id in self.at_hand.put_away(self._is_done_with):
            self.alarms.leave(infusion_id)
            self.seals.forget(infusion_id)
            self._ports.pop(infusion_id, None)

    def _is_done_with(self, infusion_id: str) -> bool:
        return self.alarms.beds[infusion_id].is_idle and self.seals.is_idle(infusion_id)

    def due_at(self, until: datetime) -> datetime | None:
        """When by `until` something is due, alarms or is tried again, though nothing happens before; None: nothing is."""
        again = [line.again_at for line in self._lines.values()] + [bed.again_at for bed in self.alarms.beds.values()]
        return min((at for at in (self.watch.changes_at(until), *again) if at is not None and at <= until), default=None)

    def _notice(self, moment: Moment) -> None:
        if moment.steady_s - self._before.steady_s > ASLEEP_S:
            self._everywhere(e.WatchLost(self._before_at, "slept"))
        if step_s := wall_step_s(self._before, moment):
            self._everywhere(e.ClockStepped(Decimal(f"{step_s:.1f}")))

    def _everywhere(self, event: e.InfusionEvent) -> None:
        for state in self.infusions:
            if state.phase not in CLOSED:
                self._happened(state.infusion_id, event)

    def _seal(self) -> None:
        for infusion_id, sealed in self.seals.due(self.infusions, self.now(), self._store.held_back()):
            self._happened(infusion_id, sealed)

    def resumed(self, from_at: datetime, cause: Literal["stopped", "power"], known: bool) -> None:
        """After a restart: nobody watched the open infusions since `from_at`."""
        self._everywhere(e.WatchLost(min(from_at, self.now()), cause, not known))
