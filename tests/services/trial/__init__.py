"""The trial desk as a service."""
