"""PostgreSQL as the portal uses it: Django's own backend, with a cheaper look whether a connection still lives."""
