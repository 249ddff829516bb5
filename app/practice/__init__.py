"""Everything that pretends: simulated monitors, a scripted nurse, time that runs fast."""
