"""Data, not code: protocols, translations, icons, sounds, style."""
