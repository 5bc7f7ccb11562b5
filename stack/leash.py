"""Runs a program that must end with its parent, where the kernel has no signal for that (macOS).

The parent holds the other end of our standard input: when it dies, however it dies, that end closes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

from stack.processes import hear_again, identity_of


def main() -> None:
    """`python -m stack.leash SIGNAL ACCOUNT COMMAND…`; an empty ACCOUNT is our own."""
    dying, account, command = signal.Signals(int(sys.argv[1])), sys.argv[2] or None, sys.argv[3:]
    hear_again()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **identity_of(account))

    def end_with_parent() -> None:
        os.read(0, 1)
        child.send_signal(dying)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, lambda number, frame: child.send_signal(number))
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.exit(child.wait())


if __name__ == "__main__":
    main()
