"""The officers' pages, under /instruction/."""
