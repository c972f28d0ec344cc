"""Hypothesis' profiles: how many examples a property test tries."""

from hypothesis import settings

# How long one example takes says more of the machine's load than of the code.
settings.register_profile("project", deadline=None)
settings.register_profile("unit", settings.get_profile("project"), max_examples=10)


def examples(number: int) -> int:
    """For `@settings(max_examples=examples(40))`: a tenth of them, 5 at least, in a unit test."""
    usual = settings.get_profile("project").max_examples
    return max(min(number, 5), number * settings().max_examples // usual)
