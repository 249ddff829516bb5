"""The Ward page."""
