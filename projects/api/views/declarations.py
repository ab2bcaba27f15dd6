"""What a lead declares, part by part: written in the same words as the form, kept to the letter, corrected later."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cohesion.choices import TokenScope
from cohesion.lib.text import validate_line
from projects.api.columns import unknown
from projects.api.description import operation
from projects.api.problems import WHOLE, ApiProblem, Errors, ValuesRefused, refused
from projects.api.states import check_seen, tag_of
from projects.api.views.base import ApiView, refuse_if
from projects.declaring.answers import MOST_CHARACTERS, MOST_TICKED
from projects.declaring.drafts import NotWritable, begin, save_page
from projects.declaring.models import Declaration
from projects.declaring.pages import BY_SLUG, Page
from projects.declaring.views.doors import acting, own_declarations

FIRST = "action"


class Declarations(ApiView):
    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.PROJECTS}

    @operation(
        "commencerDeclaration",
        "Commencer la déclaration d’une action, pour une structure dont on est membre",
        body="NouvelleDeclaration",
        answer="Declaration",
        tag="Déclarer",
        status=201,
    )
    def post(self, request: Request) -> Response:
        memberships = {membership.organization_id: membership for membership in acting(self.person)}
        if not memberships:
            raise ApiProblem(403, "Votre compte n’agit pour aucune structure : il ne déclare rien.")
        body = self.body
        errors: Errors = unknown(body, ("titre", "structure"))
        title, key = body.get("titre"), body.get("structure")
        if not isinstance(title, str) or not title.strip():
            errors["titre"] = ["Donnez le titre de l’action."]
        if key is None and "structure" not in body and len(memberships) == 1:
            key = next(iter(memberships))
        if isinstance(key, bool) or not isinstance(key, int) or key not in memberships:
            errors["structure"] = ["Donnez le numéro d’une structure pour laquelle vous agissez."]
        refuse_if(errors)
        assert isinstance(title, str)
        assert isinstance(key, int)
        organization = memberships[key].organization

        def make() -> str:
            try:
                validate_line(title)
                declaration = begin(organization=organization, title=title, by=self.person)
            except ValidationError as error:
                raise refused(error, {"title": "titre", "__all__": "titre"}) from None
            return reverse("api:declaration", args=[declaration.project.code, FIRST])

        return self.made_once(make, self._show)

    def _show(self, address: str) -> Response:
        *_, code, slug = address.rstrip("/").split("/")
        response = answer(self, declared(self, code), BY_SLUG[slug])
        response.headers["Location"] = f"{self.site}{address}"
        return response


def declared(view: ApiView, code: str) -> Declaration:
    """
    Raises:
        Http404: it is nobody's, or somebody else's.
    """
    if view.request.auth is None:
        raise Http404
    return get_object_or_404(own_declarations(view.person), project__code=code)


def answer(view: ApiView, declaration: Declaration, page: Page) -> Response:
    """What a part says, and what is still to correct or to add before it can be handed in."""
    answers = declaration.answers.get(page.slug, {})
    form = page.form(declaration, answers)
    to_mend: Errors = {}
    for correction in [*form.faults, *form.gaps]:
        to_mend.setdefault(correction.field or WHOLE, []).append(correction.sentence)
    row = {
        "projet": declaration.project.code,
        "etat": declaration.project.get_status_display(),
        "partie": page.slug,
        "reponses": {name: answers.get(name, [] if name in form.ticked else "") for name in form.fields},
        "a_corriger": to_mend,
    }
    return view.of_state(row, _tag(declaration, page))


def _tag(declaration: Declaration, page: Page) -> str:
    answers = sorted(declaration.answers.get(page.slug, {}).items())
    return tag_of("declaration", declaration.pk, page.slug, declaration.project.status, answers)


class OneDeclaration(ApiView):
    scopes: ClassVar[Mapping[str, TokenScope]] = {"PATCH": TokenScope.PROJECTS}

    @operation("lireDeclaration", "Une partie d’une déclaration de sa structure", answer="Declaration", tag="Déclarer")
    def get(self, request: Request, code: str, partie: str) -> Response:
        declaration = declared(self, code)
        return answer(self, declaration, _page(partie))

    @operation(
        "ecrireDeclaration",
        "Écrire dans une partie d’une déclaration : ce qui n’est pas dit reste",
        body="Reponses",
        answer="Declaration",
        tag="Déclarer",
        is_seen=True,
    )
    def patch(self, request: Request, code: str, partie: str) -> Response:
        declaration, page = declared(self, code), _page(partie)
        with transaction.atomic():
            current = get_object_or_404(Declaration.objects.select_for_update(of=("self",)), pk=declaration.pk)
            current.project = declaration.project
            present = answer(self, current, page)
            check_seen(request, present.headers["ETag"], present.data)
            kept = current.answers.get(page.slug, {})
            mine = kept | self._typed(current, page)
            try:
                save_page(declaration=current, page=page, mine=mine, base=kept, by=self.person)
            except NotWritable as error:
                raise ApiProblem(409, error.messages[0]) from None
        return answer(self, declared(self, code), page)

    def _typed(self, declaration: Declaration, page: Page) -> dict[str, Any]:
        """
        Raises:
            ValuesRefused: an answer is of another type than its field, or of none.
        """
        form = page.form(declaration, declaration.answers.get(page.slug, {}))
        errors = unknown(self.body, form.fields)
        for name, value in self.body.items():
            if name not in errors and not _is_answer(value, is_list=name in form.ticked):
                errors[name] = ["Donnez une liste de textes." if name in form.ticked else "Donnez un texte."]
        if errors:
            raise ValuesRefused(errors)
        return dict(self.body)


def _page(slug: str) -> Page:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def _is_answer(value: Any, *, is_list: bool) -> bool:
    if not is_list:
        return isinstance(value, str) and len(value) <= MOST_CHARACTERS
    is_short = isinstance(value, list) and len(value) <= MOST_TICKED
    return is_short and all(isinstance(item, str) and len(item) <= MOST_CHARACTERS for item in value)
