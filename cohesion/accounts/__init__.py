"""Accounts: how one is opened, kept and closed. Invitations decide who gets one
(projects/members/inviting.py).
"""
