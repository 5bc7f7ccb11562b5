"""Who may sign in and who administers what. Each predicate once; everybody asks here."""

from __future__ import annotations

from organizations.enums import Role

# 三员分立 (GB/T 22239-2019 §8.1.4.2): accounts and structure, rights, and the trail lie in different hands.
EDITS_STRUCTURE = frozenset({Role.SYSTEM_ADMIN})
GRANTS_ROLES = frozenset({Role.SECURITY_ADMIN})
ENDS_ROLES = EDITS_STRUCTURE | GRANTS_ROLES


def may_sign_in(*, active: bool, demo: bool, production: bool) -> bool:
    """Whether an account may sign in, and stay signed in.

    Args:
        active: it has not been disabled.
        demo: it belongs to the demo city.
        production: the portal runs in earnest.
    """
    return active and not (demo and production)
