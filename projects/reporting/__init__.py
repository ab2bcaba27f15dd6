"""The yearly report (bilan) of a project: opened when it is due, typed like a declaration, handed in, checked."""
