"""Accounts: how one is opened, kept and closed. Who gets one is decided by invitation (projects/invitations.py)."""
