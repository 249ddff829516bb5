"""The log of events on the disk: how an event is written down, chained, kept by its head, read a page at a time."""
