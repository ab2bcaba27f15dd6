"""Every screen of the officers speaks in sentences: none of Django's formulas, no word of English."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from justhtml import JustHTML

from cohesion.lib.nouns import FEMININE, Noun, quoted
from cohesion.screens import Lines
from projects.demo import load_demo_projects
from projects.models import BudgetEnvelope, Message, PaperModel, ReferenceDocument, Scheme
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    InvitationFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.site.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Formulas of Django, in its French or in English, and marks of what has no name.
REFUSED = re.compile(
    r"#\d|l[’']objet (?!du)|Aucun\(e\)|\bAjout de\b|\bModification de\b|\(s\)|\(e\)|\(\)|-{5,}|"
    r"heure du serveur|Sélectionnez l|Maintenez appuyé|ajouter un nouveau|avec succès|supplémentaire\b|"
    r"\b(?:Add|Change|Delete|View|Select|Save|Remove|Hold down|Can add|Can view|Unknown|None|True|False|"
    r"object|framework|successfully)\b"
)
UNREAD = ("script", "style", "template")


def read(response):
    """What a person reads or hears on a page."""
    page = JustHTML(response.content.decode(), sanitize=False)
    texts = []
    for one in page.query("title, #content, .breadcrumbs, .messagelist"):
        texts.append(one.to_text(separator=" "))
        for named in one.query("[title], [aria-label], [placeholder], [data-inline-formset], input[type=submit]"):
            names = ("title", "aria-label", "placeholder", "data-inline-formset")
            texts += [named.attrs.get(name) or "" for name in names]
            texts.append(named.attrs.get("value") or "" if named.attrs.get("type") == "submit" else "")
    return " ".join(texts)


def test_a_noun_has_its_gender_its_article_and_its_elision():
    action, call, pst, event = Noun("action", "actions"), Noun("appel"), Noun("PST"), Noun("événement du journal")
    structure = Noun("structure", "structures")
    assert (action.a, action.the, action.of_the, action.this) == (
        "une action",
        "l’action",
        "de l’action",
        "cette action",
    )
    assert (call.a, call.the, call.of_the, call.this) == ("un appel", "l’appel", "de l’appel", "cet appel")
    assert (pst.a, pst.the, pst.of_the, pst.this) == ("un PST", "le PST", "du PST", "ce PST")
    assert (structure.the, structure.of_the, structure.no) == ("la structure", "de la structure", "aucune structure")
    assert (event.the, event.this, event.another) == ("l’événement du journal", "cet événement du journal", "un autre")
    assert (action.agreed("ajouté"), call.agreed("ajouté"), action.all) == ("ajoutée", "ajouté", "les actions")
    assert quoted("a" * 50 + " " + "b" * 50) == f"«\u00a0{'a' * 50}…\u00a0»"


MASCULINE = """
agent appel avis besoin bilan brouillon budget cadre calendrier comité compte destinataire dispositif document dossier
engagement événement fichier filtre groupe import indicateur jeton lieu message modèle périmètre porteur prh programme
projet pst rappel rattachement signet site territoire mot
"""


def test_the_gender_of_every_name_is_known():
    masculine = set(MASCULINE.split())
    assert FEMININE.isdisjoint(masculine)
    models = set(admin.site._registry) | {
        line.model for screen in admin.site._registry.values() for line in screen.inlines
    }
    missing = {noun.head for model in models if (noun := Noun.of(model._meta)).head not in FEMININE | masculine}
    assert missing == set()


def test_the_lines_of_every_form_are_of_our_kind():
    for screen in admin.site._registry.values():
        assert all(issubclass(inline, Lines) for inline in screen.inlines), screen


@pytest.fixture
def programme(founding):
    """A row of every kind that has a screen."""
    load_demo_projects(founding)
    ReferenceDocument.objects.create(title="Programme local de l’habitat", status="approved")
    Scheme.objects.get_or_create(code="ASV")
    CampaignFactory()
    CommitteeFactory()
    BudgetEnvelope.objects.create(year=2026, label="Essai", voted=1)
    PaperModel.objects.create(kind="notification", name="Essai", title="Essai", body="Essai")
    Message.objects.create(user=UserFactory(), title="Votre dossier est rendu", text="Deux pièces manquent.")
    InvitationFactory()


@pytest.fixture
def administrator(client):
    client.force_login(get_user_model().objects.create_superuser("chef", "chef@exemple.test", "x"))
    return client


def addresses(client, model):
    """Those of the list, of the form that adds, and of the first row of the list."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    row = client.get(reverse(f"{name}_changelist")).context["cl"].queryset.first()
    if row is not None:
        yield from (reverse(f"{name}_{verb}", args=[row.pk]) for verb in ("change", "delete", "history"))


