"""Who gets what by GET at every address of the site, and the addresses themselves.

200 a page, 302 towards the login or another page, 403 somebody known who may not, 404 an object that one may not know
of. An address that the table does not name fails a test.
"""

from django.urls import URLPattern, URLResolver, get_resolver

from projects.choices import ProjectKind

# « account » is somebody who logs in but has no role; « lead » acts for the organisation of the drafts.
ROLES = ("public", "account", "lead", "other lead", "elected", "officer", "administrator")

# What each kind of address answers to each role, in the order of ROLES.
PUBLIC = (200, 200, 200, 200, 200, 200, 200)
STAFF = (302, 302, 302, 302, 200, 200, 200)  # any agent
READERS = (302, 302, 302, 302, 200, 200, 200)  # agents who may read the framework
WRITERS = (302, 302, 302, 302, 403, 200, 200)  # officers
OWN = (302, 200, 200, 200, 200, 200, 200)  # one's own account
CONFIRMED = (302, 302, 302, 302, 302, 302, 302)  # once the password is given again
POSTED = (302, 302, 302, 302, 405, 405, 405)  # a button, not a page
ADMINISTRATORS = (302, 302, 302, 302, 403, 403, 200)
HIDDEN = (302, 302, 302, 302, 302, 200, 200)  # not found: back to the index
DRAFTS = (404, 404, 404, 404, 200, 200, 200)  # what is being prepared
INSTRUCTION = (302, 404, 404, 404, 200, 200, 200)  # elected officials read it, officers write
MINE = (302, 404, 200, 404, 404, 404, 404)  # what the lead alone writes
BUTTON = (405, 405, 405, 405, 405, 405, 405)  # a form's target, no page


def screens(model):
    """The five addresses of a model's admin: officers write, and delete what nothing hangs on."""
    verbs = {"changelist": READERS, "change": READERS, "history": READERS, "add": WRITERS, "delete": WRITERS}
    return {f"admin:{model}_{verb}": expected for verb, expected in verbs.items()}


PERSONAL = ("admin:cohesion_user_erase", "admin:cohesion_user_held", "admin:cohesion_user_held_file")
COMMITTEES = tuple(
    f"projects:instruction_{page}"
    for page in ("committee", "sheet", "paper", "import", "import_job", "committee_papers")
)
DESK = ("projects:instruction_mailings", "projects:instruction_mailing_write", "projects:instruction_mailing")
DESK += ("projects:instruction_directory", "projects:instruction_directory_file")
ISSUED = tuple(f"projects:instruction_issued{part}" for part in ("", "_pdf", "_word", "_send"))
EDITIONS = ("projects:instruction_issuing", "projects:instruction_issuing_send")
DESK += ("projects:instruction_papers", "projects:instruction_paper_make", "projects:instruction_committee_papers")
DESK += (*ISSUED, *EDITIONS)
PAYING_WRITTEN = (
    "projects:instruction_agreement_make",
    "projects:instruction_withdrawal",
    "projects:instruction_agreement_write",
    "projects:instruction_payment",
)
ENVELOPES = ("projects:envelopes", "projects:envelopes_file", "projects:envelope_grants")
ENVELOPES += ("projects:envelope_grants_file",)
SCENARIOS = tuple(f"projects:scenario{page}" for page in ("s", "s_file", "", "_apply"))


def draft_screens(model):
    """The same for a draft, which an elected official does not know of."""
    hidden = {f"admin:{model}_change": HIDDEN, f"admin:{model}_history": (302, 302, 302, 302, 404, 200, 200)}
    return {**screens(model), **hidden}


# What pages of other sites may read (tests/projects/opendata).
OPEN_FILES = ("projects:open_file", "projects:open_catalogue")
OPEN_TO_OTHERS = {(name, "Cross-Origin-Resource-Policy : 'cross-origin'") for name in OPEN_FILES}


