from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets et territoires"

    def ready(self) -> None:
        from projects import attachments, auditing, carrying, leaving, stamps
        from projects.messaging import checks, telling

        stamps.connect()
        attachments.connect()
        auditing.connect()
        carrying.connect()
        leaving.connect()
        telling.connect()
        checks.connect()
