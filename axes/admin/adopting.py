"""A large framework is put in force under the eyes of who asked for it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse

from axes import actions
from axes.models import Framework
from cohesion.lib.people import Person
from cohesion.lib.progress import Say, watched

AT_ONCE = 5_000  # links that are carried while the page waits


def watched_adoption(
    page: str, *, framework: Framework, by: Person, shown: str, decided: dict[str, Any]
) -> StreamingHttpResponse:
    """``page`` with, as it goes, how many links are carried; all of them, or none where it is refused."""

    def work(say: Say) -> None:
        say("Les rattachements sont relus…")
        try:
            actions.put_in_force(framework=framework, by=by, shown=shown, say=say, **decided)
        except ValidationError as refusal:
            say(f"Rien n’a été fait. {' '.join(refusal.messages)}")
        else:
            say(f"Le cadre « {framework.name} » est en vigueur, verrouillé.")

    return watched(page, work)
