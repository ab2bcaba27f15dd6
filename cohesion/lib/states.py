"""What a row is, in one word: the state that a template asks for, said once beside its field."""


def holds(field: str, *values: str) -> property:
    """A property of a model: whether the field has one of these values.

    ``is_running = holds("status", ProjectStatus.RUNNING)``.
    """

    def is_held(row: object) -> bool:
        return getattr(row, field) in values

    return property(is_held)
