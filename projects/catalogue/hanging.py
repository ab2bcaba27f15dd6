"""What projects, needs and documents hang on orientations: in figures before one writes, moved when some become one."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count
from django.urls import reverse

from axes import hanging
from axes.adoption import Hanging
from axes.hanging import Load
from axes.models import Orientation
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, count_phrase, euros, number_fr
from projects.catalogue import stamps
from projects.catalogue.granting import paid
from projects.catalogue.models import Contribution, Grant, Need, Perimeter, Project, ReferenceDocument
from projects.catalogue.signing import sign
from projects.catalogue.workflow import GRANTED
from projects.territory.models import Territory

MOST_NAMED = 6  # territories in a sentence


class LinksOnOrientations:
    """The links of projects, with what they were granted and where they act."""

    def weigh(self, keys: Collection[int]) -> Load:
        links = list(
            Contribution.objects.filter(orientation__in=keys)
            .select_related("project")
            .order_by("project__code_key", "project__code", "-is_main", "pk")
        )
        rows: dict[int, list[Hanging]] = {}
        for link in links:
            rows.setdefault(link.orientation_id, []).append(named_link(link.project, is_main=link.is_main))
        return Load(list(_sentences(links)), rows, keeps=True)

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        """A project that serves the heir already keeps one link to it, the main one if either was."""
        links = Contribution.objects.filter(orientation__in=heirs).order_by("pk").select_for_update()
        for link in links:
            heir = heirs[link.orientation_id]
            same = Contribution.objects.filter(project=link.project_id, orientation=heir).first()
            if same is None:
                link.orientation = heir
                sign(link, by, reason).save()
                continue
            sign(link, by, reason).delete()
            if link.is_main and not same.is_main:
                same.is_main = True
                sign(same, by, reason).save()
        stamps.raise_revision()


def named_link(project: Project, *, is_main: bool) -> Hanging:
    kind = "principale" if is_main else "secondaire"
    address = reverse(f"admin:projects_{project.kind}_change", args=[project.pk])
    return Hanging(f"{project.code} {project.title} ({kind})", address)


def named_needs(needs: Iterable[Need]) -> dict[int, list[Hanging]]:
    """These needs, under the key of the orientation of each."""
    rows: dict[int, list[Hanging]] = {}
    for need in needs:
        address = reverse("admin:projects_need_change", args=[need.pk])
        rows.setdefault(need.orientation_id or 0, []).append(Hanging(f"besoin «{NBSP}{need.wording}{NBSP}»", address))
    return rows


def named_documents(links: models.QuerySet[Any], words: str) -> dict[int, list[Hanging]]:
    """The documents of these links to orientations, under the key of each; ``words``: what one is called."""
    rows: dict[int, list[Hanging]] = {}
    for link in links.select_related("referencedocument"):
        document = link.referencedocument
        address = reverse("admin:projects_referencedocument_change", args=[document.pk])
        rows.setdefault(link.orientation_id, []).append(Hanging(f"{words} «{NBSP}{document}{NBSP}»", address))
    return rows


def named_perimeters(perimeters: models.QuerySet[Perimeter]) -> dict[int, list[Hanging]]:
    """These perimeters, under the key of the orientation of each: how many territories, from when to when."""
    rows: dict[int, list[Hanging]] = {}
    for perimeter in perimeters.annotate(number=Count("territories")):
        address = reverse("admin:projects_perimeter_change", args=[perimeter.pk])
        begun = f", depuis le {french_date(perimeter.valid_from)}" if perimeter.valid_from else ""
        ended = f", jusqu’au {french_date(perimeter.valid_to)}" if perimeter.valid_to else ""
        name = f"périmètre{NBSP}: {count_phrase(perimeter.number, 'territoire')}{begun}{ended}"
        rows.setdefault(perimeter.orientation_id, []).append(Hanging(name, address))
    return rows


def document_links() -> models.QuerySet[Any]:
    """What says which document each orientation names."""
    return ReferenceDocument.orientations.through._base_manager.all()


def _sentences(links: list[Contribution]) -> Iterable[str]:
    if not links:
        return
    projects = {link.project_id: link.project for link in links}
    main = {link.project_id for link in links if link.is_main}
    public = sum(project.is_public for project in projects.values())
    titles = [(len(main), "à titre principal"), (len(projects) - len(main), "à titre secondaire")]
    how = ", ".join(f"{number_fr(number)}{NBSP}{title}" for number, title in titles if number)
    linked = count_phrase(len(projects), "projet y est rattaché", "projets y sont rattachés")
    yield f"{linked}{NBSP}: {how}\u202f; {count_phrase(public, 'est public', 'sont publics')}."
    amounts = [projects[key].granted for key in main if projects[key].status in GRANTED]
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    spent = sum(paid(Project.objects.filter(pk__in=main)).values(), Decimal(0))
    if total or spent:
        and_paid = f", dont {euros(spent)} versés" if spent else ""
        yield f"{euros(total)} accordés à ceux dont c’est l’orientation principale{and_paid}."
    agreements = Grant.objects.filter(project__in=main).aggregate(number=Count("agreement", distinct=True))["number"]
    if agreements:
        yield f"{count_phrase(agreements, 'convention lie', 'conventions lient')} l’agglomération à leurs porteurs."
    yield from _places(projects)


def _places(projects: Collection[int]) -> Iterable[str]:
    names = list(Territory.objects.filter(places__project__in=projects).distinct().values_list("name", flat=True))
    if names:
        listed = ", ".join(names[:MOST_NAMED])
        more = f" et {len(names) - MOST_NAMED} de plus" if len(names) > MOST_NAMED else ""
        yield f"{count_phrase(len(names), 'territoire')} où l’on agit{NBSP}: {listed}{more}."


class NeedsOnOrientations:
    """The needs heard that an orientation answers."""

    def weigh(self, keys: Collection[int]) -> Load:
        needs = list(Need.objects.filter(orientation__in=keys))
        words = "besoin entendu y trouve sa réponse", "besoins entendus y trouvent leur réponse"
        sentences = [f"{count_phrase(len(needs), *words)}."] if needs else []
        return Load(sentences, named_needs(needs), keeps=True)

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        for need in Need.objects.filter(orientation__in=heirs):
            need.orientation = heirs[need.orientation_id or 0]
            sign(need, by, reason).save()


class AwaitedDocuments:
    """The documents that an orientation waits for."""

    def weigh(self, keys: Collection[int]) -> Load:
        rows = named_documents(document_links().filter(orientation__in=keys), "document attendu")
        names = sorted({str(document) for document in _documents(keys)})
        return Load([f"Attend {', '.join(names)}."] if names else [], rows)

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        for document in _documents(heirs):
            left = [node for node in document.orientations.all() if node.pk in heirs]
            sign(document, by, reason)
            document.orientations.remove(*left)
            document.orientations.add(*{heirs[node.pk] for node in left})


class PerimetersOfOrientations:
    """Where an orientation applies."""

    def weigh(self, keys: Collection[int]) -> Load:
        rows = named_perimeters(Perimeter.objects.filter(orientation__in=keys))
        words = "périmètre daté dit où elle s’applique", "périmètres datés disent où elle s’applique"
        number = sum(map(len, rows.values()))
        return Load([f"{count_phrase(number, *words)}."] if number else [], rows)

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        for perimeter in Perimeter.objects.filter(orientation__in=heirs):
            perimeter.orientation = heirs[perimeter.orientation_id]
            sign(perimeter, by, reason).save()


def _documents(keys: Collection[int]) -> models.QuerySet[ReferenceDocument]:
    return ReferenceDocument.objects.filter(orientations__in=list(keys)).distinct()


def connect() -> None:
    for holder in (LinksOnOrientations(), NeedsOnOrientations(), AwaitedDocuments(), PerimetersOfOrientations()):
        hanging.register(holder)
