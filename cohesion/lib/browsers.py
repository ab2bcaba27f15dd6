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
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (NAMES, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent or "Navigateur inconnu"
