"""A second opinion: what the pages should say, from bare rows in plain Python, by no function of the pages."""

from collections import defaultdict
from copy import copy
from urllib.parse import parse_qsl

from django.utils import timezone

from axes.models import Framework, Orientation
from projects.models import Contribution, Need, Offer, OfferSite, Place, Project, Territory

PUBLIC = {"retained", "partly_retained", "running", "report_due", "report_received", "closed"}


def rows(model, **conditions):
    return {row["id"]: row for row in model._base_manager.filter(**conditions).values()}


class Rows:
    """The tables as they stand."""

    def __init__(self):
        framework = Framework._base_manager.get(status="in_force", programme=1)
        self.orientations = rows(Orientation, framework_id=framework.pk)
        self.codes = {row["code"]: key for key, row in self.orientations.items()}
        self.projects = {key: row for key, row in rows(Project).items() if row["status"] in PUBLIC}
        self.links = [one for one in rows(Contribution).values() if one["project_id"] in self.projects]
        self.territories = rows(Territory)
        self.places = defaultdict(set)
        for one in rows(Place).values():
            self.places[one["project_id"]].add(one["territory_id"])
        self.needs = [one for one in rows(Need).values() if one["is_published"]]
        self.offers = {key: row for key, row in rows(Offer).items() if row["project_id"] in self.projects}
        self.sites = defaultdict(set)
        for one in rows(OfferSite).values():
            self.sites[one["offer_id"]].add(one["territory_id"])

    def of_year(self, year):
        """The same tables, with the projects that run in a year alone; offers have years of their own."""
        narrow = copy(self)
        narrow.projects = {key: self.projects[key] for key in self.running(year)}
        narrow.links = [one for one in self.links if one["project_id"] in narrow.projects]
        return narrow

    # --- orientations ---------------------------------------------------------------------------------------

    def branch(self, code):
        """The keys of an orientation and of all under it."""
        found = {self.codes[code]}
        while more := {k for k, row in self.orientations.items() if row["parent_id"] in found} - found:
            found |= more
        return found

    def serving(self, code, *, direct=False, main=None):
        """The projects linked to the branch (or to itself); ``main``: whether that holds for their main link."""
        wanted = {self.codes[code]} if direct else self.branch(code)
        linked = [one for one in self.links if one["orientation_id"] in wanted]
        found, mainly = {one["project_id"] for one in linked}, {one["project_id"] for one in linked if one["is_main"]}
        return {None: found, True: mainly, False: found - mainly}[main]

    def in_order(self, level=None):
        found = sorted(self.orientations.values(), key=lambda row: (row["tree_id"], row["lft"]))
        return [row["code"] for row in found if level in (None, row["level"])]

    # --- territories ----------------------------------------------------------------------------------------

    def territory(self, code):
        return next(row for row in self.territories.values() if row["code"] == code)

    def inside(self, code):
        """The keys of a territory and, of a commune, of its quarters."""
        here = self.territory(code)
        parts = {k for k, row in self.territories.items() if row["parent_id"] == here["id"]}
        return {here["id"], *parts} if here["kind"] == "commune" else {here["id"]}

    def located(self, code):
        inside = self.inside(code)
        return {key for key in self.projects if self.places[key] & inside}

    def perimeter(self):
        return [row["code"] for row in self.territories.values() if row["kind"] == "commune" and row["is_in_perimeter"]]

    # --- lists ----------------------------------------------------------------------------------------------

    def running(self, year):
        return {
            key
            for key, row in self.projects.items()
            if row["starts_on"]
            and row["starts_on"].year <= year
            and (row["ends_on"] is None or row["ends_on"].year >= year)
        }

    def listed(self, address):
        """The projects that an address of the list asks for: those of the present year, unless it says another."""
        asked = dict(parse_qsl(address.partition("?")[2]))
        direct = asked.pop("compter", "") == "direct"
        main = {"principal": True, "secondaire": False}.get(asked.pop("rattachement", ""))
        found = set(self.projects)
        asked.setdefault("annee", str(timezone.localdate().year))
        for name, value in asked.items():
            found &= self._matching(name, value, direct, main)
        return found

    def _matching(self, name, value, direct, main):
        if (name, value) == ("axe", "sans"):
            linked = [one for one in self.links if one["orientation_id"] in self.orientations]
            return set(self.projects) - {one["project_id"] for one in linked}
        if (name, value) == ("commune", "sans"):
            return {key for key in self.projects if not self.places[key]}
        if name in ("orientation", "axe"):
            return self.serving(value, direct=direct, main=main)
        if name in ("commune", "quartier", "territoire"):
            return self.located(value)
        if (name, value) == ("annee", "toutes"):
            return set(self.projects)
        if name == "annee":
            return self.running(int(value)) if value.isdecimal() else self._out_of_years(value)
        tests = {
            "nature": lambda row: row["kind"] == value,
            "pst": lambda row: (row["host_id"] is None) == (value == "hors") and row["kind"] == "action",
            "etat": lambda row: row["status"] == value,
        }
        return {key for key, row in self.projects.items() if tests[name](row)}

    def _out_of_years(self, value):
        """« sans », « avant-2019 », « apres-2028 »."""
        way, _, year = value.partition("-")
        dates = {key: (row["starts_on"], row["ends_on"]) for key, row in self.projects.items()}
        tests = {
            "sans": lambda start, end: start is None,
            "avant": lambda start, end: start and end and end.year < int(year),
            "apres": lambda start, end: start and start.year > int(year),
        }
        return {key for key, (start, end) in dates.items() if tests[way](start, end)}

    # --- offers ---------------------------------------------------------------------------------------------

    def offered(self, year=None, kind="", commune=""):
        """The offers given in a year, of a kind, in a commune (« aucune »: without a site)."""
        found = []
        for key, row in self.offers.items():
            project = self.projects[row["project_id"]]
            start, end = row["starts_on"] or project["starts_on"], row["ends_on"] or project["ends_on"]
            in_time = year is None or (start and start.year <= year and (end is None or end.year >= year))
            here = not self.sites[key] if commune == "aucune" else not commune or self.sites[key] & self.inside(commune)
            if in_time and here and kind in ("", row["kind"]):
                found.append(row)
        return found
