"""Every act on what the public sees. The sweep prepares, a person decides, the case goes on by itself."""

from disclosure.actions.core import Conflict
from disclosure.actions.echoing import record_echo
from disclosure.actions.figuring import refresh_figures
from disclosure.actions.grounds import refresh_grounds
from disclosure.actions.preparing import prepare_disclosures
from disclosure.actions.reviewing import (
    Choice,
    publish_clear,
    publish_disclosure,
    take_down_disclosure,
    withhold_disclosure,
)
from disclosure.actions.walking import WalkWords, publish_walk, take_down_walk

__all__ = [
    "Choice",
    "Conflict",
    "WalkWords",
    "prepare_disclosures",
    "publish_clear",
    "publish_disclosure",
    "publish_walk",
    "record_echo",
    "refresh_figures",
    "refresh_grounds",
    "take_down_disclosure",
    "take_down_walk",
    "withhold_disclosure",
]
