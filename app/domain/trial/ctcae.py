"""Laboratory grades of CTCAE 5.0 for the tests that can be graded by their value alone (SI units).

A grade 1 needs the laboratory's own limit of normal. Of ALT, AST and bilirubin with an abnormal baseline the grade is
counted in multiples of that baseline.
"""

from decimal import Decimal

#: Below these a count has grade 4, 3, 2 (None: that grade is a person's judgement).
_LOW: dict[str, tuple[Decimal | None, Decimal, Decimal]] = {
    "hb": (None, Decimal(80), Decimal(100)),
    "anc": (Decimal("0.5"), Decimal(1), Decimal("1.5")),
    "plt": (Decimal(25), Decimal(50), Decimal(75)),
    "wbc": (Decimal(1), Decimal(2), Decimal(3)),
    "lymphocytes": (Decimal("0.2"), Decimal("0.5"), Decimal("0.8")),
}
#: Above these multiples a chemistry has grade 4, 3, 2.
_HIGH: dict[str, tuple[Decimal, Decimal, Decimal]] = {
    "alt": (Decimal(20), Decimal(5), Decimal(3)),
    "ast": (Decimal(20), Decimal(5), Decimal(3)),
    "bilirubin": (Decimal(10), Decimal(3), Decimal("1.5")),
    "creatinine": (Decimal(6), Decimal(3), Decimal("1.5")),
}


def grade(
    test: str, value: Decimal, lln: Decimal | None = None, uln: Decimal | None = None, baseline: Decimal | None = None
) -> int | None:
    """0 to 4; None where it cannot be graded without a limit of normal, or where the test has no grades."""
    if test in _LOW:
        return _low(test, value, lln)
    if test not in _HIGH or uln is None:
        return None
    is_high = baseline is not None and baseline > uln and test != "creatinine"
    reference = baseline if is_high and baseline is not None else uln
    for at, times in zip((4, 3, 2), _HIGH[test], strict=True):
        if value > times * reference or (test == "creatinine" and at < 4 and baseline is not None and value > times * baseline):
            return at
    if is_high and test != "bilirubin":
        return int(value >= Decimal("1.5") * reference)
    return int(value > reference)


def _low(test: str, value: Decimal, lln: Decimal | None) -> int | None:
    for at, below in zip((4, 3, 2), _LOW[test], strict=True):
        if below is not None and value < below:
            return at
    return None if lln is None else int(value < lln)
