"""Go on with the papers that were asked for and are not made yet."""

from typing import Any

from django.core.management.base import BaseCommand

from cohesion.lib.text import count_phrase
from projects.correspondence.working import unfinished, work


class Command(BaseCommand):
    help = (
        "Fait les documents demandés pour plusieurs projets et qui attendent encore. Le site les fait de lui-même dès "
        "qu’ils sont demandés : cette commande, lancée chaque minute, reprend ce qu’un arrêt du site a interrompu."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = sum(work(issuing) for issuing in unfinished())
        self.stdout.write(f"{count_phrase(number, 'document repris', 'documents repris')}.")
