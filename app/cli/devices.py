"""`bedside devices`: which monitors can be read, which ports there are, and what is heard on one."""

import argparse
import sys

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.clock import wall_utc
from app.services.words.words import tr
from devices.models import MODELS


def add(commands: Commands) -> None:
    parser = commands.add_parser("devices", help="list the monitors that can be read and the ports of this machine")
    parser.add_argument("--listen", metavar="PORT", help="say what talks on a port; nothing is sent")
    parser.add_argument("--test", metavar="PORT", help="ask the monitor of --protocol on a port")
    parser.add_argument("--line", metavar="LINE", help="with --test, how the line may be set: 19200,8,N,1 or 19200,8,E,1,rtscts")
    parser.add_argument("--protocol", choices=sorted(MODELS))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0, 1 nothing could be read on the port, 2 the port cannot be opened or the call is incomplete."""
    if arguments.test and not arguments.protocol:
        print(tr(say("Say with --protocol which monitor is to be tested.")), file=sys.stderr)
        return 2
    if arguments.listen or arguments.test:
        return _probe(arguments)
    _list()
    return 0


def _list() -> None:
    from devices.discovery import ports
    from devices.settings_words import settings_words

    for protocol, model in MODELS.items():
        print(f"{protocol:<12} {settings_words(model.settings):<11} {tr(model.label)}")
    print()
    for port in (found := ports()):
        print(f"{port.name}  {port.usb}  {port.says}".rstrip())
    if not found:
        print(tr(say("This computer has no serial port now.")))


def _probe(arguments: argparse.Namespace) -> int:
    from devices.link import LinkError
    from devices.probe import Probe, verdict
    from devices.settings_words import settings_of

    probe = Probe(wall_utc)
    try:
        if arguments.listen:
            found = probe.listen(arguments.listen, MODELS.values())
        else:
            line = settings_of(arguments.line) if arguments.line else None
            found = probe.test(arguments.test, MODELS[arguments.protocol], line=line)
    except (LinkError, Refused) as error:
        print(tr(error.text), file=sys.stderr)
        return 2
    print(tr(verdict(found)))
    return 0 if found.protocol else 1
