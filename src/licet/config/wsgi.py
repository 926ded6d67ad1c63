"""The one entry of the web server, in development and production alike."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "licet.config.settings")

application = get_wsgi_application()
