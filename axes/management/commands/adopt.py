"""Put a framework in force: shows what would become of what is linked to the former; writes with ``--apply`` only."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError

from axes import actions, adoption
from axes.adoption import Outlook
from axes.models import Framework
from cohesion.lib.importing_command import ImportCommand
from cohesion.lib.people import Person


class Command(ImportCommand):
    help = (
        "Met un cadre en vigueur. Montre ce que deviendrait tout ce qui est rattaché au cadre d’aujourd’hui ; n’écrit "
        "qu’avec --apply, tout ou rien. Sortie 0 si la mise en vigueur est possible, 1 si elle est refusée."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="IDENTIFIANT", help="Le cadre en préparation.")
        parser.add_argument("--date", required=True, metavar="AAAA-MM-JJ", help="Le jour de son adoption.")
        parser.add_argument("--deliberation", default="", metavar="REF", help="La référence de la délibération.")
        parser.add_argument("--apply", action="store_true", help="Écrire, au lieu de seulement montrer.")
        parser.add_argument("--json", action="store_true", help="Écrire le rapport en JSON.")
        parser.add_argument("--user", metavar="ADRESSE", help="Le compte au nom de qui le cadre est mis en vigueur.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        day = self._day(options["date"])
        user = self.account(options["user"])
        framework = Framework.objects.filter(slug=options["slug"]).first()
        if framework is None:
            self.refuse(f"Aucun cadre ne porte l’identifiant « {options['slug']} ».")
        former = adoption.predecessor(framework) if framework.is_draft else None
        outlook = adoption.outlook(former, framework) if former else None
        if outlook and not self.as_json:
            self._say(outlook)
        try:
            actions.check_adoptable(framework, former, outlook.digest if outlook else "")
            if options["apply"]:
                self._adopt(framework, day, options["deliberation"], user, outlook)
        except ValidationError as error:
            self.refuse(" ".join(error.messages))
        self._report(framework, former, outlook, is_applied=options["apply"])

    def _day(self, typed: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(typed)
        except ValueError:
            return self.refuse(f"« {typed} » n’est pas un jour : écrivez-le comme 2027-03-12.")

    def _adopt(
        self,
        framework: Framework,
        day: datetime.date,
        deliberation: str,
        user: Person | None,
        outlook: Outlook | None,
    ) -> None:
        actions.put_in_force(
            framework=framework,
            adopted_on=day,
            deliberation=deliberation,
            by=user,
            shown=outlook.digest if outlook else "",
            say=adoption.silent if self.as_json else self.stdout.write,
        )

    def _say(self, outlook: Outlook) -> None:
        for sentence in [*outlook.sentences, *outlook.succession.sentences]:
            self.stdout.write(sentence)
        undecided = [f"{node.code} {node.display_title[:70]}" for node in outlook.succession.undecided]
        self.say_entries("Orientations que personne n’a décidées", undecided)

    def _report(
        self, framework: Framework, former: Framework | None, outlook: Outlook | None, *, is_applied: bool
    ) -> None:
        if self.as_json:
            self.write_json(
                {
                    "accepted": True,
                    "applied": is_applied,
                    "framework": framework.slug,
                    "former": former.slug if former else None,
                    "sentences": [*outlook.sentences, *outlook.succession.sentences] if outlook else [],
                    "undecided": [node.code for node in outlook.succession.undecided] if outlook else [],
                }
            )
        elif is_applied:
            archived = f" ; « {former.slug} » est archivé" if former else ""
            self.stdout.write(f"✓ « {framework.slug} » est en vigueur, verrouillé{archived}.")
        else:
            self.stdout.write("✓ La mise en vigueur est possible. Rien n’est écrit : ajoutez --apply.")
