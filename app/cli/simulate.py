"""`bedside simulate`: one simulated monitor as a process of its own."""

import argparse
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.cli.options.command import Commands
from app.cli.options.which_store import add_recovery
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.access.store_key import key_near
from app.services.clock import ScaledClock
from app.services.words.words import tr
from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.protocols import SimulatedDevice
from devices.simulators import serve
from devices.simulators.faults import DURATIONS_S, MonitorFaults, parsed
from devices.simulators.monitor_on_line import break_at
from devices.simulators.patient import Patient
from devices.simulators.played_recording import replayed
from devices.simulators.tcp_line import SimulatedLine, TcpLine


def add(commands: Commands) -> None:
    parser = commands.add_parser("simulate", help="play a monitor on a pseudo-terminal or a TCP port")
    parser.add_argument("protocol", choices=sorted(MODELS))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--pty", action="store_true", help="a pseudo-terminal (the default; not on Windows)")
    where.add_argument("--tcp", type=_tcp_port, metavar="PORT", help="a TCP port of this machine; 0 takes a free one")
    parser.add_argument("--seed", type=int, default=1, help="which patient (1)")
    parser.add_argument("--speed", type=_above_zero, default=1.0, help="how much faster than the wall its clock runs")
    parser.add_argument("--nibp-every", type=_above_zero, default=5.0, metavar="MIN", help="time between pressures (5)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME@MIN", help=f"one of {', '.join(DURATIONS_S)}")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="play a recording instead, and end with it")
    add_recovery(parser)
    parser.add_argument(
        "--control", action="store_true", help="obey lines on stdin (speed N, fault NAME, clock S, quit); end with it"
    )
    parser.set_defaults(run=run)


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _tcp_port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65536:
        raise ValueError(text)
    return number


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 told to end, 2 refused."""
    try:
        server, line = _built(arguments)
    except (Refused, OSError) as error:
        print(tr(error.text) if isinstance(error, Refused) else error, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _end)
    _tell(json.dumps({"url": line.url}))
    with suppress(KeyboardInterrupt):
        server.run(serve.SimulatorCommands(sys.stdin) if arguments.control else None)
    return 0


def _built(arguments: argparse.Namespace) -> tuple[serve.SimulatorServer, SimulatedLine]:
    faults, patient = MonitorFaults(arguments.seed), Patient(arguments.seed)
    for text in arguments.fault:
        break_at(faults, patient, *parsed(text))
    model: MonitorRow = MODELS[arguments.protocol]
    is_replay = arguments.replay is not None
    monitor: SimulatedDevice = _replay(arguments, model) if is_replay else _patient(arguments, model, patient, faults)
    clock = ScaledClock(arguments.speed)
    line = TcpLine(arguments.tcp, keeps_all=is_replay) if arguments.tcp is not None else _pty(model)
    return serve.SimulatorServer(monitor, line, patient, faults, clock, _tell, ends_with_monitor=is_replay), line


def _patient(arguments: argparse.Namespace, model: MonitorRow, patient: Patient, faults: MonitorFaults) -> SimulatedDevice:
    return model.simulator(patient, faults, nibp_every_s=arguments.nibp_every * 60)


def _replay(arguments: argparse.Namespace, model: MonitorRow) -> SimulatedDevice:
    """Begins two real seconds late, so that whoever listens hears the first byte."""
    key = key_near(arguments.replay, arguments.recovery_key)
    return replayed(arguments.replay, model.protocol, model.settings.baud / 10, 2.0 * arguments.speed, key)


def _pty(model: MonitorRow) -> SimulatedLine:
    if os.name != "posix":
        raise Refused(say("This system has no pseudo-terminals. Use --tcp 0."))
    from devices.simulators.pty_line import PtyLine

    return PtyLine(model.protocol, model.settings.baud)


def _tell(line: str) -> None:
    print(line, flush=True)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
