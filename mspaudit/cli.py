"""The command line: every process of the product, and the operator's tools."""

import json
import os
import secrets
import sys
from pathlib import Path

import click

from mspaudit.config import ConfigError, Settings, load_settings
from mspaudit.embedded.folder import EmbeddedError


@click.group(help="mspaudit : la sécurité prouvée d’un portefeuille de petites organisations.")
def cli() -> None:
    """Group of commands; each imports what it needs, so that ``--help`` stays instant."""


def main() -> None:
    """Run a command; an operator's mistake is one sentence, never a stack trace."""
    try:
        cli(standalone_mode=True)
    except (ConfigError, EmbeddedError) as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


@cli.command(help="Démonstration : tout démarre ici, avec des données inventées et des liens de connexion.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Une ligne JSON sur la sortie standard une fois prêt.")
def demo(port: int, data: Path, as_json: bool) -> None:
    from mspaudit import onebox
    from mspaudit.demo import links

    def load_once(settings: Settings) -> None:
        if not links.loaded(settings):
            from mspaudit.demo import load

            load.load(settings)

    onebox.run(
        data,
        host="127.0.0.1",
        port=port,
        extra={"MSPAUDIT_DEMO_TOKEN": secrets.token_urlsafe(24)},
        meanwhile=load_once,
        after=links.WHO,
        ready=lambda settings: links.show(settings, as_json=as_json),
    )


@cli.command(help="Tout sur une machine : serveurs embarqués, web, ouvriers, planificateur.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def up(host: str, port: int, data: Path) -> None:
    from mspaudit import onebox

    onebox.run(
        data, host=host, port=port, ready=lambda s: click.echo(f"Prêt : http://{s.host}:{s.port}", err=True)
    )


@cli.command(help="Le serveur web (gunicorn).")
def web() -> None:
    settings = load_settings()
    command = [
        "-m", "gunicorn", "mspaudit.wsgi:application",
        "--bind", f"{settings.host}:{settings.port}",
        "--workers", str(settings.web_processes),
        "--threads", str(settings.threads),
        "--worker-class", "gthread",
        "--preload",
        "--timeout", "60",
        "--graceful-timeout", "8",
        "--log-level", "warning",
    ]  # fmt: skip
    os.execv(sys.executable, [sys.executable, *command])


@cli.command(help="Un ouvrier, pour une seule file.")
@click.argument("queue", type=click.Choice(["risk", "mail", "default"]))
def worker(queue: str) -> None:
    from mspaudit.app import create_app
    from mspaudit.tenancy import jobs

    with create_app().app_context():
        jobs.work(queue)


@cli.command(help="Tous les ouvriers et le planificateur, pour une seule machine.")
@click.option("--after", type=click.Path(path_type=Path), help="Attendre que ce fichier existe.")
def crew(after: Path | None) -> None:
    from mspaudit import crew as background

    settings = load_settings()
    required(settings, "dispatcher_url")
    background.run(settings, after=after)


@cli.command(help="Le planificateur : échéances, rattrapages, battement de cœur.")
def scheduler() -> None:
    from mspaudit.app import create_app
    from mspaudit.tenancy.scheduler import Scheduler

    settings = load_settings()
    with create_app(settings).app_context():
        Scheduler(required(settings, "dispatcher_url")).run()


@cli.group(help="La base de données.")
def db() -> None:
    """Commands run by a deployment, as ``mspaudit_migrator``."""


@db.command(help="Amène le schéma à jour et installe la clé de contexte.")
def upgrade() -> None:
    from mspaudit.tenancy import database, migrations

    settings = load_settings()
    url = required(settings, "migrator_url")
    migrations.upgrade(url)
    database.install_key(url.replace("+psycopg", ""), settings.context_key.get_secret_value().encode())


@db.command(help="Crée les rôles et la base (une fois, en superutilisateur) et écrit leurs adresses.")
@click.argument("superuser_url")
@click.option("--name", default="mspaudit", show_default=True)
def bootstrap(superuser_url: str, name: str) -> None:
    from mspaudit.tenancy.database import LOGIN_ROLES, Passwords, create_database, create_roles, role

    dsn = superuser_url.replace("+psycopg", "")
    passwords = Passwords(*(secrets.token_urlsafe(24) for _ in range(4)))
    create_roles(dsn, passwords)
    create_database(dsn, name)
    host = dsn.partition("@")[2].partition("/")[0]
    for each in LOGIN_ROLES:
        password = getattr(passwords, each)
        click.echo(f"{each}: postgresql+psycopg://{role(each)}:{password}@{host}/{name}")


@cli.command(help="Rapport pour l’exploitant : rôles, isolation, files, planificateur, courriel, migrations.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--data", type=click.Path(path_type=Path), help="Un dossier tenu par demo ou up.")
def doctor(as_json: bool, data: Path | None) -> None:
    from mspaudit import checkup, onebox

    if data is not None:
        os.environ.update(onebox.attached(data))
    findings = checkup.examine(load_settings())
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.well else '✗'} {finding.subject} : {finding.said}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@cli.group("import", help="Le guichet des imports, pour les scripts.")
def intake() -> None:
    """What a file is, and what it would change."""


