"""Philips IntelliVue monitors: data export over MIB/RS-232."""
