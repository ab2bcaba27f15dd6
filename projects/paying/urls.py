from django.urls import path

from projects.paying.views import agreements, grant, payments, withdrawal

urlpatterns = [
    path("instruction/<int:pk>/subvention/", grant.grant, name="instruction_grant"),
    path("instruction/<int:pk>/subvention/convention/", agreements.make, name="instruction_agreement_make"),
    path("instruction/<int:pk>/subvention/retrait/", withdrawal.withdrawal, name="instruction_withdrawal"),
    path("instruction/conventions/", agreements.agreements, name="instruction_agreements"),
    path(
        "instruction/conventions/conventions.<str:format>",
        agreements.agreements_file,
        name="instruction_agreements_file",
    ),
    path("instruction/conventions/<int:pk>/", agreements.agreement, name="instruction_agreement"),
    path("instruction/conventions/<int:pk>/ecrire/", agreements.rewrite, name="instruction_agreement_write"),
    path("instruction/versements/", payments.payments, name="instruction_payments"),
    path("instruction/versements/versements.<str:format>", payments.payments_file, name="instruction_payments_file"),
    path("instruction/versements/<int:pk>/", payments.payment, name="instruction_payment"),
]
