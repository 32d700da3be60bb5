"""What may be done with departures, missions and registers. Each verb checks, writes and journals."""

from mspaudit.departures.actions.departures import (
    cancel,
    close,
    prepare,
    reschedule,
    start,
    start_many,
    verify,
)
from mspaudit.departures.actions.items import reopen_item, settle_item
from mspaudit.departures.actions.missions import (
    Brief,
    add_mission,
    attach_certificate,
    attach_contract,
    brief,
    close_mission,
    end_mission,
    open_access,
    renew,
    revoke_access,
)
from mspaudit.departures.actions.registers import (
    add_secret,
    hold,
    retire_secret,
    rotate_secret,
    set_knowers,
)

__all__ = [
    "Brief",
    "add_mission",
    "add_secret",
    "attach_certificate",
    "attach_contract",
    "brief",
    "cancel",
    "close",
    "close_mission",
    "end_mission",
    "hold",
    "open_access",
    "prepare",
    "renew",
    "reopen_item",
    "reschedule",
    "retire_secret",
    "revoke_access",
    "rotate_secret",
    "set_knowers",
    "settle_item",
    "start",
    "start_many",
    "verify",
]
