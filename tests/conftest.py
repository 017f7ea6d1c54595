"""How many examples properties try, and which.

In every run the same hundred, so that a change that touches nothing fails nowhere. `HYPOTHESIS_PROFILE=thorough`, for
a scheduled run: thirty times as many, others each time.
"""

import os

from hypothesis import settings

settings.register_profile("steady", max_examples=100, derandomize=True, deadline=None, database=None)
settings.register_profile("thorough", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
