"""A migration never breaks the code that still runs beside it: what it may do, and how the rest is announced.

``RELEASED`` is the last migration of each application that installations run. At each release, write there the last
ones of the release before: those that came since are then compared to the rules of docs/operations.md (« Mise à jour
sans coupure »). There is no release yet: it says from which state the former code was tried over the new schema
(``python -m tests.faults.upgrade``).

A migration that must break the former code says so in ``PAUSE``, a French sentence beside its ``operations``: the
instruction of the upgrade repeats it.
"""

import pytest
from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

RELEASED = {"axes": "0001", "cohesion": "0002", "projects": "0011"}
GONE = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)


def refusal(operation, before=None):
    """Why the former code could not go on, or nothing. ``before``: the field that an alteration finds."""
    if isinstance(operation, GONE):
        return "ce que l’ancien code lit encore s’en va"
    if isinstance(operation, operations.AddConstraint):
        return "l’ancien code ne connaît pas cette règle"
    field = getattr(operation, "field", None)
    if isinstance(operation, operations.AddField):
        has_column = not isinstance(field, models.ManyToManyField)
        return "l’ancien code n’écrit pas cette colonne" if has_column and _is_demanding(field) else ""
    if isinstance(operation, operations.AlterField) and before is not None:
        if _is_demanding(field) and not _is_demanding(before):
            return "l’ancien code laisse cette colonne vide"
        if (before.max_length or 0) > (field.max_length or before.max_length or 0):
            return "l’ancien code écrit plus long"
    return ""


def _is_demanding(field):
    return not field.null and field.db_default is models.NOT_PROVIDED


def refusals(loader, key):
    """What a migration does that the former code could not bear."""
    app, name = key
    migration = loader.graph.nodes[key]
    state = loader.project_state(migration.dependencies and _parents(loader, key))
    found = []
    for operation in migration.operations:
        before = None
        if (
            _is_of_new_table(operation, migration.operations)
            or _is_looser(operation, migration.operations, state.models, app)
            or _is_of_new_columns(operation, migration.operations)
        ):
            continue
        if isinstance(operation, operations.AlterField):
            before = state.models[app, operation.model_name_lower].fields[operation.name]
        if why := refusal(operation, before):
            found.append(f"{app}.{name} : {operation.describe()} : {why}")
        operation.state_forwards(app, state)
    return found


def _is_looser(operation, operations_beside, models_before, app):
    """Whether a rule of uniqueness only takes the place of a narrower one: what the former code writes holds it."""
    rule = getattr(operation, "constraint", None)
    if not isinstance(operation, operations.AddConstraint) or not isinstance(rule, models.UniqueConstraint):
        return False
    removed = {one.name for one in operations_beside if isinstance(one, operations.RemoveConstraint)}
    return any(
        former.name in removed and set(former.fields) < set(rule.fields) and former.condition == rule.condition
        for former in models_before[app, operation.model_name_lower].options.get("constraints", ())
        if isinstance(former, models.UniqueConstraint)
    )


def _is_of_new_table(operation, operations_beside):
    """Whether an operation is about a table that comes with it: the former code writes no row there."""
    made = {one.name_lower for one in operations_beside if isinstance(one, operations.CreateModel)}
    return getattr(operation, "model_name_lower", "") in made


def _is_of_new_columns(operation, operations_beside):
    """Whether a rule speaks only of columns that come with it: the former code writes none of them."""
    rule = getattr(operation, "constraint", None)
    if not isinstance(operation, operations.AddConstraint) or not isinstance(rule, models.CheckConstraint):
        return False
    added = {
        one.name
        for one in operations_beside
        if isinstance(one, operations.AddField) and one.model_name_lower == operation.model_name_lower
    }
    return {name.partition("__")[0] for name, _ in rule.condition.children} <= added


def _parents(loader, key):
    return [parent.key for parent in loader.graph.node_map[key].parents]


def test_what_came_since_the_release_lets_the_former_code_go_on():
    loader = MigrationLoader(None)
    numbers = {(app, name[:4]) for app, name in loader.graph.nodes}
    assert set(RELEASED.items()) <= numbers
    new = [key for key in loader.graph.nodes if key[0] in RELEASED and key[1][:4] > RELEASED[key[0]]]
    found = []
    for key in sorted(new):
        if not getattr(loader.graph.nodes[key], "PAUSE", ""):
            found += refusals(loader, key)
    assert found == []


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("project", "new", models.CharField(max_length=5)),
        operations.AddField("project", "new", models.CharField(max_length=5, default="")),
        operations.AddField("project", "new", models.ForeignKey("self", models.CASCADE)),
        operations.RemoveField("project", "title"),
        operations.RenameField("project", "title", "name"),
        operations.RenameModel("Project", "Action"),
        operations.DeleteModel("Project"),
        operations.AlterModelTable("project", "actions"),
        operations.AddConstraint("project", models.CheckConstraint(condition=models.Q(pk__gt=0), name="x")),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_the_former_code_could_not_bear_is_seen(operation):
    assert refusal(operation)


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("project", "new", models.CharField(max_length=5, db_default="")),
        operations.AddField("project", "new", models.DateField(null=True)),
        operations.AddField("project", "new", models.ManyToManyField("self")),
        operations.CreateModel("New", []),
        operations.AddIndex("project", models.Index(fields=["title"], name="x")),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_is_only_added_is_let_through(operation):
    assert refusal(operation) == ""


def test_a_column_that_becomes_compulsory_or_shorter_is_seen():
    free, wide = models.CharField(max_length=9, null=True), models.CharField(max_length=9)
    assert refusal(operations.AlterField("project", "title", wide), free)
    assert refusal(operations.AlterField("project", "title", models.CharField(max_length=5)), wide)
    assert refusal(operations.AlterField("project", "title", models.CharField(max_length=20)), wide) == ""
