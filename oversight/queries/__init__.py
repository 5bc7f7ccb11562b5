"""Questions of the notice: what it says, to whom it goes, what waits for somebody."""

from oversight.queries.content import paper_of
from oversight.queries.service import addressed_units, receipts_of

__all__ = ["addressed_units", "paper_of", "receipts_of"]
