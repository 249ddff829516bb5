"""The trial's protocol with little waiting before the thaw and after the end, where a test asks of neither."""

from pathlib import Path

from app.services.protocol_files import DEFAULT, Trial, load

_SHORTER = {
    "lead_min = 30": "lead_min = 10",
    "length_min = 120\ninterval_min = 30": "length_min = 30\ninterval_min = 15",
}


def short_day_file(folder: Path) -> Path:
    text = DEFAULT.read_text(encoding="utf-8")
    for as_delivered, shorter in _SHORTER.items():
        assert text.count(as_delivered) == 1
        text = text.replace(as_delivered, shorter)
    made = folder / "short-day.toml"
    made.write_text(text, encoding="utf-8")
    return made


def short_day(folder: Path) -> Trial:
    return load(short_day_file(folder))
