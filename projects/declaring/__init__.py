"""The declaration of a project by its lead: its pages, what is kept of them, and its handing in.

``fields`` and ``forms`` are what a page is made of, ``pages`` the eleven of them; ``answers`` keeps what was typed and
brings together what two people typed at once; ``drafts`` begins, renews and saves; ``handing_in`` checks the whole,
freezes it and writes it out in rows.
"""
