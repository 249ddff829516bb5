"""A drop sensor of one's own: an open protocol of one line a drop (docs/drop-sensor.md)."""
