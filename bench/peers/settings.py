"""The portal's own settings, less what the bare views do not need; `wsgi` takes away what lies before them."""

from reviews_portal.settings import *  # noqa: F403 - settings are taken over by name

ROOT_URLCONF = "bench.peers.urls"
WSGI_APPLICATION = "bench.peers.wsgi.application"
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405 - settings are taken over by name
