from django.urls import path

from projects.programming.views import envelopes, scenarios

urlpatterns = [
    path("instruction/enveloppes/", envelopes.envelopes, name="envelopes"),
    path("instruction/enveloppes.<str:format>", envelopes.envelopes_file, name="envelopes_file"),
    path("instruction/enveloppes/subventions/", envelopes.envelope_grants, name="envelope_grants"),
    path("instruction/enveloppes/subventions.<str:format>", envelopes.grants_file, name="envelope_grants_file"),
    path("instruction/comite/<int:pk>/simulations/", scenarios.scenarios, name="scenarios"),
    path("instruction/comite/<int:pk>/simulations.<str:format>", scenarios.scenarios_file, name="scenarios_file"),
    path("instruction/comite/<int:pk>/simulations/<int:scenario_pk>/", scenarios.scenario, name="scenario"),
    path(
        "instruction/comite/<int:pk>/simulations/<int:scenario_pk>/appliquer/",
        scenarios.scenario_apply,
        name="scenario_apply",
    ),
]
