"""The frame around the pages: window, session, desk, sound."""
