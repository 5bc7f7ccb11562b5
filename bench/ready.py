"""Imported before anything that needs Django: the processes of the benchmark are no management commands."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviews_portal.settings")
django.setup()
