"""The pages under ``/tableau-de-bord/``, one module a page: each asks the engines of :mod:`projects.figures`."""
