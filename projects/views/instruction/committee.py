"""The projects of a meeting: what is decided of each, in one form."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from projects.models import Committee
from projects.views.instruction.door import officers_page, shown


@officers_page
def committee(request: HttpRequest, pk: int) -> HttpResponseBase:
    return shown(request, "instruction/committee.html", {"committee": get_object_or_404(Committee, pk=pk)})
