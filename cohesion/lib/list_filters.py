"""What narrows a list, read from its address; and the last filters of each list, for its reader to take up again."""

from django.http import HttpRequest, QueryDict

REMEMBERED = "lists"  # in the session: the last filters of each list
NO_FILTER = ("p", "page", "o", "e", "all", "_facets", "tri", "ouvrir")  # how a list is read, not what is in it


def filters_of(query: QueryDict) -> str:
    """What narrows a list, of the parameters of its address."""
    kept = query.copy()
    for name, values in query.lists():
        if name in NO_FILTER or not any(values):
            del kept[name]
    return kept.urlencode()


def remember_filters(request: HttpRequest) -> None:
    """Keep the filters of a list, until its reader leaves."""
    current = filters_of(request.GET)
    if current and last_filters(request) != current:
        request.session[REMEMBERED] = {**request.session.get(REMEMBERED, {}), request.path: current}


def last_filters(request: HttpRequest) -> str:
    """The filters that this list had when somebody last used some."""
    return str(request.session.get(REMEMBERED, {}).get(request.path, ""))
