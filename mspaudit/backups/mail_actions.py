"""What may be done with a report mail that no job expected: tie it to one, or set it aside."""

from datetime import datetime

from mspaudit.backups import hearing, queries
from mspaudit.backups.models import BackupJob, BackupMail
from mspaudit.errors import DomainError
from mspaudit.journal.actions import record


def tie(mail: BackupMail, job: BackupJob, *, words: list[str], now: datetime) -> None:
    """Make this mail the job's, and those that its sender will send with one of ``words``.

    Args:
        words: what the next reports will hold; with none, every mail of this sender is the job's.

    Raises:
        DomainError: it was tied meanwhile.
    """
    if mail.job_id is not None:
        raise DomainError("Ce courriel vient d’être rattaché par quelqu’un d’autre.")
    job = queries.locked(job.id)
    mail.job_id, mail.client_id, mail.set_aside_at = job.id, job.client_id, None
    hearing.hear(job, mail.verdict, at=mail.received_at, source="mail", body=mail.excerpt, mail_id=mail.id)
    if mail.sender:
        job.mail_from = list(dict.fromkeys([*job.mail_from, mail.sender]))
    job.mail_words = list(dict.fromkeys([*job.mail_words, *words]))
    record(
        "backup_mail.tied", job.name, subject_id=mail.id, client_id=job.client_id, at=now, sender=mail.sender
    )


def set_aside(mail: BackupMail, *, now: datetime) -> None:
    """Take a mail off the list; ``put_back`` brings it back."""
    if mail.set_aside_at is None:
        mail.set_aside_at = now
        _tell("backup_mail.set_aside", mail, now)


def put_back(mail: BackupMail, *, now: datetime) -> None:
    """Undo ``set_aside``."""
    if mail.set_aside_at is not None:
        mail.set_aside_at = None
        _tell("backup_mail.put_back", mail, now)


def _tell(verb: str, mail: BackupMail, now: datetime) -> None:
    record(verb, mail.subject or mail.sender, subject_id=mail.id, client_id=mail.client_id, at=now)
