"""Where this person's record lies on this machine."""

from pathlib import Path

import platformdirs


def data_dir() -> Path:
    """The per-user folder of the record and what lies beside it. It may not exist yet."""
    return platformdirs.user_data_path("bedside", appauthor=False)


def store_path() -> Path:
    return data_dir() / "bedside.db"
