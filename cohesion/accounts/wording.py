"""What django-allauth says by mail and on the page, in the words of the site; by the names of its own templates."""

# (subject, what happened)
MAILS = {
    "account/email/password_changed": (
        "Votre mot de passe a changé",
        "Le mot de passe de votre compte vient d’être changé.",
    ),
    "account/email/password_set": (
        "Votre mot de passe est choisi",
        "Un mot de passe vient d’être choisi pour votre compte.",
    ),
    "account/email/password_reset": (
        "Votre mot de passe a changé",
        "Un nouveau mot de passe vient d’être choisi par le lien reçu à cette adresse.",
    ),
    "mfa/email/totp_activated": (
        "Une application de codes est ajoutée à votre compte",
        "Une application de codes protège maintenant votre compte.",
    ),
    "mfa/email/totp_deactivated": (
        "L’application de codes est retirée de votre compte",
        "L’application de codes ne protège plus votre compte.",
    ),
    "mfa/email/recovery_codes_generated": (
        "De nouveaux codes de secours",
        "De nouveaux codes de secours viennent d’être créés ; les anciens ne valent plus rien.",
    ),
    "mfa/email/webauthn_added": (
        "Une clé est ajoutée à votre compte",
        "Une clé d’accès vient d’être ajoutée à votre compte.",
    ),
    "mfa/email/webauthn_removed": (
        "Une clé est retirée de votre compte",
        "Une clé d’accès vient d’être retirée de votre compte.",
    ),
}
MESSAGES = {
    "account/messages/password_changed.txt": "Votre mot de passe est changé. Vos autres sessions sont fermées.",
    "account/messages/password_set.txt": "Votre mot de passe est choisi.",
    "mfa/messages/totp_activated.txt": "L’application de codes protège maintenant votre compte.",
    "mfa/messages/totp_deactivated.txt": "L’application de codes est retirée.",
    "mfa/messages/recovery_codes_generated.txt": (
        "De nouveaux codes de secours sont créés ; les anciens ne valent plus rien."
    ),
    "mfa/messages/webauthn_added.txt": "La clé est ajoutée.",
    "mfa/messages/webauthn_removed.txt": "La clé est retirée.",
    "usersessions/messages/sessions_logged_out.txt": "Vos autres sessions sont fermées.",
}
ERRORS = {
    "email_password_mismatch": "L’adresse ou le mot de passe ne convient pas : vérifiez-les tous deux.",
    "too_many_login_attempts": "Trop d’essais manqués. Attendez un quart d’heure, ou changez de mot de passe.",
    "incorrect_password": "Ce mot de passe n’est pas le vôtre : retapez-le.",
    "enter_current_password": "Ce mot de passe n’est pas votre mot de passe actuel : retapez-le.",
    "incorrect_code": "Ce code ne convient pas : attendez le suivant dans l’application, et recopiez-le.",
    "rate_limited": "Trop d’essais manqués. Attendez un quart d’heure avant de recommencer.",
    "cannot_delete_authenticator": (
        "Votre compte doit garder un second facteur : ajoutez-en un autre avant de retirer celui-ci."
    ),
    "cannot_generate_recovery_codes": "Les codes de secours accompagnent un second facteur : ajoutez-en un d’abord.",
}
# The other ways to confirm that it is oneself.
WAYS = {
    "reauthenticate": "avec votre mot de passe",
    "mfa_reauthenticate": "avec un code",
    "mfa_reauthenticate:webauthn": "avec une clé d’accès",
}
