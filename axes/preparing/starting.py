"""How a framework begins that follows none: from a file, from another council's, from nothing."""

from django.db import transaction

from axes import actions
from axes.levels import ROOT_LEVELS, Level
from axes.models import Framework, Orientation, Programme
from cohesion.lib.people import Person


@transaction.atomic
def begin(*, name: str, programme: Programme, by: Person, origin: str = "", first: str = "") -> Framework:
    """A new framework of a programme, in preparation; ``origin`` says what it comes from, ``first`` is the wording of
    its first orientation.

    Raises:
        ValidationError: a rule is broken; nothing is written then.
    """
    framework = Framework(name=name, programme=programme, slug=actions.free_slug(name), origin=origin)
    framework._history_user = by
    framework.full_clean()
    framework.save()
    if first.strip():
        root = next(level for level in Level if level in ROOT_LEVELS)
        node = Orientation(framework=framework, level=root, code="1", title=first.strip())
        actions.save_orientation(orientation=node, by=by)
    return framework
