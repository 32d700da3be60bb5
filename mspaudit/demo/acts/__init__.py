"""What the rooms that measure bring to the demonstration, each in an act of its own file."""

from collections.abc import Callable

from mspaudit.demo.acts import (
    accounts,
    backups,
    crisis,
    departures,
    fieldwork,
    incidents,
    intake,
    inventory,
    notices,
    plan,
)
from mspaudit.demo.acts.scene import Scene

__all__ = ["ACTS", "Scene"]

ACTS: tuple[Callable[[Scene], None], ...] = (
    backups.play,
    departures.play,
    accounts.play,
    fieldwork.play,
    inventory.play,
    crisis.play,
    intake.play,
    incidents.play,
    plan.play,
    notices.play,
)
