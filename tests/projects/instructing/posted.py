"""What the forms of the page of a file post, and what they show."""

from django.utils import timezone

from tests.site.forms import filled


def address(project):
    return f"/instruction/{project.pk}/"


def grid(base="", **typed):
    """What the form of the grid posts; without what it showed, unless that is given."""
    return {"etape": "grille", "base": base, **typed}


def base_of(client, project):
    """What the form of the grid shows now, as it brings it back."""
    return read_form(client, project)["base"][0]


def step(name, **typed):
    """What the form of a step posts."""
    return {"etape": name, **{f"{name}-{field}": value for field, value in typed.items()}}


def ruling(**typed):
    return step("decide", decided_on=timezone.localdate().isoformat(), **typed)


def while_typing(client, project, **typed):
    """What the page's script posts: the form, without a button."""
    answer = client.post(address(project), typed, headers={"Accept": "application/json"})
    return answer.status_code, answer.json()


def read_form(client, project):
    return filled(client.get(address(project)), "#dossier")
