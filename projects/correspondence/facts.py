"""The fields of papers: what each says, an example, how it is known of a case, and where what lacks is filled in."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from cohesion.lib.amounts_in_words import euros_in_words
from cohesion.lib.braces import key_of
from cohesion.lib.dates import plain_date
from cohesion.lib.text import NBSP, count_phrase, euros
from projects.catalogue.due import with_last_report, with_report_of
from projects.catalogue.models import Project
from projects.correspondence.blocks import Fact, FactTable
from projects.correspondence.case import Case
from projects.declaring.pages import BY_SLUG


@dataclass(frozen=True)
class PaperField:
    """A field: its name in braces, what it says, an example, its value in a case, and where it is filled in.

    Without ``value``, an officer types it when the paper is made. ``example`` is a table where the value is one.
    """

    name: str
    meaning: str
    example: Fact
    value: Callable[[Case], Fact] | None = None
    mended: str = "dans la fiche du projet"

    @property
    def key(self) -> str:
        return key_of(self.name)

    @property
    def is_typed(self) -> bool:
        return self.value is None

    @property
    def is_table(self) -> bool:
        return isinstance(self.example, FactTable)

    @property
    def example_words(self) -> str:
        return self.example if isinstance(self.example, str) else f"un tableau{NBSP}: {', '.join(self.example.head)}"

    def fact(self, case: Case) -> Fact:
        return case.typed.get(self.key, "") if self.value is None else self.value(case)


def known_facts(fields: Iterable[PaperField], case: Case) -> dict[str, Fact]:
    """What each field becomes in a case, by its key; nothing where it is not known."""
    return {each.key: each.fact(case) for each in fields}


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else euros(amount)


def _words(amount: Decimal | None) -> str:
    return "" if amount is None else euros_in_words(amount)


def _address(case: Case) -> str:
    organization = case.project.organization
    commune = organization.commune.name if organization.commune is not None else ""
    is_said = commune and commune.casefold() in organization.address.casefold()
    return "\n".join(filter(None, [organization.address, "" if is_said else commune]))


def _report_due(case: Case) -> str:
    """When its last report is due; of an action that no call says anything of, that of its first year."""
    own = Project.objects.filter(pk=case.project.pk)
    due = with_last_report(own).values_list("report_due", flat=True).first()
    year = (case.project.starts_on or case.day).year
    return plain_date(due or with_report_of(own, year).values_list("report_due", flat=True).first())


def _schemes(case: Case) -> str:
    scheme = case.grant.scheme if case.grant is not None else None
    return (scheme.name or scheme.code) if scheme is not None else ""


def _remarks(case: Case) -> FactTable | str:
    remarks = list(case.project.remarks.filter(closed_at=None))
    if not remarks:
        return ""
    titles = {slug: page.title for slug, page in BY_SLUG.items()}
    rows = tuple((titles.get(remark.page, remark.page), remark.text) for remark in remarks)
    return FactTable(("Partie du dossier", "Ce qui est demandé"), rows, (False, False))


def _answered_by(case: Case) -> str:
    days = [remark.due_on for remark in case.project.remarks.filter(closed_at=None) if remark.due_on]
    return plain_date(min(days, default=None))


def _instalments(case: Case) -> FactTable | str:
    rows = tuple((plain_date(part.due_on), part.label, euros(part.amount)) for part in case.instalments)
    if not rows or len(case.covered) < 2:
        return FactTable(("Échéance", "Versement", "Montant"), rows, (False, False, True)) if rows else ""
    codes = [part.grant.project.code if part.grant is not None else "" for part in case.instalments]
    named = tuple((day, code, *rest) for code, (day, *rest) in zip(codes, rows, strict=True))
    return FactTable(("Échéance", "Demande", "Versement", "Montant"), named, (False, False, False, True))


def _subject(case: Case) -> str:
    """What the convention is about: an action, or how many."""
    if len(case.covered) < 2:
        return f"l’action «{NBSP}{case.project.title}{NBSP}»" if case.covered else ""
    return count_phrase(len(case.covered), "action", "actions")


def _covered(case: Case) -> FactTable | str:
    rows = tuple(
        (grant.project.title, grant.project.code, str(grant.year), _money(grant.project.granted))
        for grant in case.covered
    )
    return FactTable(("Action", "Demande", "Exercice", "Accordé"), rows, (False, False, False, True)) if rows else ""


def _yearly(case: Case) -> FactTable | str:
    rows = tuple((str(part.year), euros(part.amount)) for part in case.yearly)
    return FactTable(("Année", "Montant"), rows, (False, True)) if rows else ""


def _of(case: Case, name: str) -> str:
    """What the convention says, in words; nothing without one."""
    value = getattr(case.agreement, name, None)
    if isinstance(value, datetime.date):
        return plain_date(value)
    return str(value or "")


ORGANIZATION = "dans la fiche de la structure"
DECIDED = "dans la décision, sur la page du dossier"
AGREED = "dans la convention"
REMARKED = "en demandant un complément sur la page du dossier"
SUBJECT = (
    PaperField("numéro", "le numéro du document", "NOT-2026-0012", lambda case: case.number),
    PaperField("date", "le jour où le document est fait", "12 mars 2026", lambda case: plain_date(case.day)),
    PaperField(
        "autorité",
        "le nom de la collectivité",
        "Agglomération du Val",
        lambda case: settings.SITE_AUTHORITY,
        "dans les réglages du site (SITE_AUTHORITY)",
    ),
    PaperField("structure", "le nom de la structure", "Les Tilleuls", lambda case: case.project.organization.name),
    PaperField(
        "forme juridique",
        "sa forme juridique",
        "Association",
        lambda case: case.project.organization.get_legal_form_display(),
        ORGANIZATION,
    ),
    PaperField("adresse", "son adresse", "3 rue des Lilas", _address, ORGANIZATION),
    PaperField(
        "SIRET", "son numéro SIRET", "12345678900011", lambda case: case.project.organization.siret, ORGANIZATION
    ),
    PaperField(
        "représentant",
        "son représentant légal, avec sa qualité",
        "Mme Aïcha Morel, présidente",
        lambda case: case.project.organization.representative,
        ORGANIZATION,
    ),
    PaperField("action", "le titre de l’action", "Jardins partagés", lambda case: case.project.title),
    PaperField("code", "le code de l’action", "P-2026-014", lambda case: case.project.code),
    PaperField("résumé", "le résumé de l’action", "Trois jardins au pied…", lambda case: case.project.summary),
    PaperField("début", "le premier jour de l’action", "2 mars 2026", lambda case: plain_date(case.project.starts_on)),
    PaperField("fin", "son dernier jour", "31 décembre 2026", lambda case: plain_date(case.project.ends_on)),
    PaperField("demandé", "le montant demandé, en chiffres", "12 000 €", lambda case: _money(case.project.requested)),
    PaperField(
        "appel",
        "le nom de l’appel à projets",
        "Appel à projets 2026",
        lambda case: case.campaign.name if case.campaign else "",
        "dans la déclaration",
    ),
    PaperField("contact", "l’adresse à laquelle répondre", "cohesion@agglo.example", lambda case: case.contact),
    PaperField("bilan attendu", "le jour où le bilan est attendu", "30 juin 2027", _report_due),
    PaperField("signataire", "qui signe pour la collectivité", "Mme Jeanne Roy"),
    PaperField("qualité du signataire", "à quel titre", "Vice-présidente déléguée à la cohésion sociale"),
)
DECISION = (
    PaperField(
        "montant",
        "le montant accordé, en chiffres",
        "8 500 €",
        lambda case: _money(case.decision.amount if case.decision else case.project.granted),
        DECIDED,
    ),
    PaperField(
        "montant en lettres",
        "le même, en lettres",
        "huit-mille-cinq-cents euros",
        lambda case: _words(case.decision.amount if case.decision else case.project.granted),
        DECIDED,
    ),
    PaperField(
        "date de décision",
        "le jour de la décision",
        "2 février 2026",
        lambda case: plain_date(case.decision.decided_on) if case.decision else "",
        DECIDED,
    ),
    PaperField(
        "délibération",
        "la délibération qui accorde",
        "2026-02-14",
        lambda case: case.decision.deliberation if case.decision else "",
        DECIDED,
    ),
    PaperField(
        "motif",
        "le motif de la décision",
        "L’action relève d’un autre appel.",
        lambda case: case.decision.reason if case.decision else "",
        DECIDED,
    ),
    PaperField("dispositif", "le dispositif de l’aide", "Contrat de ville", _schemes, "dans la subvention"),
)
COMMITTEE = (
    PaperField(
        "comité",
        "le nom du comité",
        "Comité de programmation",
        lambda case: case.committee.name if case.committee else "",
        "en proposant le dossier à un comité",
    ),
    PaperField(
        "date du comité",
        "le jour où il se tient",
        "2 février 2026",
        lambda case: plain_date(case.committee.held_on) if case.committee else "",
        "en proposant le dossier à un comité",
    ),
)
AGREEMENT = (
    PaperField("numéro de convention", "son numéro", "2026-031", lambda case: _of(case, "number"), AGREED),
    PaperField("début de convention", "son premier jour", "2 mars 2026", lambda case: _of(case, "starts_on"), AGREED),
    PaperField("fin de convention", "son dernier jour", "31 décembre 2026", lambda case: _of(case, "ends_on"), AGREED),
    PaperField(
        "montant de convention", "son montant, en chiffres", "30 000 €", lambda case: _money(case.agreed), AGREED
    ),
    PaperField(
        "montant de convention en lettres",
        "le même, en lettres",
        "trente-mille euros",
        lambda case: _words(case.agreed),
        AGREED,
    ),
    PaperField(
        "objet de convention",
        "l’action qu’elle couvre, ou leur nombre",
        "l’action « Jardins partagés »",
        _subject,
        AGREED,
    ),
    PaperField(
        "actions",
        "le tableau des actions qu’elle couvre, seul dans son paragraphe",
        FactTable(
            ("Action", "Demande", "Exercice", "Accordé"),
            (("Jardins partagés", "2026-012", "2026", "15 000 €"),),
            (False, False, False, True),
        ),
        _covered,
        AGREED,
    ),
    PaperField(
        "montants par année",
        "un tableau, seul dans son paragraphe",
        FactTable(("Année", "Montant"), (("2026", "15 000 €"), ("2027", "15 000 €")), (False, True)),
        _yearly,
        AGREED,
    ),
    PaperField(
        "échéancier",
        "le tableau des versements, seul dans son paragraphe",
        FactTable(
            ("Échéance", "Versement", "Montant"), (("2 avril 2026", "Acompte", "21 000 €"),), (False, False, True)
        ),
        _instalments,
        AGREED,
    ),
    PaperField("conditions", "ses conditions", "Solde sur bilan.", lambda case: _of(case, "conditions"), AGREED),
    PaperField(
        "signataire de la collectivité",
        "qui signe, avec sa qualité",
        "M. Paul Gérard, président",
        lambda case: _of(case, "signed_for_authority"),
        AGREED,
    ),
    PaperField(
        "signataire de la structure",
        "qui signe, avec sa qualité",
        "Mme Aïcha Morel, présidente",
        lambda case: _of(case, "signed_for_organization"),
        AGREED,
    ),
    PaperField(
        "convention signée le", "le jour où elle l’a été", "3 mars 2026", lambda case: _of(case, "signed_on"), AGREED
    ),
)
AMENDMENT = (
    PaperField(
        "numéro d’avenant",
        "son rang",
        "1",
        lambda case: str(case.amendment.number) if case.amendment else "",
        "dans l’avenant",
    ),
    PaperField(
        "objet de l’avenant",
        "ce qu’il change",
        "Prolongation jusqu’au 30 juin 2027",
        lambda case: case.amendment.purpose if case.amendment else "",
        "dans l’avenant",
    ),
)
REQUEST = (
    PaperField(
        "demandes",
        "le tableau de ce qui est demandé, seul dans son paragraphe",
        FactTable(("Partie du dossier", "Ce qui est demandé"), (("Budget", "Le devis du minibus"),), (False, False)),
        _remarks,
        REMARKED,
    ),
    PaperField("date limite", "le jour où la réponse est attendue", "15 avril 2026", _answered_by, REMARKED),
)
SUMMONS = (
    PaperField("heure", "l’heure du passage", "14 h 30"),
    PaperField("lieu", "le lieu de la séance", "Salle du conseil, 1 place de la Mairie"),
)
