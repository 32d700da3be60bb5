"""What the rooms that measure bring to the demonstration, each in an act of its own file."""

from collections.abc import Callable

from mspaudit.demo.acts import departures, inventory, notices
from mspaudit.demo.acts.scene import Scene

__all__ = ["ACTS", "Scene"]

ACTS: tuple[Callable[[Scene], None], ...] = (departures.play, inventory.play, notices.play)