def test_no_screen_says_a_formula(administrator, programme):
    wrong, rows, pages = {}, set(), 0
    for model in admin.site._registry:
        for address in addresses(administrator, model):
            response = administrator.get(address, follow=True)
            if response.status_code == 403:
                continue
            assert response.status_code == 200, address
            pages += 1
            rows |= {model._meta.model_name} if address.endswith("/change/") else set()
            if said := REFUSED.findall(read(response)):
                wrong[address] = sorted(set(said))
    assert wrong == {}
    missing = {model._meta.model_name for model in admin.site._registry} - rows
    # What is left of a file, of a change of framework; what serves other programs.
    assert missing == {"projectimport", "uncarriedlink", "apitoken", "webhook", "webhookdelivery"}
    assert pages > 80


def test_what_is_done_is_told_in_a_sentence(administrator, founding):
    def said(response):
        return [str(message) for message in response.context["messages"]]

    posted = {"code": "ASV", "name": ""}
    scheme = "admin:projects_scheme"
    page = administrator.get(reverse(f"{scheme}_add"))
    answer = administrator.post(reverse(f"{scheme}_add"), filled(page) | posted, follow=True)
    change = reverse(f"{scheme}_change", args=[Scheme.objects.get().pk])
    assert said(answer) == ["Le dispositif «\u00a0ASV\u00a0» est ajouté."]
    page = administrator.get(change)
    answer = administrator.post(change, filled(page) | {"name": "Atelier", "_continue": "1"}, follow=True)
    assert said(answer) == ["Le dispositif «\u00a0ASV\u00a0» est enregistré."]
    answer = administrator.post(change.replace("change", "delete"), {"post": "yes"}, follow=True)
    assert said(answer) == ["Le dispositif «\u00a0ASV\u00a0» est supprimé."]
    answer = administrator.get(change, follow=True)
    assert said(answer) == ["Ce dispositif n’existe pas, ou n’existe plus\u00a0: supprimé peut-être."]


def test_what_stands_in_the_way_of_a_deletion_is_listed(administrator):
    committee = CommitteeFactory(name="Comité de mars", campaign=CampaignFactory())
    page = administrator.get(reverse("admin:projects_campaign_delete", args=[committee.campaign.pk])).text
    address = reverse("admin:projects_committee_change", args=[committee.pk])
    assert f'Comité\u00a0: <a href="{address}">Comité de mars</a>' in page
    assert "Revenir à sa fiche" in page
    assert "Supprimer cet appel" not in page


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("projects_action", ("Les actions", "Ajouter une action", "Modifier l’action «")),
        ("projects_territory", ("Les territoires", "Ajouter un territoire", "Modifier le territoire «")),
        ("projects_organization", ("Les structures", "Ajouter une structure", "Modifier la structure «")),
        ("projects_campaign", ("Les appels à projets", "Ajouter un appel à projets", "Modifier l’appel à projets «")),
    ],
)
def test_the_title_of_a_screen_is_a_sentence(administrator, name, titles):
    row = {
        "projects_action": ProjectFactory,
        "projects_territory": TerritoryFactory,
        "projects_organization": OrganizationFactory,
        "projects_campaign": CampaignFactory,
    }[name]()
    addresses = [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")]
    addresses += [reverse(f"admin:{name}_{verb}", args=[row.pk]) for verb in ("change", "history")]
    shown = [administrator.get(address).context["title"] for address in addresses]
    assert [title for title, expected in zip(shown, titles, strict=False) if not title.startswith(expected)] == []
    assert shown[3].startswith("Historique de ") or shown[3].startswith("Historique du ")
    assert str(row)[:20] in shown[2]


def test_what_may_stand_only_once_says_in_its_own_words_that_it_is_taken():
    own = [model for model in apps.get_models() if model.__module__.startswith(("axes.", "projects.", "cohesion."))]
    typed = [
        field
        for model in own
        for field in model._meta.local_concrete_fields
        if field.unique and field.editable and not (field.primary_key or field.is_relation or field.name == "key")
    ]
    assert len(typed) > 6
    assert [str(field) for field in typed if field.error_messages["unique"].startswith("Un objet")] == []
