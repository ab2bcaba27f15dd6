#!/usr/bin/env python3
"""Django's command line for the programme."""

import os
import sys

# Commands that answer requests, or prepare what is answered, need the real settings; the others sign nothing that
# outlives them.
SERVING = {"runserver", "check", "collectstatic"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cohesion.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        os.environ["DEMO"] = "1"
    elif command not in SERVING:
        os.environ.setdefault("MAINTENANCE", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
