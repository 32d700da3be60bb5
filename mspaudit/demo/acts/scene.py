"""What an act is played on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mspaudit.config import Settings
from mspaudit.demo.stage import Role


@dataclass(frozen=True)
class Scene:
    """One MSP's clients as their stories left them, inside a unit of work that the caller opened."""

    today: date
    roles: tuple[tuple[UUID, Role], ...]
    settings: Settings
