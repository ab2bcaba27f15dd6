"""A program that has read the description of the API, and nothing else, does what people do on the screens."""

import pytest
from openapi_spec_validator import validate

from axes import tree
from axes.models import Framework, Orientation
from projects.api.views.doors import described
from projects.choices import ProjectStatus
from projects.models import Contribution
from tests.factories import ProjectFactory

# What is answered is made in Python: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.once
def test_the_description_is_one():
    validate(described())


def test_every_operation_says_in_french_what_it_does_and_what_it_refuses():
    for verbs in described()["paths"].values():
        for verb, operation in verbs.items():
            assert operation["summary"]
            assert {"400", "401", "403", "404", "405", "429", "503"} <= set(operation["responses"])
            if verb != "get":
                assert {"415", "422"} <= set(operation["responses"])


def _draft_of_a_hundred(program):
    slug = program.call("creerCadre", {"titre": "Cadre d’essai"}).data["identifiant"]
    made = {}
    for axis in range(1, 5):
        made[f"{axis}"] = ("", "axe")
        for challenge in range(1, 5):
            made[f"{axis}.{challenge}"] = (f"{axis}", "enjeu")
            for objective in range(1, 6):
                made[f"{axis}.{challenge}.{objective}"] = (f"{axis}.{challenge}", "objectif opérationnel")
    uids = {}
    for code, (parent, level) in made.items():
        body = {"code": code, "parent_code": parent, "niveau": level, "titre": f"Orientation {code}"}
        answer = program.call("creerOrientation", body, cadre=slug)
        assert answer.status_code == 201, answer.data
        uids[code] = answer.data["uid"]
    return slug, uids


def test_it_makes_a_draft_of_a_hundred_orientations_moves_a_branch_is_refused_a_stale_write_and_reads_the_coverage(
    program, founding, node
):
    slug, uids = _draft_of_a_hundred(program)
    draft = Framework.objects.get(slug=slug)
    assert draft.orientations.count() == 100
    seen = program.call("lireOrientation", cadre=slug, uid=uids["1.1"])
    first_tag = seen.headers["ETag"]
    moved = program.call(
        "deplacerOrientation",
        {"cible": uids["3"], "position": "en-dernier"},
        cadre=slug,
        uid=uids["1.1"],
        seen=first_tag,
    )
    assert moved.status_code == 200, moved.data
    assert moved.data["chemin"] == ["3"]
    assert len(moved.data["enfants"]) == 5
    branch = program.call("listerOrientations", cadre=slug, sous=uids["3"], taille=200).data["resultats"]
    assert [row["code"] for row in branch][-6:] == ["1.1", "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5"]
    stale = program.call("modifierOrientation", {"titre": "Autre"}, cadre=slug, uid=uids["1.1"], seen=first_tag)
    assert stale.status_code == 412
    assert stale.data["present"]["parent"] == uids["3"]
    again = program.call(
        "modifierOrientation", {"titre": "Autre"}, cadre=slug, uid=uids["1.1"], seen=stale.data["etag"]
    )
    assert again.status_code == 200
    assert Orientation.objects.get(uid=uids["1.1"]).title == "Autre"
    assert not tree.check()

    Contribution.objects.create(
        project=ProjectFactory(status=ProjectStatus.RUNNING), orientation=node("5.2"), is_main=True
    )
    rows = program.call("lireCouverture", annee="toutes", lignes="priorites").data["lignes"]
    assert {row["code"]: row["projets"] for row in rows}["5"] == 1


def test_what_is_written_without_its_state_is_refused(program, founding):
    slug = program.call("creerCadre", {"titre": "Cadre", "premier_axe": "Un axe"}).data["identifiant"]
    uid = program.call("listerOrientations", cadre=slug).data["resultats"][0]["uid"]
    for seen in (None, "*"):
        answer = program.call("modifierOrientation", {"titre": "Autre"}, cadre=slug, uid=uid, seen=seen)
        assert answer.status_code == 428
    gone = program.call("supprimerOrientation", cadre=slug, uid=uid, seen='"jamais"')
    assert gone.status_code == 412
    tag = program.call("lireOrientation", cadre=slug, uid=uid).headers["ETag"]
    assert program.call("supprimerOrientation", cadre=slug, uid=uid, seen=tag).status_code == 204
    assert not Orientation.objects.filter(uid=uid).exists()


def test_a_tag_that_a_compression_has_weakened_is_known_again(program, founding):
    slug = program.call("creerCadre", {"titre": "Cadre", "premier_axe": "Un axe"}).data["identifiant"]
    uid = program.call("listerOrientations", cadre=slug).data["resultats"][0]["uid"]
    tag = program.call("lireOrientation", cadre=slug, uid=uid).headers["ETag"]
    assert program.call("modifierOrientation", {"titre": "B"}, cadre=slug, uid=uid, seen=f"W/{tag}").status_code == 200


def test_what_is_sent_twice_under_one_key_is_made_once(program, founding):
    body = {"titre": "Cadre"}
    first, second = (program.call("creerCadre", body, key="mon-envoi") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data["identifiant"] == second.data["identifiant"]
    assert Framework.objects.filter(name="Cadre").count() == 1
    other = program.call("creerCadre", {"titre": "Un autre"}, key="mon-envoi")
    assert other.status_code == 422


def test_the_rules_of_the_tree_are_said_under_the_fields(program, founding):
    slug = program.call("creerCadre", {"titre": "Cadre", "premier_axe": "Un axe"}).data["identifiant"]
    taken = program.call("creerOrientation", {"code": "1", "niveau": "axe", "titre": "X"}, cadre=slug)
    assert taken.status_code == 422
    assert taken.headers["Content-Type"] == "application/problem+json"
    wrong = program.call(
        "creerOrientation", {"code": "é", "niveau": "étage", "titre": "", "zzz": 1, "colonnes": "x"}, cadre=slug
    )
    assert set(wrong.data["errors"]) == {"code", "niveau", "titre", "zzz", "colonnes"}
    orphan = program.call("creerOrientation", {"code": "2", "niveau": "enjeu", "titre": "X"}, cadre=slug)
    assert orphan.status_code == 422
    assert orphan.data["errors"]


def test_a_public_framework_is_written_by_no_program(program, founding):
    body = {"code": "99", "niveau": "axe", "titre": "X"}
    assert program.call("creerOrientation", body, cadre=founding.slug).status_code == 409
