"""What the desk's pages show: the lines of a preview, a page at a time, and the words for them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mspaudit.adapters.storage import NotStoredError
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.intake import queries
from mspaudit.intake.feeds import Change
from mspaudit.intake.kinds import KINDS
from mspaudit.intake.models import Import
from mspaudit.intake.queries import Content
from mspaudit.intake.wording import FIELDS
from mspaudit.kernel.french import fold, listing, plural

PAGE = 50
KEYS_SHOWN = 300
VERBS = {
    "new": ("nouveau", "nouveaux"),
    "changed": ("modifié", "modifiés"),
    "gone": ("disparu", "disparus"),
    "ignored": ("ignoré", "ignorés"),
    "same": ("inchangé", "inchangés"),
}
STATES = {
    "mapping": "En attente de votre accord",
    "waiting": "En attente",
    "running": "En cours",
    "done": "Terminé",
    "cancelled": "Arrêté",
    "failed": "Fichier illisible",
    "undoing": "Annulation en cours",
    "undone": "Annulé",
}


@dataclass(frozen=True, slots=True)
class Route:
    """What tells the client of some lines of a shared file: ``text`` as people know it, and how many."""

    key: str
    text: str
    lines: int
    client: Client | None


@dataclass(slots=True)
class Preview:
    """A page of what a file would do. ``blocked``: why it cannot be told yet, in French."""

    content: Content
    client: Client | None = None
    counts: Counter[str] = field(default_factory=Counter)
    verb: str = ""
    lines: Sequence[Change] = ()
    first: int = 0
    total: int = 0
    page: int = 1
    routes: Sequence[Route] = ()
    clients: Sequence[tuple[str, Client]] = ()
    blocked: str = ""

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.lines) - 1

    @property
    def todo(self) -> int:
        """How many lines would change something."""
        return self.counts["new"] + self.counts["changed"] + self.counts["gone"]


def preview(found: Import, asked: Mapping[str, str], *, today: date) -> Preview:
    """What the file of an import would do, as its columns are set.

    Args:
        asked: ``quoi`` a verb, ``page`` from 1, ``client`` the slug of one client of a shared file.

    Raises:
        DomainError: the file can no longer be read.
    """
    try:
        content = queries.content(found)
    except NotStoredError:
        raise DomainError("Ce fichier ne se lit plus. Envoyez-le à nouveau.") from None
    shown = Preview(content)
    if found.shared:
        _route(shown, found, asked.get("client", ""))
    target = found.client_id or (shown.client.id if shown.client else None)
    try:
        if found.kind is not None:
            queries.check(found.kind, found.columns)
            changes = queries.plan(found, target, content, today=today) if target else []
            _turn_to(shown, changes, asked)
    except DomainError as refused:
        shown.blocked = str(refused)
    return shown


def _turn_to(shown: Preview, changes: Sequence[Change], asked: Mapping[str, str]) -> None:
    """Keep the page that was asked for, and count everything."""
    shown.counts = Counter(change.verb for change in changes)
    shown.verb = asked.get("quoi", "")
    if shown.verb in VERBS:
        changes = [change for change in changes if change.verb == shown.verb]
    else:
        changes = sorted(changes, key=lambda change: list(VERBS).index(change.verb))
    wanted = asked.get("page", "1")
    shown.total = len(changes)
    pages = max(1, -(-shown.total // PAGE))
    shown.page = min(int(wanted), pages) if wanted.isdecimal() and int(wanted) else 1
    shown.first = (shown.page - 1) * PAGE + 1
    shown.lines = changes[shown.first - 1 : shown.first - 1 + PAGE]


def _route(shown: Preview, found: Import, slug: str) -> None:
    clients = queries.clients()
    by_id = {str(client.id): client for client in clients}
    shown.clients = [(name, client) for name, client in labels(clients)]
    shown.routes = [
        Route(key, key.partition(":")[2], lines, by_id.get(found.routes.get(key, "")))
        for key, lines in shown.content.keys.items()
    ]
    shown.client = next((c for c in clients if c.slug == slug and c.id in shown.content.parts), None)


def labels(clients: Sequence[Client]) -> Iterable[tuple[str, Client]]:
    """What a client is typed as: its name, with its address when another has the same name."""
    same = Counter(fold(client.name) for client in clients)
    for client in clients:
        yield (client.name if same[fold(client.name)] == 1 else f"{client.name} ({client.slug})", client)


def named(clients: Sequence[Client]) -> dict[str, UUID]:
    """Label, folded → client."""
    return {fold(label): client.id for label, client in labels(clients)}


def told(counts: object) -> str:
    """« 12 nouveaux, 3 modifiés, 1 disparu » of anything counted; « rien de changé » for nothing."""
    pairs = (("added", "new"), ("changed", "changed"), ("gone", "gone"))
    said = [plural(n, *VERBS[verb]) for name, verb in pairs if (n := getattr(counts, name))]
    return ", ".join(said) or "rien de changé"


def words() -> dict[str, object]:
    """What the room's templates call things."""
    return {
        "kinds": [(kind.name, kind.label) for kind in KINDS.values()],
        "recognised": listing(kind.label[0].lower() + kind.label[1:] for kind in KINDS.values()),
        "kind_label": lambda name: KINDS[name].label if name in KINDS else "Genre à préciser",
        "fields": lambda name: [(f, FIELDS[f]) for f in KINDS[name].headers] if name in KINDS else [],
        "verbs": VERBS,
        "states": STATES,
        "told": told,
        "keys_shown": KEYS_SHOWN,
    }