@intake.command(help="Dit ce qu’est un fichier, sans base de données.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def recognise(file: Path, as_json: bool) -> None:
    from mspaudit.intake import command

    command.finish(lambda: command.recognised(file), as_json=as_json)


@intake.command("apply", help="Importe un fichier pour un client, ou dit ce que cela changerait.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--msp", required=True, help="L’adresse du prestataire.")
@click.option("--client", required=True, help="L’adresse du client.")
@click.option("--dry-run", is_flag=True, help="Ne rien écrire.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--data", type=click.Path(path_type=Path), help="Un dossier tenu par demo ou up.")
def apply_file(file: Path, *, msp: str, client: str, dry_run: bool, as_json: bool, data: Path | None) -> None:
    from mspaudit import onebox
    from mspaudit.app import create_app
    from mspaudit.intake import applying, command
    from mspaudit.kernel import clock

    if data is not None:
        os.environ.update(onebox.attached(data))

    def work() -> applying.Applied:
        return applying.applied(file, msp, client, dry_run=dry_run, now=clock.now())

    with create_app().app_context():
        command.finish(work, as_json=as_json)


@cli.group(help="Les registres du devoir de conseil.")
def register() -> None:
    """What a client's register proves, to anyone."""


@register.command(help="Vérifie un registre exporté en CSV, sans base de données ; code 1 s’il est altéré.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--anchor", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Un ancrage.")
def verify(file: Path, anchor: Path | None) -> None:
    from mspaudit.plan import register_file

    try:
        anchors = register_file.read_anchors(anchor.read_text("utf-8")) if anchor else None
        verdict = register_file.verify(file.read_bytes(), anchors)
    except (register_file.Unreadable, UnicodeDecodeError) as refused:
        unreadable = "Ce fichier d’ancrage ne se lit pas."
        click.echo(str(refused) if isinstance(refused, register_file.Unreadable) else unreadable, err=True)
        sys.exit(os.EX_DATAERR)
    click.echo(verdict.said)
    sys.exit(0 if verdict.whole else 1)


@cli.command("mail-in", help="Un rapport de sauvegarde reçu par courriel, sur l’entrée standard.")
@click.option("--to", "recipients", multiple=True, help="Destinataire (postfix : ${recipient}).")
@click.option("--msp", default="", help="Le prestataire, quand la boîte n’est qu’à lui.")
@click.option("--data", type=click.Path(path_type=Path), help="Un dossier tenu par demo ou up.")
def mail_in(recipients: tuple[str, ...], msp: str, data: Path | None) -> None:
    from mspaudit import onebox
    from mspaudit.app import create_app
    from mspaudit.backups import cli as backups

    try:
        if data is not None:
            os.environ.update(onebox.attached(data))
        app = create_app()
    except (ConfigError, EmbeddedError) as refused:
        # The mail server keeps what it cannot hand over yet, and would send back anything else.
        click.echo(str(refused), err=True)
        sys.exit(os.EX_TEMPFAIL)
    with app.app_context():
        sys.exit(backups.mail_in(sys.stdin.buffer, recipients=recipients, msp=msp))


def required(settings: Settings, name: str) -> str:
    """One of the database addresses.

    Raises:
        ConfigError: it is not set; the message names the variable.
    """
    value = getattr(settings, name)
    if value is None:
        raise ConfigError(f"MSPAUDIT_{name.upper()} n’est pas renseigné.")
    return str(value)
