"""The demonstration: a database that it may write, and the invented things that it puts there."""

import datetime
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction

from axes import tree
from axes.founding import load_founding_framework
from axes.models import Framework
from cohesion import database
from cohesion.models import DemoMark
from cohesion.roles import ELECTED, OFFICER, Role
from projects.choices import MembershipRole
from projects.demo import load_demo_declarations, load_demo_projects
from projects.models import Membership, Organization

# Published in the README and on the screen: a demonstration protects nothing.
PASSWORD = "essayer-sans-rien-craindre"
ADOPTED_ON = datetime.date(2026, 3, 12)
DELIBERATION = "n° 2026-03-12 (démonstration, référence inventée)"
SECRET_KEY_FILE = Path(settings.BASE_DIR) / "var" / "demo-secret-key"


@dataclass(frozen=True)
class Account:
    """An invented account: its address is its login.

    It acts for an organisation (``acts_for``), or has a role; without either, an administrator's.
    """

    email: str
    first_name: str
    last_name: str
    title: str
    role: Role | None = None
    acts_for: str = ""
    function: MembershipRole = MembershipRole.DECLARANT

    @property
    def is_administrator(self) -> bool:
        return self.role is None and not self.acts_for


ACCOUNTS = (
    Account("admin@demo.example", "Alix", "Démo", "administratrice"),
    Account("mission@demo.example", "Camille", "Démo", "chargée de mission", OFFICER),
    Account("elu@demo.example", "Dominique", "Démo", "élu", ELECTED),
    Account(
        "escale@demo.example",
        "Sacha",
        "Démo",
        "signataire, Centre social L’Escale verte",
        acts_for="Centre social L’Escale verte",
        function=MembershipRole.SIGNATORY,
    ),
    Account(
        "plateau@demo.example",
        "Dominique",
        "Démo",
        "déclarant, Collectif Le Plateau en commun",
        acts_for="Collectif Le Plateau en commun",
    ),
)


class NotADemo(Exception):
    """The database holds something that the demonstration did not put there; the message says what, in French."""


@contextmanager
def alone() -> Iterator[None]:
    """Let one preparation at a time work on the database.

    SQLite's migrations are several transactions: the queue is a file beside the database, which SQLite itself
    locks. On PostgreSQL it is a session's advisory lock, for which one waits as long as it takes.
    """
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"]).resolve()
        queue = database.with_name(f"{database.stem}-verrou.sqlite3")
        with closing(sqlite3.connect(queue, timeout=120, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [tree.lock.ADVISORY_LOCK + 1])
    try:
        yield
    finally:
        connection.close()  # which gives the lock back, even after an error


def prepare(*, reset: bool = False) -> bool:
    """Make the database a complete demonstration. Returns False when it was one already: nothing is written then.

    Raises:
        NotADemo: the database is somebody's; nothing is touched.
    """
    with alone():
        refuse_foreign()
        if reset:
            empty()
        call_command("migrate", interactive=False, verbosity=0)
        if DemoMark.objects.exists():
            return False
        seed()
        return True


def refuse_foreign() -> None:
    """Accept an empty database, one that is only migrated, and one that bears the mark.

    Raises:
        NotADemo: any other.
    """
    if DemoMark._meta.db_table in connection.introspection.table_names() and DemoMark.objects.exists():
        return
    if sentence := database.held():
        raise NotADemo(sentence)


@transaction.atomic
def empty() -> None:
    """Drop every table of ours, and the functions of their triggers, all at once or not at all."""
    with connection.cursor() as cursor:
        for statement in database.drop_statements():
            cursor.execute(statement)


@transaction.atomic
def seed() -> None:
    """Everything that the demonstration invents, with the mark, all at once or not at all."""
    DemoMark.objects.create()
    users = {account: _account(account) for account in ACCOUNTS}
    administrator = users[ACCOUNTS[0]]
    founding = load_founding_framework(adopted_on=ADOPTED_ON, deliberation=DELIBERATION, by=administrator)
    draft = Framework(
        name="Cadre 2027-2032 — version d’essai, inventée pour la démonstration",
        slug="essai-2027-2032",
        authority=founding.authority,
        perimeter=founding.perimeter,
        column_titles=founding.column_titles,
        predecessor=founding,
        note="Copie du cadre en vigueur, pour s’exercer : déplacez, corrigez, ajoutez ; rien ici n’engage personne.",
    )
    draft._history_user = administrator
    draft.full_clean()
    draft.save()
    tree.copy(founding, draft, by=administrator)
    load_demo_projects(founding)
    for account, user in users.items():
        if account.acts_for:
            organization = Organization.objects.get(name=account.acts_for)
            Membership.objects.create(user=user, organization=organization, role=account.function)
    leads = {account.acts_for: user for account, user in users.items() if account.acts_for}
    officer = next(user for account, user in users.items() if account.role == OFFICER)
    load_demo_declarations(founding, leads=leads, officer=officer)


def _account(account: Account) -> Any:
    user = get_user_model().objects.create_user(
        account.email,
        account.email,
        PASSWORD,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=not account.acts_for,
        is_superuser=account.is_administrator,
    )
    if account.role:
        user.groups.add(Group.objects.get(name=account.role.name))
    return user


def secret_key() -> str:
    """One random key for this checkout, so that a restart closes nobody's session; readable by its owner only."""
    if not SECRET_KEY_FILE.exists():
        SECRET_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        draft = SECRET_KEY_FILE.with_name(f"{SECRET_KEY_FILE.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        draft.replace(SECRET_KEY_FILE)  # never half-written, even for a second demonstration that starts now
    return SECRET_KEY_FILE.read_text(encoding="ascii").strip()
