"""Orientations in and out: the columns of the files, what a file would change, its application, the exports."""
