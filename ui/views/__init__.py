"""What widgets show, computed from an infusion and the time; no widget is touched here."""
