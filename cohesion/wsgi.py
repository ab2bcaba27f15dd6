"""The WSGI entry point: ``granian --interface wsgi cohesion.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cohesion.settings")

site = get_wsgi_application()
application = import_string("cohesion.site.kept_pages.InFront")(site)  # by its name: it reads models, ready only now
