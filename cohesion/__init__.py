"""The site. ``__version__`` is the software's, as pyproject.toml has it: a backup says which one made it."""

__version__ = "0.1.0"
