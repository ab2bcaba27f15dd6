"""Every address that makes a file on demand, and of which framework each speaks: a new one is a line here."""

REFERENCE, CITY = "cst-gea", "ville"
# Each address of a table that speaks of orientations or adds projects up by them: how it is asked for, and of which
# framework it speaks then.
SPEAKING = {
    "axes:export": ({}, "", REFERENCE),
    "axes:version_export": ({"slug": CITY}, "", CITY),
    "axes:compare_export": ({}, f"?de={CITY}&a={CITY}", CITY),
    "axes:evening_file": ({"slug": CITY}, "", CITY),
    "axes:evening_projects_file": ({"slug": CITY}, "", CITY),
    "projects:export": ({}, "", REFERENCE),
    "projects:coverage_export": ({}, f"?cadre={CITY}", CITY),
    "projects:needs_export": ({}, f"?cadre={CITY}", CITY),
    "projects:dashboard_money_export": ({}, "", REFERENCE),
    "projects:dashboard_changes_export": ({}, "", REFERENCE),
    "projects:dashboard_people_export": ({}, "", REFERENCE),
    "projects:dashboard_results_export": ({}, "", REFERENCE),
    "admin:projects_pst_export": ({}, "", REFERENCE),
    "admin:projects_prh_export": ({}, "", REFERENCE),
    "admin:projects_action_export": ({}, "", REFERENCE),
    "admin:axes_framework_export": ({"pk": CITY}, "", CITY),
}
NO_ORIENTATION = {
    "projects:offers_export",
    "projects:territories_export",
    "projects:instruction_sheet",
    "projects:instruction_directory_file",
    "projects:instruction_pairs_file",
    "projects:instruction_agreements_file",
    "projects:instruction_payments_file",
    "projects:envelopes_file",
    "projects:scenarios_file",
    "projects:envelope_grants_file",
    "admin:projects_organization_export",
    "admin:projects_territory_export",
    "admin:cohesion_auditevent_export",
}
# Nothing is in them yet.
MODELS = {
    f"admin:{model}_model_file"
    for model in ("projects_projectimport", "projects_organization", "projects_territory", "axes_framework")
}
# Papers name it on their first page and in the foot of each (projects.papers, projects.declaring.pdf).
PAPERS = {
    *("projects:instruction_paper", "projects:instruction_paper_preview", "projects:dashboard_book"),
    *("projects:orientation_paper", "projects:territory_paper", "projects:project_paper"),
    *("projects:request_pdf", "projects:report_pdf"),
}
EXPORTS = {*SPEAKING, *NO_ORIENTATION, *MODELS, *PAPERS}
