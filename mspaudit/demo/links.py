"""The sign-in links of the demonstration, for a person or for a program."""

import json

import click

from mspaudit.config import Settings

WHO = "demo.json"
"""Who may sign in, in the data folder: written once the demonstration is whole."""

WORDS = {
    "msp_admin": "Administratrice de l’infogérant (Tilleul)",
    "technician": "Technicien (Tilleul)",
    "secretary": "Secrétaire de deux communes",
    "manager": "Gérante d’une entreprise",
    "staff": "Équipe de la plateforme",
    "other_msp_admin": "Administrateur d’un autre infogérant (Sureau)",
}


def loaded(settings: Settings) -> bool:
    """Whether this data folder holds a whole demonstration."""
    return (settings.data / WHO).exists()


def links(settings: Settings) -> dict[str, str]:
    """Each role's link. They work as long as this demonstration runs, from this machine only."""
    token = settings.demo_token.get_secret_value() if settings.demo_token else ""
    roles = json.loads((settings.data / WHO).read_text("utf-8"))
    return {who: f"{settings.public_url}/demo/{token}/{who}" for who in roles}


def show(settings: Settings, *, as_json: bool) -> None:
    """Print the links: one JSON line on standard output, or a page for a person."""
    found = links(settings)
    settings.mail_folder.mkdir(exist_ok=True)
    if as_json:
        line = {
            "url": settings.public_url,
            "links": found,
            "database_url": settings.database_url,
            "redis_url": settings.redis_url,
            "mail_dir": str(settings.mail_folder),
        }
        click.echo(json.dumps(line))
        return
    click.echo(f"\nmspaudit est prêt : {settings.public_url}\n")
    for who, link in found.items():
        click.echo(f"  {WORDS[who]}\n    {link}")
    click.echo(
        f"\n  Courriels envoyés : {settings.mail_folder}\n  Ctrl-C pour arrêter ; les données restent.\n"
    )
