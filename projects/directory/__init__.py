"""Whom to call: the structures, the people who act for them, and what they lead, on one page."""
