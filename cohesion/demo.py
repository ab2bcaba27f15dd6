"""The demonstration: a database that it may write, and the invented things that it puts there.

All its dates are told from its day of reference, the day on which it is made. When that day is far behind, ``demo``
moves it to today: what stands there is put aside in a backup, and the demonstration made anew.
"""

import datetime
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from axes import guard, tree
from axes.founding import load_founding_framework
from axes.models import Framework, Programme
from cohesion import backup, database
from cohesion.lib.people import Person
from cohesion.models import DemoMark
from cohesion.roles import ELECTED, OFFICER, Role
from projects.choices import MembershipRole
from projects.demo import (
    Calendar,
    age_framework,
    load_demo_beside,
    load_demo_declarations,
    load_demo_grants,
    load_demo_papers,
    load_demo_past,
    load_demo_programming,
    load_demo_programs,
    load_demo_projects,
    publish_demo_grants,
    reword_draft,
)
from projects.members.models import Membership, Organization
from projects.search.refreshing import refresh_all

# Published in the README and on the screen: a demonstration protects nothing.
PASSWORD = "essayer-sans-rien-craindre"
KEPT_DAYS = 30  # less than its call stays open
SECRET_KEY_FILE = Path(settings.BASE_DIR) / "var" / "demo-secret-key"


@dataclass(frozen=True)
class DemoAccount:
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
    DemoAccount("admin@demo.example", "Alix", "Démo", "administratrice"),
    DemoAccount("mission@demo.example", "Camille", "Démo", "chargée de mission", OFFICER),
    DemoAccount("elu@demo.example", "Dominique", "Démo", "élu", ELECTED),
    DemoAccount(
        "escale@demo.example",
        "Sacha",
        "Démo",
        "signataire, Centre social L’Escale verte",
        acts_for="Centre social L’Escale verte",
        function=MembershipRole.SIGNATORY,
    ),
    DemoAccount(
        "plateau@demo.example",
        "Dominique",
        "Démo",
        "déclarant, Collectif Le Plateau en commun",
        acts_for="Collectif Le Plateau en commun",
    ),
)


@dataclass(frozen=True)
class Prepared:
    """What a preparation did: ``created`` or not, from which day of reference its dates are told, and, where an older
    demonstration gave way, the backup that holds it."""

    created: bool
    reference_day: datetime.date
    put_aside: Path | None = None
    is_programme_added: bool = False


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
        cursor.execute("SELECT pg_advisory_lock(%s)", [guard.lock.ADVISORY_LOCK + 1])
    try:
        yield
    finally:
        connection.close()  # which gives the lock back, even after an error


def prepare(*, reset: bool = False, has_programmes: bool = False) -> Prepared:
    """Make the database a complete demonstration. Where it is one already and has not aged, nothing is written.

    ``has_programmes``: with a second programme beside the one of the site; it is added where it is missing.

    Raises:
        NotADemo: the database is somebody's; nothing is touched.
        backup.Unusable: it has aged and cannot be put aside; nothing is touched.
    """
    with alone():
        refuse_foreign()
        if reset:
            empty()
        call_command("migrate", interactive=False, verbosity=0)
        put_aside = None
        if mark := DemoMark.objects.first():
            made_on = timezone.localdate(mark.created_at)
            if not has_aged(made_on, timezone.localdate()):
                is_added = has_programmes and add_programme()
                return Prepared(created=False, reference_day=made_on, is_programme_added=is_added)
            put_aside = _beside(made_on)
            backup.save(put_aside)
            empty()
            call_command("migrate", interactive=False, verbosity=0)
        day = seed()
        is_added = has_programmes and add_programme()
        return Prepared(created=True, reference_day=day, put_aside=put_aside, is_programme_added=is_added)


def has_aged(made_on: datetime.date, today: datetime.date) -> bool:
    """Whether the dates of a demonstration are too far behind: its call may be closed, or its year be over."""
    return made_on.year != today.year or today - made_on > datetime.timedelta(days=KEPT_DAYS)


def _beside(made_on: datetime.date) -> Path:
    """Where a demonstration of that day is put aside: beside its file, or in the folder of what this checkout keeps."""
    name = str(connection.settings_dict["NAME"])
    folder = Path(name).resolve().parent if connection.vendor == "sqlite" else SECRET_KEY_FILE.parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{Path(name).stem}-{made_on:%Y-%m-%d}.zip"


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
def seed() -> datetime.date:
    """Everything that the demonstration invents, with the mark, all at once or not at all.

    Returns its day of reference.
    """
    calendar = Calendar(timezone.localdate(DemoMark.objects.create().created_at))
    users = {account: _account(account) for account in ACCOUNTS}
    administrator = users[ACCOUNTS[0]]
    founding = load_founding_framework(
        adopted_on=calendar.adopted_on,
        deliberation=f"n° {calendar.adopted_on} (démonstration, référence inventée)",
        by=administrator,
    )
    age_framework(founding, calendar.adopted_on)
    first, last = calendar.draft_years
    draft = Framework(
        name=f"Cadre {first}-{last} — version d’essai, inventée pour la démonstration",
        slug=f"essai-{first}-{last}",
        authority=founding.authority,
        perimeter=founding.perimeter,
        column_titles=founding.column_titles,
        predecessor=founding,
        note="Copie du cadre en vigueur, où quelques textes inventés diffèrent, pour s’exercer : déplacez, "
        "fusionnez, scindez, ajoutez ; rien ici n’engage personne.",
    )
    draft._history_user = administrator
    draft.full_clean()
    draft.save()
    tree.copy(founding, draft, by=administrator)
    reword_draft(draft, calendar, by=administrator)
    load_demo_projects(founding, calendar, by=administrator)
    for account, user in users.items():
        if account.acts_for:
            organization = Organization.objects.get(name=account.acts_for)
            Membership.objects.create(user=user, organization=organization, role=account.function)
    leads = {account.acts_for: user for account, user in users.items() if account.acts_for}
    officer = next(user for account, user in users.items() if account.role == OFFICER)
    load_demo_past(calendar, leads=leads, officer=officer)
    load_demo_declarations(founding, calendar, leads=leads, officer=officer)
    load_demo_grants(calendar, officer=officer)
    load_demo_programming(founding, calendar, officer=officer)
    load_demo_papers(leads=leads, officer=officer)
    publish_demo_grants()
    load_demo_programs(officer=officer)
    refresh_all()  # the first search of somebody who tries it finds everything
    return calendar.today


def add_programme() -> bool:
    """Add the second programme to a demonstration; False where it has one already."""
    if Programme.objects.beside().exists():
        return False
    calendar = Calendar(timezone.localdate(DemoMark.objects.get().created_at))
    reference = Framework.objects.in_force().get()
    administrator = get_user_model().objects.get(email=ACCOUNTS[0].email)
    load_demo_beside(calendar, authority=reference.authority, by=administrator)
    refresh_all()
    return True


def _account(account: DemoAccount) -> Person:
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
