"""The cast, the Monday, and a case on its way to the public."""

from __future__ import annotations

import pytest

from tests.disclosure.press import Press
from tests.factories import Cast
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def press(cast: Cast) -> Press:
    return Press(cast)
