"""Pages about the site itself, and the small files that browsers and crawlers ask for."""

import datetime

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from axes.models import Framework, Orientation
from cohesion.lib.glossary import groups
from projects.catalogue.models import Project
from projects.choices import ProjectKind
from projects.figures import breakdowns
from projects.housekeeping.register import TREATMENTS
from projects.territory.models import Territory

SECURITY_TXT_LIFE = datetime.timedelta(days=180)


def _about() -> dict[str, object]:
    return {
        "contact": settings.CONTACT_EMAIL,
        "publication_director": settings.PUBLICATION_DIRECTOR,
        "hosting": settings.HOSTING,
    }


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html", _about())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration that article 47 of the law of 11 February 2005 asks for."""
    return render(request, "pages/accessibility.html", _about() | {"reviewed_on": settings.ACCESSIBILITY_REVIEWED_ON})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, of whom, why and for how long: the lengths are those of the settings that hold them."""
    about = {"treatments": TREATMENTS, "error_service": bool(settings.SENTRY_DSN)}
    return render(request, "pages/privacy.html", _about() | about)


@require_safe
def site_plan(request: HttpRequest) -> HttpResponse:
    framework = Framework.objects.in_force().first()
    axes = Orientation.objects.filter(framework=framework, parent=None).in_order() if framework else []
    context = {
        "framework": framework,
        "axes": axes,
        "psts": Project.objects.published().filter(kind=ProjectKind.PST).order_by("search_text"),
        "communes": breakdowns.communes(Territory.objects.communes().in_perimeter().defer("outline")),
    }
    return render(request, "pages/plan.html", context)


@cache_control(max_age=86_400, public=True)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search pages are without number, and say nothing that the framework's own pages do not."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('account')}",
        f"Disallow: {reverse('axes:search')}",
        f"Sitemap: {_absolute(request, reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(max_age=86_400, public=True)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness of the site (RFC 9116), when there is an address to give."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_LIFE).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires}",
        "Preferred-Languages: fr",
        f"Canonical: {_absolute(request, request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(max_age=86_400, public=True)
@require_safe
def favicon(request: HttpRequest) -> FileResponse:
    """For the browsers that ask for this very address; the others take the SVG that the page names."""
    return FileResponse((settings.BASE_DIR / "static" / "favicon.ico").open("rb"), content_type="image/x-icon")


@cache_control(max_age=86_400, public=True)
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    about = {
        "name": settings.SITE_NAME,
        "short_name": "Cohésion sociale",
        "lang": "fr",
        "start_url": reverse("home"),
        "display": "browser",
        "background_color": "#fbf9f4",
        "theme_color": "#0e5a52",
        "icons": [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(about, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/glossary.html", {"groups": groups()})
