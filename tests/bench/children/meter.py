"""What a process has used so far, by its own account."""

import os
import resource
import time
from pathlib import Path


def used() -> bytes:
    """A line: resident kB, seconds of the processor, open handles."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    resident_kb = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return f"{resident_kb} {time.process_time()!r} {len(os.listdir('/proc/self/fd'))}\n".encode()


def slept() -> int:
    """How often this thread has gone to sleep of its own will, and so was woken: rounds of its loop without sleep are none."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
