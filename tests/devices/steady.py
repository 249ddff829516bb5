"""Property tests that try the same examples every time."""

from hypothesis import HealthCheck, settings

steady = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
