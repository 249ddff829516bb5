"""One file a protocol: bytes in, samples out, no port, clock or thread."""
