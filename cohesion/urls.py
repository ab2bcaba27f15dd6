"""Addresses of the site. Public ones are stable: they get cited in deliberations."""

from django.contrib import admin
from django.urls import include, path

from cohesion.site import first_visit, health, home, news, pages, sitemaps

urlpatterns = [
    path("admin/", admin.site.urls),
    path("compte/visite/", first_visit.first_visit, name="first_visit"),
    path("compte/visite/<slug:slug>/", first_visit.first_visit_step, name="first_visit_step"),
    path("nouveautes/", news.news, name="news"),
    path("compte/", include("cohesion.accounts.urls")),
    path("api/", include("projects.api.urls")),
    path("", home.home, name="home"),
    path("", include("projects.urls")),
    path("", include("projects.browsing.framework_urls")),
    path("mentions-legales/", pages.legal, name="legal"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("glossaire/", pages.glossary, name="glossary"),
    path("plan-du-site/", pages.site_plan, name="plan"),
    path("sante/", health.health, name="health"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("site.webmanifest", pages.manifest, name="manifest"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
]

handler400 = "cohesion.errors.bad_request"
handler404 = "cohesion.site.not_found.not_found"
handler429 = "cohesion.site.limits.too_many"  # which django-allauth asks for
handler500 = "cohesion.errors.server_error"
