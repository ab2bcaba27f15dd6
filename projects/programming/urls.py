from django.urls import path

from projects.programming.views import envelopes

urlpatterns = [
    path("instruction/enveloppes/", envelopes.envelopes, name="envelopes"),
    path("instruction/enveloppes.<str:format>", envelopes.envelopes_file, name="envelopes_file"),
    path("instruction/enveloppes/subventions/", envelopes.envelope_grants, name="envelope_grants"),
    path("instruction/enveloppes/subventions.<str:format>", envelopes.grants_file, name="envelope_grants_file"),
]
