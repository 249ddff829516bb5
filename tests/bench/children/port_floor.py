"""Waits for bytes on all its ports, reads and decodes them, and nothing else: for every whole record its time.

`port_floor.py COUNT PORT…`; after COUNT records it prints lines of port number and seconds.
"""

import os
import select
import sys

from app.services.clock import steady_s
from devices.models import MODELS
from tests.bench.arriving import Arrived

count, ports = int(sys.argv[1]), sys.argv[2:]
opened = {os.open(port, os.O_RDWR | os.O_NOCTTY): number for number, port in enumerate(ports)}
decoders = {port: MODELS["datex-s5"].decoder() for port in opened}
waiting = select.epoll()
for port in opened:
    waiting.register(port, select.EPOLLIN)
arrived = Arrived(count)
os.write(1, b"ready\n")
while not arrived.is_over:
    for port, _ in waiting.poll():
        decoder = decoders[port]
        before = decoder.good
        decoder.feed(os.read(port, 4096))
        arrived.take(opened[port], decoder.good - before, steady_s())
sys.stdout.write(arrived.told())
