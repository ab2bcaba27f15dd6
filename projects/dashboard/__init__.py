"""The year in one screen, and the tables under it: what was promised, done, paid, reached, and what changed."""
