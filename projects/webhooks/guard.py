"""Where one may send: to public addresses alone, so that nobody makes this server speak to its own network."""

import ipaddress
import socket
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

PORT = 443
LOOK_UP = 5  # seconds, to learn where a name leads
# Addresses of IPv6 that stand for others, which may be inside: translated, in the form of IPv4, of a site of old.
NOT_OURS = [ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "fec0::/10")]
NOT_PUBLIC = "Cette adresse n’est pas sur l’internet public : rien ne lui est envoyé."


def validate_target(url: str) -> None:
    """
    Raises:
        ValidationError: it is not https, names somebody, or leads into a network that is not public.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValidationError("Donnez une adresse en https.")
    if parts.username or parts.password:
        raise ValidationError("Une adresse ne contient ni nom ni mot de passe : la signature suffit.")
    try:
        public_address(parts.hostname, _port(url))
    except OSError:
        raise ValidationError("Ce nom ne mène à aucune adresse : vérifiez son écriture.") from None


def _port(url: str) -> int:
    try:
        return urlsplit(url).port or PORT
    except ValueError:
        raise ValidationError("Ce port n’existe pas.") from None


def public_address(host: str, port: int) -> str:
    """An address of a host, all of which are public: it is the one to connect to, for the name may lead elsewhere a
    moment later.

    Raises:
        OSError: the name leads nowhere.
        ValidationError: one of its addresses is private, of this machine, or of no use.
    """
    addresses = _looked_up(host, port)
    if not addresses or not all(map(is_public, addresses)):
        raise ValidationError(NOT_PUBLIC)
    return addresses[0]


def _looked_up(host: str, port: int) -> list[str]:
    """Where a name leads. The system sets no end to a look-up: it is made aside, and left there when it lasts.

    Raises:
        OSError: it leads nowhere, or nobody says where in time.
    """
    answers: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            named = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in named])
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put(OSError(host))

    Thread(target=look_up, daemon=True, name="webhook-name").start()
    try:
        answer = answers.get(timeout=LOOK_UP)
    except Empty:
        raise TimeoutError(f"{host}: no name server answered in {LOOK_UP} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def is_public(address: str) -> bool:
    """Whether anybody on the internet reaches it."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if any(known in network for network in NOT_OURS) or (inner is not None and not is_public(str(inner))):
            return False
    return known.is_global and not known.is_multicast
