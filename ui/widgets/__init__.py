"""The widget kit: each is given a small frozen state by `set_state` and repaints only on a change."""