TABLE = {
    **draft_screens("projects_pst"),
    **draft_screens("projects_prh"),
    **draft_screens("projects_action"),
    **screens("projects_organization"),
    "admin:projects_organization_merge": WRITERS,
    **{f"admin:projects_{kind}_bulk": WRITERS for kind in ProjectKind.values},
    **{f"admin:projects_{kind}_export": READERS for kind in ProjectKind.values},
    "admin:projects_organization_import": WRITERS,
    "admin:projects_organization_import_job": (302, 302, 302, 302, 403, 404, 200),  # somebody else's
    "admin:projects_organization_export": STAFF,
    "admin:projects_organization_model_file": WRITERS,
    "admin:projects_territory_import": WRITERS,
    "admin:projects_territory_import_job": (302, 302, 302, 302, 403, 404, 200),  # somebody else's
    "admin:projects_territory_export": STAFF,
    "admin:projects_territory_model_file": WRITERS,
    "admin:projects_projectimport_changelist": WRITERS,
    "admin:projects_projectimport_add": WRITERS,
    "admin:projects_projectimport_change": (302, 302, 302, 302, 403, 404, 200),  # somebody else's
    "admin:projects_projectimport_history": (302, 302, 302, 302, 302, 302, 200),  # not found: back to the index
    "admin:projects_projectimport_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_projectimport_model_file": WRITERS,
    **screens("projects_territory"),
    **screens("projects_scheme"),
    **screens("projects_vocabularyline"),
    **screens("projects_referencedocument"),
    "admin:projects_referencedocument_pending": READERS,
    **screens("projects_perimeter"),
    **screens("projects_need"),
    **draft_screens("projects_offer"),
    **screens("projects_uncarriedlink"),
    "admin:projects_uncarriedlink_links": READERS,
    "admin:projects_uncarriedlink_add": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_uncarriedlink_delete": (302, 302, 302, 302, 403, 403, 403),
    **screens("projects_campaign"),
    "admin:projects_campaign_delete": ADMINISTRATORS,
    **screens("projects_budgetenvelope"),
    **screens("projects_committee"),
    "admin:projects_committee_delete": ADMINISTRATORS,
    **dict.fromkeys(screens("projects_papermodel"), WRITERS),
    "admin:projects_papermodel_delete": ADMINISTRATORS,
    "projects:instruction_paper_preview": (302, 404, 404, 404, 403, 404, 404),  # without a model, nor a project
    "projects:report_pdf": (302, 404, 200, 404, 200, 200, 200),  # what was handed in: no draft
    "projects:space_paper": (302, 404, 200, 404, 404, 200, 200),  # what was sent to them
    "home": PUBLIC,
    "legal": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "plan": PUBLIC,
    "glossary": PUBLIC,
    "health": PUBLIC,
    "robots": PUBLIC,
    "sitemap": PUBLIC,
    "sitemap_section": PUBLIC,
    "favicon": PUBLIC,
    "manifest": PUBLIC,
    "security_txt": (404, 404, 404, 404, 404, 404, 404),  # nobody to write to, until CONTACT_EMAIL is set
    "projects:territories": PUBLIC,
    "projects:territory": PUBLIC,
    "projects:coverage": PUBLIC,
    "projects:dashboard": PUBLIC,
    "projects:compare": PUBLIC,
    "projects:dashboard_calendar": PUBLIC,
    "projects:dashboard_feed": PUBLIC,
    "projects:organization": PUBLIC,
    "projects:own_page": INSTRUCTION,
    "projects:own_subjects": INSTRUCTION,
    "projects:dashboard_book": PUBLIC,
    "projects:orientation_paper": PUBLIC,
    "projects:territory_paper": PUBLIC,
    "projects:project_paper": (404, 404, 404, 404, 404, 404, 404),  # a draft is on no sheet
    "projects:coverage_export": PUBLIC,
    "projects:dashboard_money": PUBLIC,
    "projects:dashboard_money_export": PUBLIC,
    "projects:dashboard_changes": PUBLIC,
    "projects:dashboard_changes_export": PUBLIC,
    "projects:dashboard_people": PUBLIC,
    "projects:dashboard_people_export": PUBLIC,
    "projects:dashboard_results_export": PUBLIC,
    "projects:dashboard_results": PUBLIC,
    "projects:needs_export": PUBLIC,
    "projects:offers": PUBLIC,
    "projects:offers_export": PUBLIC,
    "projects:territories_export": PUBLIC,
    "projects:open_data": PUBLIC,
    "projects:open_dataset": PUBLIC,
    "projects:open_file": PUBLIC,
    "projects:open_catalogue": PUBLIC,
    "projects:open_lacking": INSTRUCTION,
    "projects:feed_projects": PUBLIC,
    "projects:feed_framework": PUBLIC,
    # The API looks at no session: all get what anybody does. What tokens open is in tests/projects/api.
    **dict.fromkeys(
        (
            *("api:docs", "api:root", "api:schema", "api:frameworks", "api:projects", "api:links", "api:territories"),
            *("api:organizations", "api:offers", "api:needs", "api:coverage", "api:money", "api:results"),
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            *("api:framework", "api:orientations", "api:orientation", "api:project", "api:project_indicators"),
            *("api:declaration", "api:territory", "api:organization", "api:need", "api:nothing"),
        ),
        (404, 404, 404, 404, 404, 404, 404),
    ),
    "api:orientation_move": (405, 405, 405, 405, 405, 405, 405),
    "api:declarations": (405, 405, 405, 405, 405, 405, 405),
    "axes:search": PUBLIC,
    "axes:suggestions": PUBLIC,
    "axes:cadre": PUBLIC,
    "axes:orientation": PUBLIC,
    "axes:export": PUBLIC,
    "axes:version": DRAFTS,
    "axes:version_orientation": DRAFTS,
    "axes:version_export": DRAFTS,
    "axes:compare": PUBLIC,
    "axes:compare_export": (404, 404, 404, 404, 404, 404, 404),  # without two versions
    "axes:evenings": DRAFTS,
    "axes:as_it_stood": (404, 404, 404, 404, 404, 404, 404),  # before there was anything
    "axes:projects_as_it_stood": (404, 404, 404, 404, 404, 404, 404),
    "axes:orientation_as_it_stood": (404, 404, 404, 404, 404, 404, 404),
    "axes:evening_file": (404, 404, 404, 404, 404, 404, 404),
    "axes:evening_projects_file": (404, 404, 404, 404, 404, 404, 404),
    "axes:draft_opened": (404, 404, 404, 404, 404, 404, 404),  # a link that was never one
    "axes:extension": DRAFTS,
    "axes:draft": (404, 404, 404, 404, 404, 404, 404),  # who opened no link
    "projects:list": PUBLIC,
    "projects:export": PUBLIC,
    "projects:instruction": INSTRUCTION,
    "projects:instruction_file": INSTRUCTION,
    "projects:instruction_links": (302, 404, 404, 404, 403, 200, 200),
    "projects:instruction_assign": (302, 404, 404, 404, 403, 302, 302),  # a button: back to the queue
    "projects:instruction_committee": INSTRUCTION,
    "projects:instruction_sheet": INSTRUCTION,
    "projects:instruction_paper": INSTRUCTION,
    "projects:instruction_pairs": INSTRUCTION,
    "projects:instruction_pairs_file": INSTRUCTION,
    "projects:instruction_aims": INSTRUCTION,
    "projects:instruction_import": (302, 404, 404, 404, 403, 200, 200),
    "projects:instruction_grant": INSTRUCTION,
    "projects:instruction_agreements": INSTRUCTION,
    "projects:instruction_agreements_file": INSTRUCTION,
    "projects:instruction_agreement": INSTRUCTION,
    "projects:instruction_payments": INSTRUCTION,
    "projects:instruction_payments_file": INSTRUCTION,
    **dict.fromkeys(PAYING_WRITTEN, (302, 404, 404, 404, 403, 200, 200)),
    "projects:instruction_import_job": (302, 404, 404, 404, 403, 404, 200),  # somebody else's
    **dict.fromkeys((*ENVELOPES, *SCENARIOS), INSTRUCTION),
    **dict.fromkeys(DESK, (302, 404, 404, 404, 403, 200, 200)),
    "projects:space": OWN,
    "projects:declaration_new": (302, 403, 200, 200, 403, 403, 403),
    "projects:declaration": MINE,
    "projects:declaration_check": MINE,
    "projects:declaration_hand_in": BUTTON,
    "projects:declaration_give_up": MINE,
    "projects:declaration_renew": BUTTON,
    "projects:declaration_page": MINE,
    "projects:request_pdf": (302, 404, 200, 404, 200, 200, 200),  # what the lead handed in
    "projects:report": (302, 404, 404, 404, 404, 404, 404),  # a draft has none
    "projects:report_hand_in": BUTTON,
    "projects:attachment_add": BUTTON,
    "projects:attachment": (302, 404, 200, 404, 404, 200, 200),
    "projects:attachment_remove": BUTTON,
    "projects:space_organization": MINE,
    "projects:detail": (404, 404, 200, 404, 404, 200, 200),  # a draft
    "projects:messages": OWN,
    "projects:calendar": PUBLIC,
    "projects:calendar_file": PUBLIC,
    "projects:calendar_own_file": (404, 404, 404, 404, 404, 404, 404),  # an address that nobody was given
    "projects:calendar_subscribe": BUTTON,
    "projects:message": (302, 404, 404, 404, 404, 404, 404),  # somebody else's
    "projects:demo_mails": (404, 404, 404, 404, 404, 404, 404),  # this is no demonstration
    "projects:demo_mail": (404, 404, 404, 404, 404, 404, 404),
    "projects:demo_kept_mail": (404, 404, 404, 404, 404, 404, 404),
    "admin:projects_message_changelist": ADMINISTRATORS,
    "admin:projects_message_change": ADMINISTRATORS,
    "admin:projects_message_history": ADMINISTRATORS,
    "admin:projects_message_add": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_message_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:index": STAFF,
    "admin:login": (302, 403, 403, 403, 302, 302, 302),
    "admin:logout": (302, 302, 302, 302, 405, 405, 405),
    "admin:password_change": (302, 302, 302, 302, 302, 302, 302),
    "admin:password_change_done": (302, 302, 302, 302, 302, 302, 302),
    "admin:jsi18n": STAFF,
    "admin:autocomplete": (302, 302, 302, 302, 403, 403, 403),
    "admin:app_list": (302, 302, 302, 302, 200, 200, 200),
    "admin:view_on_site": (302, 302, 302, 302, 404, 404, 404),
    "admin:axes_framework_changelist": READERS,
    "admin:axes_framework_change": READERS,
    "admin:axes_framework_history": READERS,
    "admin:axes_framework_journal": READERS,
    "admin:axes_framework_add": WRITERS,
    "admin:axes_framework_renumber": WRITERS,
    "admin:axes_framework_adopt": WRITERS,
    "admin:axes_framework_next": WRITERS,
    "admin:axes_framework_succession": READERS,
    "admin:axes_framework_prepare": WRITERS,
    "admin:axes_framework_prepare_file": WRITERS,
    "admin:axes_framework_prepare_blank": WRITERS,
    "admin:axes_framework_beside": WRITERS,
    "admin:axes_framework_notes": WRITERS,
    "admin:axes_framework_links": WRITERS,
    "admin:axes_orientation_notes": WRITERS,
    "admin:axes_framework_import": WRITERS,
    "admin:axes_framework_import_job": (302, 302, 302, 302, 403, 404, 200),  # somebody else's
    "admin:axes_framework_read": WRITERS,
    "admin:axes_framework_reading": (302, 302, 302, 302, 403, 404, 200),  # somebody else's
    "admin:axes_framework_export": READERS,
    "admin:axes_framework_model_file": READERS,
    "admin:axes_framework_delete": (302, 302, 302, 302, 403, 403, 200),
    "admin:axes_programme_changelist": READERS,
    "admin:axes_programme_change": READERS,
    "admin:axes_programme_history": READERS,
    "admin:axes_programme_add": WRITERS,
    "admin:axes_programme_delete": (302, 302, 302, 302, 403, 403, 200),
    "admin:axes_orientation_changelist": READERS,
    "admin:axes_orientation_change": READERS,
    "admin:axes_orientation_history": READERS,
    "admin:axes_orientation_add": WRITERS,
    "admin:axes_orientation_move": WRITERS,
    "admin:axes_orientation_merge": WRITERS,
    "admin:axes_orientation_split": WRITERS,
    "admin:axes_orientation_restore": WRITERS,
    "admin:axes_orientation_delete": WRITERS,
    "admin:cohesion_apitoken_changelist": ADMINISTRATORS,
    "admin:cohesion_apitoken_change": ADMINISTRATORS,
    "admin:cohesion_apitoken_history": ADMINISTRATORS,
    "admin:cohesion_apitoken_add": (302, 302, 302, 302, 403, 403, 403),
    "admin:cohesion_apitoken_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_webhook_changelist": ADMINISTRATORS,
    "admin:projects_webhook_change": ADMINISTRATORS,
    "admin:projects_webhook_history": ADMINISTRATORS,
    "admin:projects_webhook_add": ADMINISTRATORS,
    "admin:projects_webhook_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_webhookdelivery_changelist": ADMINISTRATORS,
    "admin:projects_webhookdelivery_change": ADMINISTRATORS,
    "admin:projects_webhookdelivery_history": ADMINISTRATORS,
    "admin:projects_webhookdelivery_add": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_webhookdelivery_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:auth_group_changelist": ADMINISTRATORS,
    "admin:auth_group_add": ADMINISTRATORS,
    "admin:auth_group_change": ADMINISTRATORS,
    "admin:auth_group_delete": ADMINISTRATORS,
    "admin:auth_group_history": ADMINISTRATORS,
    "admin:cohesion_user_changelist": ADMINISTRATORS,
    "admin:cohesion_user_add": ADMINISTRATORS,
    "admin:cohesion_user_change": ADMINISTRATORS,
    "admin:cohesion_user_delete": (302, 302, 302, 302, 403, 403, 302),  # to the page that erases
    "admin:cohesion_user_contact": ADMINISTRATORS,
    "admin:cohesion_user_erase": ADMINISTRATORS,
    "admin:cohesion_user_held": ADMINISTRATORS,
    "admin:cohesion_user_held_file": ADMINISTRATORS,
    "admin:cohesion_user_history": ADMINISTRATORS,
    "admin:auth_user_password_change": ADMINISTRATORS,
    "admin:state": ADMINISTRATORS,
    "admin:cohesion_auditevent_changelist": ADMINISTRATORS,
    "admin:cohesion_auditevent_change": ADMINISTRATORS,
    "admin:cohesion_auditevent_history": ADMINISTRATORS,
    "admin:cohesion_auditevent_export": ADMINISTRATORS,
    "admin:cohesion_auditevent_add": (302, 302, 302, 302, 403, 403, 403),
    "admin:cohesion_auditevent_delete": (302, 302, 302, 302, 403, 403, 403),
    # Accounts: what is behind the password asks for it again before anything that concerns security.
    "account": OWN,
    "first_visit": OWN,
    "first_visit_step": (302, 404, 404, 404, 404, 404, 404),  # of another role
    "news": PUBLIC,
    "account_held": OWN,
    "account_leave": OWN,
    "account_left": PUBLIC,
    "account_held_file": OWN,
    "tokens": OWN,
    "token_new": CONFIRMED,
    "token_revoke": BUTTON,
    "account_login": (200, 302, 302, 302, 302, 302, 302),
    "mfa_authenticate": (302, 302, 302, 302, 302, 302, 302),
    "mfa_login_webauthn": (302, 302, 302, 302, 302, 302, 302),
    "account_presence": PUBLIC,  # to nobody it says that nobody is there
    "lost_form": CONFIRMED,  # nothing was kept: to the account
    "lost_form_forget": BUTTON,
    "filter_keep": BUTTON,
    "filter_forget": BUTTON,
    "account_logout": (302, 200, 200, 200, 200, 200, 200),
    "account_inactive": PUBLIC,
    "account_signup": (200, 302, 302, 302, 302, 302, 302),  # which says that there is none
    "account_reauthenticate": OWN,
    "mfa_reauthenticate": CONFIRMED,
    "mfa_reauthenticate_webauthn": CONFIRMED,
    "account_change_password": OWN,
    "account_set_password": (302, 302, 302, 302, 302, 302, 302),  # whoever has one changes it
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,  # which says that the link is spent
    "mfa_index": OWN,
    "mfa_activate_totp": CONFIRMED,
    "mfa_deactivate_totp": (302, 404, 404, 404, 404, 404, 404),
    "mfa_view_recovery_codes": (302, 404, 404, 404, 404, 404, 404),
    "mfa_generate_recovery_codes": CONFIRMED,
    "mfa_download_recovery_codes": (302, 404, 404, 404, 404, 404, 404),
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": CONFIRMED,
    "mfa_edit_webauthn": CONFIRMED,
    "mfa_remove_webauthn": CONFIRMED,
    "usersessions_list": OWN,
    "usersessions_close": (405, 405, 405, 405, 405, 405, 405),
    "projects:invitation": (404, 404, 404, 404, 404, 404, 404),  # without a link
    "projects:invitation_opened": (302, 302, 302, 302, 302, 302, 302),
    "admin:projects_invitation_changelist": WRITERS,
    "admin:projects_invitation_add": WRITERS,
    "admin:projects_invitation_change": WRITERS,
    "admin:projects_invitation_history": HIDDEN,
    "admin:projects_invitation_delete": (302, 302, 302, 302, 403, 403, 403),
    "admin:projects_invitation_renew": POSTED,
    "admin:projects_invitation_revoke": POSTED,
}


def named_addresses(resolver=None, namespace=""):
    """Every named address of the site, with the names of its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_addresses(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", sorted(entry.pattern.converters) or sorted(entry.pattern.regex.groupindex)
