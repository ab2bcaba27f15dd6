from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class CohesionConfig(AppConfig):
    name = "cohesion"
    verbose_name = "Comptes et installation"

    def ready(self) -> None:
        """Read the modules ``signals`` of all applications, as Django reads their modules ``admin``."""
        autodiscover_modules("signals")


class AgentsAdminConfig(AdminConfig):
    default_site = "cohesion.site.admin_site.AgentSite"
