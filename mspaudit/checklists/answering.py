"""From a posted questionnaire form to what happened, the same for every page that asks questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request

from mspaudit.checklists import forms
from mspaudit.checklists.actions import AnswerChanged, save_answer
from mspaudit.checklists.forms import Typed
from mspaudit.checklists.queries import Question
from mspaudit.checklists.rules import ChecklistError
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import local, today
from mspaudit.kernel.french import hour, short_day, typo


@dataclass(frozen=True)
class Outcome:
    """What became of a reply. ``status``: 200 saved, 204 nothing picked, 409 someone else's, 422 refused."""

    status: HTTPStatus
    said: str
    typed: Typed

    @property
    def saved(self) -> bool:
        return self.status == HTTPStatus.OK

    @property
    def skipped(self) -> bool:
        return self.status == HTTPStatus.NO_CONTENT

    @property
    def changed(self) -> bool:
        return self.status == HTTPStatus.CONFLICT


def take(question: Question, form: Mapping[str, str], *, now: datetime) -> Outcome:
    """Save the reply in ``form`` as the answer to ``question``; what was typed is in the outcome anyway."""
    given, scale = forms.typed(form), question.control.scale
    if not given.choice:
        return Outcome(HTTPStatus.NO_CONTENT, "Choisissez une réponse.", given)
    try:
        reply = forms.understood(given, scale)
        save_answer(
            question.answer,
            expected_version=forms.version(given),
            now=now,
            today=today(now),
            **forms.as_arguments(reply),
        )
    except AnswerChanged as other:
        return Outcome(HTTPStatus.CONFLICT, str(other), given)
    except (ChecklistError, DomainError) as refusal:
        return Outcome(HTTPStatus.UNPROCESSABLE_ENTITY, typo(str(refusal)), given)
    return Outcome(HTTPStatus.OK, f"Enregistré à {hour(now)}", given)


def wants_json() -> bool:
    """Whether a script sent the form and will put our words on the page itself."""
    return request.accept_mimetypes.best == "application/json"


def as_json(outcome: Outcome, question: Question, **more: Any) -> Response:
    """The outcome for ``ask.js``."""
    if outcome.saved:
        return jsonify(saved=outcome.said, version=question.answer.version, **more)
    answer = jsonify(error=outcome.said)
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY if outcome.skipped else outcome.status
    return answer


def saved_line(question: Question, *, now: datetime) -> str:
    """When the answer on screen was saved; empty when there is none yet, or it must be confirmed."""
    at = question.answer.answered_at
    if at is None or not question.answered:
        return ""
    if at < question.answer.assessment.started_at:
        return "Réponse confirmée"
    if local(at).date() == local(now).date():
        return f"Enregistré à {hour(at)}"
    return f"Enregistré le {short_day(local(at).date(), local(now).date())}"
