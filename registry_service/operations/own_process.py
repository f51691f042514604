"""Processes that the registry starts for work on every core."""

import multiprocessing
import os
import signal
import threading


def end_with_parent() -> None:
    """Called in such a process: Ctrl-C is its parent's to hear, whose end, however it comes, is its
    own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
