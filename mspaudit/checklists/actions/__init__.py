"""The verbs of checklists; each checks, writes and journals, and none commits or sends."""

from mspaudit.checklists.actions.answers import AnswerChanged, confirm_carried, save_answer
from mspaudit.checklists.actions.assessments import (
    close_assessment,
    remind,
    remind_late,
    reopen_assessment,
    start_assessment,
)
from mspaudit.checklists.actions.delegations import delegate, mark_answered, revoke
from mspaudit.checklists.actions.proofs import (
    attach_evidence,
    refuse_evidence,
    remove_evidence,
    restore_evidence,
    verify_evidence,
    verify_in_bulk,
)
from mspaudit.checklists.actions.trail import By

__all__ = [
    "AnswerChanged",
    "By",
    "attach_evidence",
    "close_assessment",
    "confirm_carried",
    "delegate",
    "mark_answered",
    "refuse_evidence",
    "remind",
    "remind_late",
    "remove_evidence",
    "reopen_assessment",
    "restore_evidence",
    "revoke",
    "save_answer",
    "start_assessment",
    "verify_evidence",
    "verify_in_bulk",
]
