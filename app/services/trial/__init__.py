"""The trial desk as a service: the log's subjects joined with the bedside's infusions."""
