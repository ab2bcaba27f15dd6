"""The past of the invented programme: the calls of its three years, what was asked in them, instructed and decided.

The steps of each file are told from its dates and from those of its reports (:mod:`projects.demo.reported`). Nobody is
written to: all this is over.
"""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction

from cohesion.models import User
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.stamps import raise_revision
from projects.catalogue.workflow import BY_NAME, GRANTED, Who
from projects.choices import Criterion, Opinion, ProjectStatus, RequestKind
from projects.declaring.models import Campaign, Declaration
from projects.demo.aged import age
from projects.demo.calendar import DAY, Calendar, PastStep, in_order
from projects.demo.files import DemoFiles, choice
from projects.demo.planned import typed_plan
from projects.demo.reported import REPORTS, load_reports
from projects.demo.rows import counts, moment, write, write_at
from projects.instructing.models import Committee, Decision, Review, ReviewNote

CALLS, FILES = "appels.csv", "dossiers.csv"
SPRING, SUMMER = "Comité de pilotage (démonstration)", "Comité de pilotage de juin (démonstration)"
GIVEN_UP = "La structure n’a pas pu recruter : elle renonce à l’action."
CHECKED_WITHIN = 14 * DAY
Rows = dict[str, str]


@transaction.atomic
def load_demo_past(calendar: Calendar, *, leads: Mapping[str, User], officer: User) -> int:
    """Write what was asked, decided and reported of the projects that are there; returns the number of their files.

    ``leads`` are the accounts that act for an organisation, by its name: the steps of the others bear no account.
    """
    files = DemoFiles(calendar)
    past = _DemoPast(files, leads, officer)
    rows = files.rows(FILES)
    past.declare(rows)
    past.instruct(rows)
    past.decide(rows)
    walked = past.walk(rows)
    load_reports(files, past.projects, walked, by=officer)
    age(past.projects, walked, by=officer)
    raise_revision()
    return len(rows)


