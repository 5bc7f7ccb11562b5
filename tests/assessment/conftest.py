"""The same working Monday and browsers as the tests of cases."""

from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
