"""What a browser calls itself, in the two words that its owner knows it by."""

# In this order: most of them also name the one that they descend from.
NAMES = (
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """« Firefox, Windows »; what it says itself when it says nothing known."""
    parts = _named(NAMES, user_agent), _named(SYSTEMS, user_agent)
    return ", ".join(filter(None, parts)) or user_agent or "Navigateur inconnu"


def _named(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
