"""The profiles that come with the portal, from `evaluations/reference/profiles/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evaluations.profiles.parsing import parse_profile
from evaluations.profiles.shape import Profile

FOLDER = Path(__file__).parent.parent / "reference" / "profiles"


def shipped_data(code: str) -> dict[str, Any]:
    """The JSON object of a profile, to be kept or changed. Raises FileNotFoundError for an unknown code."""
    data: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return data


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """Every shipped profile by its code."""
    found = {path.stem: parse_profile(shipped_data(path.stem)) for path in sorted(FOLDER.glob("*.json"))}
    return MappingProxyType(found)
