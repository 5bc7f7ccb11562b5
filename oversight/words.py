"""Dues of tasks as people say them. Pure: the present comes in as an argument."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from rectification.words import DueChip, due_chip


class TaskLike(Protocol):
    @property
    def due_at(self) -> datetime: ...
    @property
    def reported_at(self) -> datetime | None: ...
    @property
    def open(self) -> bool: ...


def task_chip(task: TaskLike, at: datetime) -> DueChip:
    """When a task is due; of one that was reported, whether that was in time: nobody is late for who signs it off.

    Args:
        at: the present.
    """
    return due_chip(task.due_at, at=task.reported_at or at, met=not task.open)
