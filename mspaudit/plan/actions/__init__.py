"""The verbs of plans and registers; each checks, writes and journals, and none commits or sends."""

from mspaudit.plan.actions.advising import Option, Proposal, propose, propose_many, remind, withdraw
from mspaudit.plan.actions.anchoring import anchor
from mspaudit.plan.actions.bulk import Offer, propose_everywhere
from mspaudit.plan.actions.deciding import Received, Said, contest, decide, open_advice, override
from mspaudit.plan.actions.items import Sheet, add, add_candidate, edit, move, place, undo

__all__ = [
    "Offer",
    "Option",
    "Proposal",
    "Received",
    "Said",
    "Sheet",
    "add",
    "add_candidate",
    "anchor",
    "contest",
    "decide",
    "edit",
    "move",
    "open_advice",
    "override",
    "place",
    "propose",
    "propose_everywhere",
    "propose_many",
    "remind",
    "undo",
    "withdraw",
]