class _DemoPast:
    """The calls that are closed, and their files."""

    def __init__(self, files: DemoFiles, leads: Mapping[str, User], officer: User) -> None:
        self.files, self.leads, self.officer = files, leads, officer
        projects = Project.objects.select_related("organization")
        planned = projects.prefetch_related("budget_lines", "funding_lines", "indicators")
        self.projects = {project.code: project for project in planned}
        self.calls: dict[str, Campaign] = {}
        self.committees: dict[tuple[str, bool], Committee] = {}  # by year of the call; whether it is the second one
        for row in files.rows(CALLS):
            self._call(row)

    def _call(self, row: Rows) -> None:
        year, calendar = int(row["annee"]), self.files.calendar
        call = Campaign(
            name=row["nom"],
            year=year,
            opens_at=moment(datetime.date.fromisoformat(row["ouverture"])),
            closes_at=moment(datetime.date.fromisoformat(row["cloture"])),
            budget=Decimal(row["enveloppe"]),
            committee_on=calendar.decided_on(year),
            report_due_on=datetime.date.fromisoformat(row["bilan_attendu_le"]),
            text="Appel clos, inventé pour la démonstration : rien n’a été attribué.",
            is_published=True,
        )
        call.full_clean()
        call.save()
        self.calls[row["annee"]] = call

    def committee(self, row: Rows, *, again: bool = False) -> Committee:
        """The one that looked at a file: the first of its call or, ``again``, the second."""
        key = row["appel"], again
        if key not in self.committees:
            calendar, year = self.files.calendar, int(row["appel"])
            name, day = (SUMMER, calendar.decided_again_on(year)) if again else (SPRING, calendar.decided_on(year))
            self.committees[key] = Committee.objects.create(name=name, held_on=day, campaign=self.calls[row["appel"]])
        return self.committees[key]

    def last_committee(self, row: Rows) -> Committee:
        """The one that decided in the end: what was adjourned came before the second."""
        return self.committee(row, again=bool(row["ajournee"]))

    def declare(self, rows: list[Rows]) -> None:
        declarations = []
        for row in rows:
            project, people = self.projects[row["projet"]], counts(row)
            answers = typed_plan(project) | {"publics": {name: str(count) for name, count in people.items() if count}}
            declarations.append(
                Declaration(
                    project=project,
                    campaign=self.calls[row["appel"]],
                    previous=self.projects.get(row["precedente"]),
                    request_kind=choice(RequestKind, row["demande"]),
                    created_by=self.leads.get(project.organization.name),
                    answers=answers,
                    **people,
                )
            )
        write(Declaration, declarations)

    def instruct(self, rows: list[Rows]) -> None:
        reviews, notes = [], []
        for row in rows:
            review = Review(
                project=self.projects[row["projet"]],
                assigned_to=self.officer,
                opinion=choice(Opinion, row["avis"]),
                text=row["motivation"],
                proposed_amount=Decimal(row["propose"]) if row["propose"] else None,
                committee=self.last_committee(row),
                saved_by=self.officer,
                saved_at=moment(self.last_committee(row).held_on - DAY),
            )
            reviews.append(review)
            for criterion, note in zip(Criterion.values, row["notes"], strict=True):
                notes.append(ReviewNote(review=review, criterion=criterion, note=int(note)))
        write(Review, reviews)
        write(ReviewNote, notes)

    def decide(self, rows: list[Rows]) -> None:
        """Decide of each file what it was granted, by one committee or by the next one."""
        decisions = []
        for row in rows:
            project = self.projects[row["projet"]]
            if row["ajournee"]:
                first = self.committee(row)
                adjourned = Decision(
                    project=project,
                    outcome=ProjectStatus.ADJOURNED,
                    decided_on=first.held_on,
                    committee=first,
                    reason=row["ajournee"],
                    by=self.officer,
                )
                decisions.append((adjourned, first.held_on))
            last = self.last_committee(row)
            outcome = outcome_of(project)
            decision = Decision(
                project=project,
                outcome=outcome,
                amount=project.granted,
                deliberation=f"n° {last.held_on} (démonstration, référence inventée)" if project.granted else "",
                decided_on=last.held_on,
                committee=last,
                reason=row["motif"],
                by=self.officer,
            )
            decisions.append((decision, last.held_on))
        write_at(Decision, decisions)

    # --- steps ----------------------------------------------------------------------------------------------

    def walk(self, rows: list[Rows]) -> dict[str, list[PastStep]]:
        """Write the steps of each file in the log; returns them, by code of the project."""
        reports: dict[str, list[Rows]] = {}
        for report in self.files.rows(REPORTS):
            reports.setdefault(report["projet"], []).append(report)
        walked: dict[str, list[PastStep]] = {}
        logs: list[tuple[TransitionLog, datetime.date]] = []
        for rank, row in enumerate(rows):
            project = self.projects[row["projet"]]
            submitted_on = self.calls[row["appel"]].closes_at.date() - (rank % 10 + 1) * DAY
            steps = [
                PastStep("submit", submitted_on),
                *self._decided(project, row),
                *self._lived(project, self.last_committee(row), reports.get(project.code, [])),
            ]
            walked[project.code] = in_order(steps, self.files.calendar.today)
            logs += self._logs(project, walked[project.code])
        write_at(TransitionLog, logs)
        return walked

    def _decided(self, project: Project, row: Rows) -> Iterator[PastStep]:
        year, last = int(row["appel"]), self.last_committee(row)
        yield PastStep("admit", datetime.date(year - 1, 12, 10))
        yield PastStep("review", datetime.date(year, 1, 20))
        yield PastStep("propose", datetime.date(year, 3, 1))
        if row["ajournee"]:
            yield PastStep("adjourn", self.committee(row).held_on, row["ajournee"])
        steps = {
            ProjectStatus.RETAINED: "retain",
            ProjectStatus.PARTLY_RETAINED: "retain_partly",
            ProjectStatus.REFUSED: "refuse",
        }
        yield PastStep(steps[outcome_of(project)], last.held_on, row["motif"])

    def _lived(self, project: Project, last: Committee, reports: list[Rows]) -> Iterator[PastStep]:
        """What became of it once it was decided."""
        status, begins = project.status, project.starts_on or last.held_on
        if status == ProjectStatus.ABANDONED:
            yield PastStep("abandon", max(begins, last.held_on) + 45 * DAY, GIVEN_UP)
        elif status in GRANTED and not project.is_retained:
            yield PastStep("start", max(begins, last.held_on + 10 * DAY))
            for report in reports:
                yield from self._reported(project, report)

    def _reported(self, project: Project, report: Rows) -> Iterator[PastStep]:
        year = int(report["annee"])
        goes_on = project.is_running
        if not goes_on:
            yield PastStep("ask_report", datetime.date(year + 1, 1, 10))
        handed = self.files.handed_on(report)
        if handed is not None:
            yield PastStep("hand_report", handed, report=year)
            if report["controle"]:
                yield PastStep("go_on" if goes_on else "close", handed + CHECKED_WITHIN, report=year)

    def _logs(self, project: Project, steps: list[PastStep]) -> Iterator[tuple[TransitionLog, datetime.date]]:
        status: str = ProjectStatus.DRAFT
        for step in steps:
            known = BY_NAME[step.name]
            is_leads = known.who == Who.LEAD
            target = str(known.target)
            log = TransitionLog(
                project=project,
                transition=step.name,
                source=status,
                target=target,
                by=self.leads.get(project.organization.name) if is_leads else self.officer,
                organization=project.organization if is_leads else None,
                comment=step.comment,
            )
            yield log, step.day
            status = target


def outcome_of(project: Project) -> ProjectStatus:
    """What was decided of a project that is decided: all that it asked, less, or nothing."""
    if project.granted is None:
        return ProjectStatus.REFUSED
    is_whole = project.requested is None or project.granted >= project.requested
    return ProjectStatus.RETAINED if is_whole else ProjectStatus.PARTLY_RETAINED
