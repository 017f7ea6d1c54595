"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine, and who else uses it, than about techstock.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
