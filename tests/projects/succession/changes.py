"""The founding framework gives way to another."""

import datetime

from axes import actions

ADOPTED = datetime.date(2027, 1, 15)


def adopt(framework, officer, **options):
    return actions.put_in_force(framework=framework, adopted_on=ADOPTED, deliberation="D-1", by=officer, **options)


def links(project, framework):
    rows = project.contributions.of(framework).order_by("-is_main", "orientation__lft")
    return [(link.orientation.code, link.is_main) for link in rows]


def rows_of(client, address):
    page = client.get(address)
    return page.context["page"].paginator.count
