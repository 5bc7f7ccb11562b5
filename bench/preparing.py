"""Tables, reference data, static files, structure of the city, as the owner role: python -m bench.preparing ROLE."""

import sys
from io import StringIO

from django.core.management import call_command

import bench.ready  # noqa: F401 - makes Django ready
from organizations.seed import load_structure

if __name__ == "__main__":
    for command in (
        ["migrate", "--verbosity=0"],
        ["createcachetable"],
        ["grant_runtime", "--role", sys.argv[1]],
        ["load_reference"],
        ["collectstatic", "--noinput", "--verbosity=0"],
    ):
        call_command(*command, stdout=StringIO())
    load_structure()
