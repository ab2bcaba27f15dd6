"""The ramp of numbers: six steps, the same in tables, icicles and maps. The number itself is always written."""

from bisect import bisect_left

# The greatest number of each step but the last: 0 · 1 · 2–3 · 4–6 · 7–10 · more.
STEPS = (0, 1, 3, 6, 10)


def step(number: int) -> int:
    """0 for none to 5 for more than ten."""
    return bisect_left(STEPS, number)
