"""``/api/``: cited by programs, so that they change no more within a version."""

from django.urls import path, re_path

from projects.api.views import around, declarations, doors, figures, frameworks, needs, orientations, projects

app_name = "api"
V1 = "v1/"
NODE = f"{V1}cadres/<slug:cadre>/orientations/<uuid:uid>/"
urlpatterns = [
    path("docs/", doors.docs, name="docs"),
    path(V1, doors.Root.as_view(), name="root"),
    path(f"{V1}openapi.json", doors.schema, name="schema"),
    path(f"{V1}cadres/", frameworks.Frameworks.as_view(), name="frameworks"),
    path(f"{V1}cadres/<slug:cadre>/", frameworks.OneFramework.as_view(), name="framework"),
    path(f"{V1}cadres/<slug:cadre>/orientations/", orientations.Orientations.as_view(), name="orientations"),
    path(NODE, orientations.OneOrientation.as_view(), name="orientation"),
    path(f"{NODE}deplacer/", orientations.MoveOrientation.as_view(), name="orientation_move"),
    path(f"{V1}projets/", projects.Projects.as_view(), name="projects"),
    path(f"{V1}projets/<str:code>/", projects.OneProject.as_view(), name="project"),
    path(f"{V1}projets/<str:code>/indicateurs/", projects.Indicators.as_view(), name="project_indicators"),
    path(f"{V1}declarations/", declarations.Declarations.as_view(), name="declarations"),
    path(f"{V1}declarations/<str:code>/<slug:partie>/", declarations.OneDeclaration.as_view(), name="declaration"),
    path(f"{V1}rattachements/", projects.PublicLinks.as_view(), name="links"),
    path(f"{V1}territoires/", around.Territories.as_view(), name="territories"),
    path(f"{V1}territoires/<str:code>/", around.OneTerritory.as_view(), name="territory"),
    path(f"{V1}structures/", around.Organizations.as_view(), name="organizations"),
    path(f"{V1}structures/<int:numero>/", around.OneOrganization.as_view(), name="organization"),
    path(f"{V1}offres/", around.Offers.as_view(), name="offers"),
    path(f"{V1}besoins/", needs.Needs.as_view(), name="needs"),
    path(f"{V1}besoins/<int:numero>/", needs.OneNeed.as_view(), name="need"),
    path(f"{V1}couverture/", figures.Coverage.as_view(), name="coverage"),
    path(f"{V1}montants/", figures.Money.as_view(), name="money"),
    path(f"{V1}indicateurs/", figures.PublicIndicators.as_view(), name="results"),
    re_path(r"^v1/(?P<lost>.+)$", doors.Nothing.as_view(), name="nothing"),
]
