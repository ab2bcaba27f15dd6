"""For how long what names people is kept: settings, read once, that the command and the page of the register share."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Retention:
    """Numbers of years, and of days for what serves a short while; 0: nothing goes by itself."""

    files_years: int
    refused_years: int
    drafts_years: int
    bank_years: int
    contacts_years: int
    messages_years: int
    invitations_days: int
    imports_days: int


def settings(env: Any) -> Retention:
    """What the environment says.

    A file that was granted an aid is kept ten years after it is over: the delay that tradespeople have for their books
    (Code de commerce, article L. 123-22), which binds no council and serves here as a measure; one that was refused or
    given up, five, the common delay of an action in court (Code civil, article 2224). The rest goes when it serves no
    more. These are starting points: the files are public archives, of which nothing goes but by an agreement with the
    archives service (Code du patrimoine, article L. 212-2).
    """
    retention = Retention(
        files_years=env.int("RETENTION_FILES_YEARS", 10),
        refused_years=env.int("RETENTION_REFUSED_YEARS", 5),
        drafts_years=env.int("RETENTION_DRAFTS_YEARS", 2),
        bank_years=env.int("RETENTION_BANK_YEARS", 5),
        contacts_years=env.int("RETENTION_CONTACTS_YEARS", 3),
        messages_years=env.int("RETENTION_MESSAGES_YEARS", 3),
        invitations_days=env.int("RETENTION_INVITATIONS_DAYS", 365),
        imports_days=env.int("RETENTION_IMPORTS_DAYS", 90),
    )
    negative = [name for name, value in vars(retention).items() if value < 0]
    if negative:
        raise ValueError(f"Une durée de conservation n’est pas négative : {', '.join(negative)}.")
    return retention
