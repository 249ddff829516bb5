"""Writing vital-sign samples. Runs inside a transaction of the writer."""

from collections.abc import Iterable, Sequence

from db.log.batch import SampleLine

from .statements import Driver

_INSERT = "INSERT OR IGNORE INTO sample (infusion, t, vital, value, quality, source) VALUES (?, ?, ?, ?, ?, ?)"


class Keys:
    """The small numbers that stand for names in other tables; made when a name is first met."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._together: dict[tuple[str, str, str, str], tuple[int, int, int, int]] = {}

    def infusion(self, driver: Driver, infusion_id: str) -> int:
        return self._of(driver, "infusion", infusion_id, "infusion_id")

    def meet(self, driver: Driver, vitals: Iterable[str]) -> None:
        """New vital signs get their keys in the order of their names, which is that of seals: so they need no sorting."""
        for code in sorted(code for code in vitals if ("vital", code) not in self._known):
            self._of(driver, "vital", code)

    def _of(self, driver: Driver, table: str, name: str, column: str = "code") -> int:
        key = self._known.get((table, name))
        if key is None:
            key = self._known[table, name] = _key(driver, table, column, name)
        return key

    def of_line(self, driver: Driver, line: SampleLine) -> tuple[int, int, int, float | None, int, int]:
        """A sample as it lies in its table."""
        infusion_id, vital, t, value, quality, source = line
        names = infusion_id, vital, quality, source
        keys = self._together.get(names)
        if keys is None:
            codes = self._of(driver, "vital", vital), self._of(driver, "quality", quality), self._of(driver, "source", source)
            keys = self._together[names] = (self.infusion(driver, infusion_id), *codes)
        return keys[0], t, keys[1], value, keys[2], keys[3]

    def forget(self) -> None:
        """After a rollback: what was made in it is gone."""
        self._known.clear()
        self._together.clear()


def _key(driver: Driver, table: str, column: str, name: str) -> int:
    driver.execute(f"INSERT OR IGNORE INTO {table} ({column}) VALUES (?)", (name,))
    (key,) = driver.execute(f"SELECT id FROM {table} WHERE {column} = ?", (name,)).fetchone()
    return int(key)


def insert_samples(driver: Driver, keys: Keys, lines: Sequence[SampleLine]) -> None:
    """Store samples; one of the same infusion, vital sign and millisecond is left as it is."""
    keys.meet(driver, {line[1] for line in lines})
    driver.executemany(_INSERT, [keys.of_line(driver, line) for line in lines])
