"""How fast the site is: each figure beside its floor, measured in the same run on a database of invented rows.

``python -m tests.benchmark`` runs the measures in turn (:mod:`tests.benchmark.command`). A measure is a module with a
``NAME`` and a function ``measure(size)`` that yields figures; it fills what it needs (:mod:`tests.benchmark.filling`),
checks that the two ways it compares give the same answer, and only then times them.
"""
