"""Settings of the properties in this folder."""

from hypothesis import settings

# Two cores are shared by parallel tests: a slow example is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
