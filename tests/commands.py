"""Measures are run as the site's own commands are: ``python -m tests.benchmark``, ``python -m tests.suggestions``."""

import os
import sys
from importlib import import_module

import django


def run(package: str) -> None:
    """Run the ``Command`` of a package's module ``command``, with the arguments of this process.

    Under the site's settings and on the database of ``DATABASE_URL``, as a command that serves nobody.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cohesion.settings")
    os.environ.setdefault("MAINTENANCE", "1")
    django.setup()
    command = import_module(f"{package}.command").Command()
    command.run_from_argv(["python -m", package, *sys.argv[1:]])
