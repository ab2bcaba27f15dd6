"""Files that people bring: read and compared, shown, then applied all or nothing; whatever they hold.

What a file of orientations, of projects or of decisions holds, and what it changes, is said where these are
(``axes.exchange``, ``projects.exchange``, ``projects.instructing.sheet``).
"""
