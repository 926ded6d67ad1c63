"""The one entry of the web server, in development and production: the applications' door, then Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")
_site = get_wsgi_application()  # before the door: its imports need the settings and the tables

from licet.gateway.wsgi import in_front_of  # noqa: E402

application = in_front_of(_site)
