"""Roles, as sentences. Each becomes a group; ``manage.py migrate`` keeps the groups true to this file."""

from dataclasses import dataclass

from django.apps import apps

PROJECTS = ("pst", "prh", "action")
AROUND = (
    *("organization", "territory", "scheme", "referencedocument", "perimeter", "need", "offer"),
    "vocabularyline",
)


def _rights(verbs: tuple[str, ...], models: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"projects.{verb}_{model}" for model in models for verb in verbs)


@dataclass(frozen=True)
class Role:
    """A role: its name on the screen, what it may do in one sentence, its model permissions."""

    name: str
    description: str
    permissions: tuple[str, ...]


OFFICER = Role(
    name="Chargé de mission",
    description="Édite les orientations, instruit ce qui est déclaré, lit tout du programme, invite les porteurs.",
    permissions=(
        "axes.view_framework",
        "axes.add_framework",
        "axes.change_framework",
        "axes.view_orientation",
        "axes.add_orientation",
        "axes.change_orientation",
        "axes.delete_orientation",
        "axes.view_programme",
        "axes.add_programme",
        "axes.change_programme",
        "axes.view_historicalorientation",
        "axes.view_historicalframework",
        "axes.view_historicalprogramme",
        # What may be deleted, and when, is in projects/catalogue/deletion.py; whom one may invite, in
        # projects/members/inviting.py.
        *_rights(("view", "add", "change", "delete"), (*PROJECTS, *AROUND, "place", "offersite")),
        # /instruction/ is read by whoever may view a review, and written by whoever may change one.
        *_rights(("view", "change"), ("review", "uncarriedlink")),
        *_rights(("view", "add", "change", "delete"), ("lateleave", "latereportleave", "expectedpiece")),
        *_rights(("view", "add", "change", "delete"), ("budgetenvelope",)),
        *_rights(("view", "add", "change"), ("campaign", "committee", "papermodel")),
        *_rights(("view", "add"), ("invitation",)),
    ),
)
ELECTED = Role(
    name="Élu",
    description="Lit ce qui n’est pas public : cadres en préparation, état de l’instruction, montants ; n’écrit rien.",
    permissions=(
        "axes.view_framework",
        "axes.view_programme",
        "axes.view_orientation",
        *_rights(("view",), (*PROJECTS, *AROUND, "place", "offersite", "review")),
        *_rights(("view",), ("campaign", "committee", "lateleave", "expectedpiece", "uncarriedlink")),
        *_rights(("view",), ("budgetenvelope", "latereportleave")),
    ),
)
ROLES = (OFFICER, ELECTED)


def make_groups(using: str = "default") -> None:
    """Create or update one group a role; permissions that do not exist yet are left for the next migration."""
    groups, permissions = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    known = {
        f"{app}.{codename}": pk
        for pk, codename, app in permissions.objects.using(using).values_list(
            "pk", "codename", "content_type__app_label"
        )
    }
    for role in ROLES:
        group, _ = groups.objects.using(using).get_or_create(name=role.name)
        group.permissions.set([known[code] for code in role.permissions if code in known])
