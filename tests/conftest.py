"""What holds for every test: none is failed for being slow."""

from hypothesis import HealthCheck, settings

settings.register_profile("bedside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bedside")
