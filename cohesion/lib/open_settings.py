"""What an installation says of its open data, and who may show its pages inside theirs; refused when it cannot be."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cohesion.lib.siret import is_siret

INVENTED = (
    "20099999300013"  # of the form of a community's, its sum right: for a demonstration, which says that it is one
)
MOST_EMBEDDING = 10  # sites: the council's own, not the web


class Licence(NamedTuple):
    """Under which terms the data may be used again, and where these are read."""

    name: str
    address: str


def licence(name: str, address: str) -> Licence:
    """The licence of every table.

    Raises:
        ImproperlyConfigured: one of the two is missing, or the address is none of the web.
    """
    if not name.strip() or urlsplit(address).scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            "OPEN_DATA_LICENCE et OPEN_DATA_LICENCE_URL vont ensemble : le nom d’une licence, et son adresse en https://."
        )
    return Licence(name.strip(), address.strip())


def authority_siret(number: str) -> str:
    """The SIRET of the council, without spaces, or nothing.

    Raises:
        ImproperlyConfigured: it is no SIRET.
    """
    digits = "".join(number.split())
    if digits and not is_siret(digits):
        raise ImproperlyConfigured(
            f"AUTHORITY_SIRET : « {number} » n’est pas un SIRET. C’est un nombre de 14 chiffres, dont le dernier "
            "vérifie les autres : recopiez-le depuis l’avis de situation SIRENE de la collectivité."
        )
    return digits


def embedded_by(origins: Iterable[str]) -> list[str]:
    """The sites that may show public pages in a frame.

    Raises:
        ImproperlyConfigured: one is no ``https://name`` alone, or they are too many.
    """
    named = [origin.strip().rstrip("/") for origin in origins if origin.strip()]
    for origin in named:
        parts = urlsplit(origin)
        is_bare = parts.scheme == "https" and parts.hostname and origin == f"https://{parts.netloc}"
        if not is_bare or "*" in origin or "@" in origin:
            raise ImproperlyConfigured(
                f"EMBEDDED_BY : « {origin} » n’est pas l’origine d’un site. Écrivez https://nom, sans chemin ni étoile."
            )
    if len(named) > MOST_EMBEDDING:
        raise ImproperlyConfigured(
            f"EMBEDDED_BY nomme plus de {MOST_EMBEDDING} sites : gardez ceux de la collectivité."
        )
    return named
