"""``/compte/``: the pages of django-allauth that this site offers, under French addresses and allauth's own names."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from cohesion.accounts import leaving, lost_forms, saved_filters, token_views, views

urlpatterns = [
    path("", views.account, name="account"),
    path("donnees/", views.own_data, name="account_held"),
    path("donnees/fichier.json", views.own_data_file, name="account_held_file"),
    path("effacer/", leaving.leave, name="account_leave"),
    path("efface/", leaving.left, name="account_left"),
    path("filtres/", saved_filters.keep, name="filter_keep"),
    path("filtres/<int:pk>/retirer/", saved_filters.forget, name="filter_forget"),
    path("jetons/", token_views.tokens, name="tokens"),
    path("jetons/nouveau/", token_views.new_token, name="token_new"),
    path("jetons/<int:pk>/revoquer/", token_views.revoke_token, name="token_revoke"),
    path("connexion/", account.login, name="account_login"),
    path("connexion/code/", factors.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/oublie/fait/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("securite/", views.second_factors, name="mfa_index"),
    path("securite/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("securite/secours/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/secours/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("securite/cles/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/renommer/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("securite/cles/<int:pk>/retirer/", views.remove_key, name="mfa_remove_webauthn"),
    path("presence/", views.presence, name="account_presence"),
    path("saisie/", lost_forms.lost_form, name="lost_form"),
    path("saisie/effacer/", lost_forms.forget, name="lost_form_forget"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("sessions/<int:pk>/fermer/", views.close_session, name="usersessions_close"),
]
