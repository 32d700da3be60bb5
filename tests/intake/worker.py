"""A worker of the tests that kills itself in the middle of a part: ``python -m tests.intake.worker``."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from mspaudit.app import create_app
from mspaudit.intake import feeds, jobs, writing_actions
from mspaudit.intake.feeds import Counts, Feed, Row
from tests.intake.notebook import Notebook

PART = 10


class Doomed(Notebook):
    """Dies of SIGKILL once it has written its third part, before anything of it is committed."""

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part, or die of the third."""
        counts = super().write(client_id, rows, import_id=import_id, now=now)
        if self.written == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return counts


def main(tenant: str, import_id: str) -> None:
    """Work until killed."""
    writing_actions.CHUNK = PART
    with create_app().app_context():
        cast("dict[str, Feed]", feeds.feeds())["staff_list"] = Doomed()
        jobs.work(tenant_id=tenant, import_id=import_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
