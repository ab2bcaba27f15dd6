"""The envelopes of the demonstration and a programming that is tried before its next committee: invented figures, as
all that it shows. They are data, in ``fixtures/demo/``."""

from decimal import Decimal

from django.db import transaction

from axes.models import Framework, Orientation
from cohesion.models import User
from projects.catalogue.models import Scheme
from projects.choices import ProjectStatus
from projects.demo.calendar import Calendar
from projects.demo.files import DemoFiles
from projects.instructing.models import Committee
from projects.instructing.sheet import proposals
from projects.programming.models import BudgetEnvelope
from projects.programming.scenarios import make_scenario, save_scenario, tries_of
from projects.programming.starts import PROPOSED, REQUESTED, Try


@transaction.atomic
def load_demo_programming(framework: Framework, calendar: Calendar, *, officer: User) -> None:
    """Load the envelopes of this year and of the next, and two scenarios of the committee to come.

    In January the call is of the year itself, whose envelopes come first in the file: they stand alone.
    """
    schemes = {scheme.code: scheme for scheme in Scheme.objects.all()}
    orientations = {node.code: node for node in Orientation.objects.filter(framework=framework, parent=None)}
    envelopes: set[tuple[str, str]] = set()
    for row in DemoFiles(calendar).rows("enveloppes.csv"):
        if (row["annee"], row["nom"]) in envelopes:
            continue
        envelopes.add((row["annee"], row["nom"]))
        envelope = BudgetEnvelope(
            year=int(row["annee"]),
            label=row["nom"],
            voted=Decimal(row["vote"]),
            is_delegated=row["deleguee"] == "oui",
            scheme=schemes.get(row["dispositif"]),
            orientation=orientations.get(row["orientation"]),
        )
        envelope.full_clean()
        envelope.save()
    for committee in Committee.objects.filter(held_on__gte=calendar.today):
        if proposals(committee).exists():
            make_scenario(committee, start=PROPOSED, name="Les propositions (démonstration)", by=officer)
            prudent = make_scenario(committee, start=REQUESTED, name="Prudente (démonstration)", by=officer)
            dearest, line = max(tries_of(prudent).items(), key=lambda each: each[1].amount or 0)
            lowered = Try(ProjectStatus.PARTLY_RETAINED, (line.amount or Decimal(0)) / 2)
            save_scenario(prudent, name=prudent.name, tries={dearest: lowered}, seen="1", by=officer)
