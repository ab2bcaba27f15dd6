"""A PostgreSQL for the tests alone: started from the server's own binaries, on a socket, gone with the run.

Used by ``tests/settings.py`` when ``TEST_DB=postgres`` and no ``DATABASE_URL`` is given.
"""

import atexit
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote


def binaries() -> Path:
    found = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb") + glob.glob("/opt/homebrew/opt/postgresql*/bin/initdb"),
        key=lambda path: [int(part) if part.isdigit() else 0 for part in Path(path).parts],
    )
    on_path = shutil.which("initdb")
    if on_path:
        found.append(str(Path(on_path).resolve()))  # beside it, its other commands
    if not found:
        raise SystemExit(
            "TEST_DB=postgres : aucun serveur PostgreSQL trouvé. Installez le paquet « postgresql », "
            "ou donnez l’adresse d’une base dans DATABASE_URL."
        )
    return Path(found[-1]).parent


def _as_server_user() -> dict[str, object]:
    """The server refuses to run as root: drop to its own user where we are root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def start() -> str:
    """Start a cluster (or find the one that this run's first process started) and return its address."""
    if address := os.environ.get("COHESION_TEST_CLUSTER"):
        return address
    folder = binaries()
    identity = _as_server_user()
    home = Path(tempfile.mkdtemp(prefix="cohesion-pg-"))
    if identity:
        os.chown(home, identity["user"], identity["group"])  # type: ignore[arg-type]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, cwd=home, stdout=subprocess.DEVNULL, **identity)  # type: ignore[call-overload]

    data = home / "data"
    run(
        str(folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "cohesion",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    )
    # Nothing of a test database outlives the run: no need to wait for the disk.
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c max_connections=200"
    run(str(folder / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(home / "log"), "start")

    def stop() -> None:
        subprocess.run(
            [str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            cwd=home,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **identity,  # type: ignore[call-overload]
        )
        shutil.rmtree(home, ignore_errors=True)

    owner = os.getpid()
    atexit.register(lambda: stop() if os.getpid() == owner else None)
    address = f"postgres://cohesion@{quote(str(home), safe='')}/cohesion"
    os.environ["COHESION_TEST_CLUSTER"] = address
    return address


def own() -> str:
    """The address of an empty database on a cluster that is this run's own."""
    return start().rpartition("/")[0] + "/postgres"


def of_a_command(folder: Path) -> str:
    """The address of the empty database of a command: in this folder, or on PostgreSQL with ``TEST_DB=postgres``."""
    return own() if os.environ.get("TEST_DB") == "postgres" else f"sqlite:///{folder / 'pannes.sqlite3'}"
