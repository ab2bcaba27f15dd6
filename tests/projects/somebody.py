"""Somebody who has done, received, signed and been all that one can, and every place where they are named."""

from urllib.parse import unquote_plus, urlencode

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from axes.models import ImportJob
from cohesion.accounts.lost_forms import KEPT
from cohesion.audit import AuditKind, record
from cohesion.models import KeptMail, SavedFilter, User
from projects.choices import MembershipRole
from projects.declaring.handing_in import hand_in
from projects.models import (
    Attachment,
    Contribution,
    Decision,
    Declaration,
    MailChoice,
    Mailing,
    Message,
    ProjectImport,
    Remark,
    Review,
    UncarriedLink,
)
from projects.search.models import SearchEntry
from projects.search.refreshing import refresh_all
from tests.factories import (
    CoLeadFactory,
    CommitteeFactory,
    InvitationFactory,
    MembershipFactory,
    OrientationFactory,
    UserFactory,
)

FIRST, LAST, ADDRESS = "Zoé", "Quilleboeuf", "zoe.quilleboeuf@exemple.fr"


NAMES = (ADDRESS, f"{FIRST} {LAST}", f"{LAST} {FIRST}", f"{FIRST.upper()} {LAST.upper()}", "zoe quilleboeuf")


def cells():
    """Every text of every table, those of no model too: as the database holds it, and as JSON reads it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, cell in zip(columns, row, strict=True):
                    value = cell
                    if table == "django_session" and column == "session_data":
                        value = Session(session_data=cell).get_decoded()
                    if isinstance(value, bytes | memoryview):
                        value = bytes(value).decode("latin-1")
                    if isinstance(value, str | dict | list):
                        text = str(value)
                        yield f"{table}.{column}", f"{text} {_unescaped(text)} {unquote_plus(text)}".lower()


def _unescaped(text):
    return text.encode("ascii", "replace").decode("unicode_escape", "replace") if "\\u" in text else ""


def places():
    """Where the person is still named."""
    return sorted({place for place, text in cells() if any(name.lower() in text for name in NAMES)})


def known_everywhere(complete, organization, client):
    """Somebody who has done, received, signed and been all that one can."""
    zoe = UserFactory(username=ADDRESS, email=ADDRESS, first_name=FIRST, last_name=LAST, is_staff=True)
    MembershipFactory(user=zoe, organization=organization, role=MembershipRole.SIGNATORY)
    client.force_login(zoe)
    EmailAddress.objects.create(user=zoe, email=ADDRESS, primary=True, verified=True)
    Authenticator.objects.create(user=zoe, type="totp", data={"secret": "x", "name": f"Téléphone de {FIRST} {LAST}"})
    UserSession.objects.create(user=zoe, ip="192.0.2.1", session_key="a" * 32, user_agent="Firefox")
    MailChoice.objects.create(user=zoe)
    InvitationFactory(email=ADDRESS, accepted_by=zoe, accepted_at=timezone.now())
    InvitationFactory(email=ADDRESS)
    InvitationFactory(email="autre@exemple.fr", invited_by=zoe)
    as_contact(complete, organization)
    hand_in(project=complete.project, by=zoe, role=MembershipRole.SIGNATORY)
    as_officer(zoe, complete.project)
    as_keeper(zoe, complete.project)
    record(AuditKind.LOGIN_FAILED, who=ADDRESS.upper(), on="mot de passe")
    record(AuditKind.EXPORT, on=f"liste de {FIRST} {LAST}", by=zoe, after={"a": [f"{FIRST}\u00a0{LAST}"]})
    KeptMail.objects.create(to=ADDRESS, sender="site@exemple.fr", subject="Essai", body=f"Bonjour {FIRST} {LAST}")
    refresh_all()
    assert SearchEntry.objects.filter(kind="person", key=zoe.pk).exists()
    return zoe


def as_contact(declaration, organization):
    structure = declaration.answers["structure"] | {
        "representative": f"{LAST} {FIRST}, présidente",
        "contact_name": f"Mme {FIRST.upper()} {LAST.upper()}",
        "contact_email": ADDRESS,
        "email": ADDRESS,
    }
    Declaration.objects.filter(pk=declaration.pk).update(answers=declaration.answers | {"structure": structure})
    declaration.refresh_from_db()
    organization.note = f"Appeler {FIRST} {LAST} le matin"
    organization.save()


def as_officer(zoe, project):
    Attachment.objects.create(
        organization=project.organization, kind="statutes", name=f"CV {FIRST} {LAST}.pdf", size=1, by=zoe
    )
    Remark.objects.create(project=project, page="publics", text=f"Voir avec {FIRST} {LAST}.", by=zoe)
    Review.objects.create(project=project, assigned_to=zoe, saved_by=zoe, text=f"Vu par {FIRST} {LAST} ({ADDRESS})")
    Decision.objects.create(
        project=project,
        committee=CommitteeFactory(),
        outcome="refused",
        reason=f"{FIRST} {LAST} absente",
        decided_on=timezone.localdate(),
        by=zoe,
    )
    ProjectImport.objects.create(owner=zoe, filename=f"{FIRST} {LAST}.xlsx", rows=[{"porteur": ADDRESS}])
    Mailing.objects.create(
        kind="free", title=f"De {FIRST} {LAST}", text=f"Écrire à {ADDRESS}.", audience="Tous", by=zoe
    )
    colleague = UserFactory()
    for query in ({"q": f"{FIRST} {LAST}"}, {"q": ADDRESS}, {"q": "jardin"}):
        SavedFilter.objects.create(
            user=colleague, screen="/instruction/", name=str(query["q"][:4]), query=urlencode(query)
        )
    for name in (f"{FIRST} {LAST}", f"{FIRST.upper()} {LAST.upper()}"):
        SavedFilter.objects.create(user=colleague, screen="/instruction/", name=name, query="etat=submitted")
    Message.objects.create(key="a", user=zoe, title=f"De {FIRST} {LAST}", failure=f"{ADDRESS} refusée")
    LogEntry.objects.create(
        user=zoe,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(zoe.pk),
        object_repr=ADDRESS,
        action_flag=CHANGE,
        change_message=f'[{{"changed": {{"fields": ["Nom"], "object": "{ADDRESS}"}}}}]',
    )


def as_keeper(zoe, project):
    """What waits somewhere: files to be read again, a form that was lost, links to be made anew, co-leads."""
    main = OrientationFactory()
    for model, more in ((ProjectImport, {}), (ImportJob, {"framework": main.framework})):
        for owner in (zoe, UserFactory()):
            text = f"titre;resume\nAtelier;Écrire à {ADDRESS}"
            model.objects.create(
                owner=owner,
                filename="a.csv",
                content=text.encode("latin-1"),
                choices={"sheet": f"{FIRST} {LAST}"},
                report={"answers": {f"near:{FIRST} {LAST}".lower(): "new"}},
                **more,
            )
    lost = SessionStore()
    lost[KEPT] = {"path": "/", "page": "/", "fields": {"resume": [f"{FIRST} {LAST}"]}, "account": zoe.pk}
    lost.create()
    link = Contribution.objects.create(project=project, orientation=main, is_main=True)
    UncarriedLink.objects.create(
        link=link, settled_by=zoe, settled_at=timezone.now(), outcome=f"Vu avec {FIRST} {LAST}"
    )
    beside = CoLeadFactory(project=project)
    beside.organization.name = f"Chez {FIRST} {LAST}"
    beside.organization.save()
