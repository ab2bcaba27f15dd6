from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets et territoires"

    def ready(self) -> None:
        from projects.catalogue import carrying, stamps
        from projects.declaring import attachments
        from projects.housekeeping import auditing, leaving
        from projects.messaging import checks, telling

        stamps.connect()
        attachments.connect()
        auditing.connect()
        carrying.connect()
        leaving.connect()
        telling.connect()
        checks.connect()
