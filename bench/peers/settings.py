"""The portal's own settings, less everything between the server and the view."""

from reviews_portal.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []  # type: ignore[no-redef]
ROOT_URLCONF = "bench.peers.urls"
WSGI_APPLICATION = "bench.peers.wsgi.application"
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405
