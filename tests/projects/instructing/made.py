"""Projects at each point of their instruction."""

from decimal import Decimal

from projects.choices import Criterion, Opinion, ProjectStatus
from projects.models import Review, ReviewNote
from tests.factories import CommitteeFactory, ProjectFactory


def reviewed(project, *, officer=None, committee=None, **values):
    """The project with a complete instruction: every note, an opinion, a committee."""
    review = Review.objects.create(
        project=project,
        assigned_to=officer,
        opinion=Opinion.FAVOURABLE,
        committee=committee or CommitteeFactory(),
        **values,
    )
    for criterion in Criterion:
        ReviewNote.objects.create(review=review, criterion=criterion, note=3)
    return project


def proposed(*, committee=None, officer=None, requested=Decimal(5000), **values):
    """A project that the committee has before it."""
    project = ProjectFactory(status=ProjectStatus.PROPOSED, requested=requested, **values)
    return reviewed(project, officer=officer, committee=committee)
