"""Which projects a text is about."""

from django.db.models import Q

from cohesion.lib.french import significant
from cohesion.lib.text import fold
from projects.models.organization import Organization

SEARCHED_WORDS = 10


def mentions(text: str) -> Q:
    """The code, the title, the summary or the lead has all the words; accents, capitals and plurals do not count.

    The leads are read here, once for all the questions that are asked with the answer; the first
    ``SEARCHED_WORDS`` words count.
    """
    leads = [(pk, fold(" ".join(names))) for pk, *names in Organization.objects.values_list("pk", "name", "acronym")]
    asked = Q()
    for token in significant(text)[:SEARCHED_WORDS]:
        word = token.folded if len(token.folded) < 4 else token.folded.rstrip("sx")
        asked &= Q(search_text__contains=word) | Q(organization__in=[pk for pk, name in leads if word in name])
    return asked
