"""Waits for bytes on all its ports and reads them, and nothing else: for every whole frame of so many bytes its time.

`port_floor.py FRAME_BYTES COUNT PORT…`; after COUNT frames it prints lines of port number and seconds.
"""

import os
import select
import sys

from app.services.clock import steady_s

size, count, ports = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
opened = {os.open(port, os.O_RDWR | os.O_NOCTTY): number for number, port in enumerate(ports)}
waiting = select.epoll()
stamps: list[tuple[int, float]] = []
came = dict.fromkeys(opened, 0)
for port in opened:
    waiting.register(port, select.EPOLLIN)
os.write(1, b"ready\n")
while len(stamps) < count:
    for port, _ in waiting.poll():
        came[port] += len(os.read(port, 4096))
        while came[port] >= size:
            came[port] -= size
            stamps.append((opened[port], steady_s()))
sys.stdout.write("".join(f"{number} {at!r}\n" for number, at in stamps))
