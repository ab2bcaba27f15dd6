"""Prepare a demonstration and serve it on this machine."""

import errno
import os
import socket
import sqlite3
import sys
from argparse import ArgumentParser
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from django.urls import reverse

from cohesion import backup, demo
from cohesion.lib.dates import plain_date

SERVER = (
    *("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--backpressure", "1024"),
    *("--no-ws", "--log-level", "error", "--workers-kill-timeout", "3", "--working-dir", str(settings.BASE_DIR)),
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = (
        "Prépare une base de démonstration (SQLite, ou celle de DATABASE_URL), affiche l’adresse et les comptes, "
        "et sert le site sur cette machine. Ne touche jamais à une base qui n’est pas une démonstration. "
        f"Ses dates sont comptées du jour où elle est faite ; après {demo.KEPT_DAYS} jours, ou l’année finie, elle est "
        "mise de côté dans une sauvegarde et refaite à la date du jour."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Tout faire sauf servir.")
        parser.add_argument("--reset", action="store_true", help="Vider d’abord la base de démonstration.")
        parser.add_argument("--programmes", action="store_true", help="Avec un second programme, à côté.")
        parser.add_argument("--port", type=int, default=8000, help="Port d’écoute (8000 par défaut).")
        parser.add_argument("--host", default="127.0.0.1", help="Adresse d’écoute (127.0.0.1 par défaut).")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["port"] < 65_536:
            raise CommandError("Un port est un nombre de 1 à 65535, par exemple --port 8000.")
        self._prepare(reset=options["reset"], has_programmes=options["programmes"])
        if not options["check"]:
            self._refuse_busy(options["host"], options["port"])
        self._present(options["host"], options["port"])
        if not options["check"]:
            self._serve(options["host"], options["port"])

    def _prepare(self, *, reset: bool, has_programmes: bool) -> None:
        try:
            prepared = demo.prepare(reset=reset, has_programmes=has_programmes)
        except demo.NotADemo as refusal:
            raise CommandError(
                f"Cette base n’est pas une base de démonstration : {refusal}. Rien n’a été modifié. "
                "Donnez une base vide dans DATABASE_URL, ou retirez cette variable."
            ) from None
        except backup.Unusable as refusal:
            raise CommandError(
                f"Cette démonstration a vieilli et n’a pas pu être mise de côté : {refusal} Rien n’a été modifié. "
                "« demo --reset » la refait sans la garder."
            ) from None
        except (sqlite3.Error, DatabaseError, OSError) as error:
            raise CommandError(f"La base de données ne répond pas comme prévu : {error}".strip()) from error
        self.stdout.write(self._outcome(prepared))

    def _outcome(self, prepared: demo.Prepared) -> str:
        day = plain_date(prepared.reference_day)
        if not prepared.created:
            unchanged = "" if prepared.is_programme_added else " : rien n’a changé"
            return f"Base de démonstration déjà prête, aux dates du {day}{unchanged}."
        if prepared.put_aside is None:
            return f"Base de démonstration préparée, aux dates du {day}."
        return (
            f"La démonstration avait vieilli : elle est refaite aux dates du {day}.\n"
            f"Ce qui s’y trouvait est dans {prepared.put_aside} (« restore --replace » le rend)."
        )

    def _present(self, host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        lines = [f"Base      {self._database()}", f"Adresse   http://{shown}:{port}/", "Comptes"]
        lines += [f"  {account.email:<22}{account.title}" for account in demo.ACCOUNTS]
        lines += [
            f"  mot de passe de tous : {demo.PASSWORD}",
            f"  connexion : http://{shown}:{port}{reverse('account_login')}",
        ]
        if host not in LOOPBACK:
            lines.append(
                "Attention : ce mot de passe est public et d’autres machines peuvent joindre cette adresse. "
                "Indiquez dans ALLOWED_HOSTS les noms sous lesquels le site sera demandé."
            )
        self.stdout.write("\n".join(lines))

    def _database(self) -> str:
        name = connection.settings_dict["NAME"]
        return f"{name} ({'SQLite' if connection.vendor == 'sqlite' else 'PostgreSQL'})"

    def _refuse_busy(self, host: str, port: int) -> None:
        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with closing(socket.socket(family, socket.SOCK_STREAM)) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind(address)
        except PermissionError:
            raise CommandError(f"Le port {port} est réservé : choisissez-en un autre avec --port 8000.") from None
        except OSError as error:
            busy = error.errno == errno.EADDRINUSE
            raise CommandError(
                f"Le port {port} est déjà occupé : choisissez-en un autre, par exemple --port {port + 1}."
                if busy
                else f"Impossible d’écouter sur {host}, port {port} : vérifiez --host et --port ({error})."
            ) from None

    def _serve(self, host: str, port: int) -> None:
        """Become the server, until Ctrl-C. It starts afresh: it reads all it needs from the environment."""
        os.environ["SECRET_KEY"] = self._secret_key()
        names = dict.fromkeys([*settings.ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", host])
        os.environ["ALLOWED_HOSTS"] = ",".join(names)
        with suppress(OSError):  # nothing is collected for a demonstration, but the folder is expected
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        connections.close_all()
        self.stdout.write("Ctrl-C pour arrêter.")
        self.stdout.flush()
        server = [sys.executable, "-m", "granian", *SERVER, "--host", host, "--port", str(port)]
        os.execv(server[0], [*server, "cohesion.wsgi:application"])

    def _secret_key(self) -> str:
        try:
            return os.environ.get("SECRET_KEY") or demo.secret_key()
        except OSError:
            return settings.SECRET_KEY  # a checkout that cannot be written: good for this run
