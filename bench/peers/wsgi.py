import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.settings"

django.setup(set_prefix=False)
# Only now: an installed app refuses to start without its middleware.
settings.MIDDLEWARE = []
application = WSGIHandler()
