from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at the socket before it asks the server, as every request would otherwise do with a round trip.

    Attributes:
        prepared: names of the statements that this connection's session knows (`common.prepared`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: set[str] = set()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new session, which knows no statement."""
        self.prepared = set()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether a connection that has rested can be used.

        A server that has gone leaves the end of the stream to be read; one that lives has nothing to say to somebody
        who asks nothing. Whatever else lies there (a notice, a broken line) is for the server itself to answer for.
        """
        return self._is_quiet() or super().is_usable()

    def _is_quiet(self) -> bool:
        connection = self.connection
        if connection is None or connection.closed:
            return False
        looked = select.poll()
        looked.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not looked.poll(0)
