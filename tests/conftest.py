"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)  # no test asserts how long something takes
settings.load_profile("patient")
