"""What only a private thing holds is never shown, counted, proposed nor corrected to, for whoever may not read it."""

from itertools import count

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import CharField, Model, TextField

from projects.models import (
    BudgetEnvelope,
    Declaration,
    FileNote,
    Message,
    Need,
    Organization,
    PaperModel,
    Project,
    ReferenceDocument,
    Remark,
    SearchEntry,
    SearchWord,
)
from projects.search import complete, search
from projects.search.refreshing import refresh_all
from tests.factories import (
    AgreementFactory,
    DeclarationFactory,
    FrameworkFactory,
    GrantFactory,
    InvitationFactory,
    LeadFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    OrientationFactory,
    PaperFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LETTERS = "bcdfghjklmnpqrstvwxz"
# What public pages say of a public project and of the structure that leads it: all else of their texts is planted.
SAID = {Project: {"code", "title", "summary", "audience", "search_text"}, Organization: {"name", "acronym"}}


class Garden:
    """Words that nothing else has, each in one private place."""

    def __init__(self) -> None:
        self._ranks = count()
        self.words: dict[str, str] = {}

    def word(self, place: str) -> str:
        rank = next(self._ranks)
        word = f"zyg{LETTERS[rank // 20]}u{LETTERS[rank % 20]}omax"
        self.words[word] = place
        return word

    def plant(self, row: Model, *, aside: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """One in each free text of a row."""
        texts = {}
        for field in row._meta.concrete_fields:
            is_free = isinstance(field, TextField) or (isinstance(field, CharField) and (field.max_length or 0) >= 12)
            if is_free and not isinstance(field, models.FileField) and not field.choices and field.name not in aside:
                texts[field.name] = self.word(f"{row._meta.label}.{field.name}")
        type(row)._base_manager.filter(pk=row.pk).update(**texts)


def everything_private(garden: Garden, public: Project, private: Project) -> None:
    """A word in each text of each private kind of thing."""
    officer, lead = OfficerFactory(), LeadFactory(acts_for=public.organization)
    garden.plant(public, aside=SAID[Project])
    garden.plant(public.organization, aside=SAID[Organization])
    garden.plant(private)
    garden.plant(private.organization)
    garden.plant(OrganizationFactory())
    for project in (public, private):
        FileNote.objects.create(project=project, text=garden.word("FileNote"), by=officer)
        Remark.objects.create(project=project, page="action", text=garden.word("Remark"), by=officer)
        title, text = garden.word("Message.title"), garden.word("Message.text")
        Message.objects.create(key=f"k{project.pk}", project=project, title=title, text=text, user=lead)
    declaration = DeclarationFactory(project=private)
    Declaration.objects.filter(pk=declaration.pk).update(answers={"action": {"title": garden.word("Declaration")}})
    garden.plant(GrantFactory(project=public))
    garden.plant(AgreementFactory(organization=public.organization))
    PaperFactory(project=public, organization=public.organization, title=garden.word("Paper.title"))
    garden.plant(PaperModel.objects.create(name="x", title="x", body="x"))
    garden.plant(BudgetEnvelope.objects.create(year=2026, label="x", voted=1))
    garden.plant(InvitationFactory(organization=public.organization))
    member = UserFactory(first_name=garden.word("User.first_name"), last_name=garden.word("User.last_name"))
    MembershipFactory(user=member, organization=public.organization)
    draft = FrameworkFactory(status="draft", name=garden.word("Framework.name"))
    OrientationFactory(framework=draft, code="9", title=garden.word("Orientation.title"), level="axis")
    place = TerritoryFactory(code="27299", name="Gravigny")
    Need.objects.create(wording=garden.word("Need"), heard_on="2026-01-02", territory=place, is_published=False)
    ReferenceDocument.objects.create(title=garden.word("ReferenceDocument"), status="approved")


def test_no_word_that_only_a_private_thing_holds_reaches_who_may_not_read_it():
    framework = FrameworkFactory(status="in_force")
    OrientationFactory(framework=framework, code="1", title="Accueillir", level="axis")
    garden = Garden()
    public = ProjectFactory(title="Le café des parents", status="running")
    private = ProjectFactory(title="Autre chose", status="draft", organization=OrganizationFactory())
    everything_private(garden, public, private)
    refresh_all()
    reached = {}
    for viewer in (AnonymousUser(), LeadFactory()):
        for word, place in garden.words.items():
            results, near = search(word, viewer, framework), search(f"{word[:-1]}q", viewer, framework)
            if results.total or results.suggestion or near.suggestion:
                reached[place] = word
        assert complete("zyg", viewer, framework) == []
    assert reached == {}
    assert len(garden.words) > 60
    assert not SearchWord.objects.filter(word__in=garden.words).exists()
    filed = " ".join(SearchEntry.objects.filter(is_public=True).values_list("words", flat=True))
    assert [place for word, place in garden.words.items() if word in filed] == []


def test_the_words_that_were_planted_are_found_by_who_may_read_them():
    """Else the rule above would hold of a search that finds nothing."""
    framework = FrameworkFactory(status="in_force")
    garden = Garden()
    private = ProjectFactory(status="draft", title=garden.word("Project.title"))
    refresh_all()
    word = next(iter(garden.words))
    assert search(word, OfficerFactory(), framework).total == 1
    assert search(word, LeadFactory(acts_for=private.organization), framework).total == 1
    assert search(word, LeadFactory(), framework).total == 0
