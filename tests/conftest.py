"""What holds for every test: none is failed for being slow; what one counts is printed at the end of the run."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("bedside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bedside")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests recorded of themselves."""
    told = {
        str(name): value
        for key in ("passed", "failed")
        for report in terminalreporter.stats.get(key, ())
        for name, value in report.user_properties
    }
    for name, value in told.items():
        terminalreporter.write_line(f"{name}: {value}")
