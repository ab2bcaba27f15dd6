"""While one declares: what other structures already do that resembles it, of what anybody may read."""

from typing import Any

from django.db.models import Q, QuerySet

from axes.models import Framework
from cohesion.lib.text import whole_number
from projects.catalogue.models import Project
from projects.choices import ProjectKind, TargetGroup, TerritoryKind
from projects.declaring.models import Declaration
from projects.declaring.pages.calendar import dates
from projects.resembling import Resemblance, resembling
from projects.resembling.traits import groups_of, places_of, years_of
from projects.territory.models import Territory

SHOWN = 3


def written(declaration: Declaration) -> dict[str, str]:
    """What the lead wrote of the action, by the names that suggestions know."""
    action = declaration.answers.get("action", {})
    names = {"title": "title", "summary": "summary", "need": "need_noticed", "description": "description"}
    return {name: str(action.get(field, "")) for name, field in names.items()}


def others_alike(declaration: Declaration, framework: Framework | None) -> list[Resemblance]:
    """The public actions of other structures that resemble what is typed; none while too little is."""
    texts = written(declaration)
    if not any(texts[name].strip() for name in ("summary", "need", "description")):
        return []
    own = declaration.project.organization_id
    campaign = declaration.campaign
    return resembling(
        texts,
        among=Project.objects.published()
        .filter(kind=ProjectKind.ACTION)
        .exclude(organization=own)
        .exclude(pk__in=_led_beside(own)),
        framework=framework,
        groups=_groups(declaration),
        places=_places(declaration),
        years=years_of(*dates(declaration)) or ((campaign.year, campaign.year) if campaign else None),
        limit=SHOWN,
    )


def _led_beside(organization: int) -> QuerySet[Any]:
    return Project.objects.filter(co_leaders__organization=organization).values("pk")


def _groups(declaration: Declaration) -> dict[str, str]:
    ticked = declaration.answers.get("publics", {}).get("target_groups") or []
    return groups_of(str(TargetGroup(group).label) for group in ticked if group in TargetGroup.values)


def _places(declaration: Declaration) -> dict[str, dict[int, str]]:
    """The communes and the quarters that are ticked: what was typed may name none that exists."""
    typed = declaration.answers.get("territoire", {})
    quarters = [key for text in typed.get("quarters") or [] if (key := whole_number(str(text))) is not None]
    codes = [str(code) for code in typed.get("communes") or []]
    ticked = Territory.objects.filter(Q(kind=TerritoryKind.COMMUNE, code__in=codes) | Q(pk__in=quarters))
    return places_of(ticked.defer("outline").select_related("parent"))
