"""`promisewatch users`: who may use the dashboard."""

import secrets
import sys

import click

from monitor.app import App, tell
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.people import Person, Role
from monitor.web.passwords import SHORTEST, hash_password

ROLES = ("reader", "editor", "admin")


@click.group("users")
def users_command() -> None:
    """Who may use the dashboard: readers look, editors label and answer, admins see settings."""


@users_command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="reader", help="[reader]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
@click.pass_obj
def add_command(app: App, name: str, role: Role, password_stdin: bool) -> None:
    """Let somebody in, or give them another role and password; their sessions and their token end then."""
    if not name.strip() or not name.isprintable():
        raise MonitorError("the name is empty or cannot be shown", remedy="give a name such as anna")
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True)
    if len(password) < SHORTEST:
        raise MonitorError("the password is too short", remedy=f"give at least {SHORTEST} signs")
    with app.open_store() as store:
        store.people.add(Person(name, role, hash_password(password, secrets.token_bytes(16))), app.clock())
    tell(f"{name} may sign in as {role}")


@users_command.command("list")
@JSON_OR_TEXT
@click.pass_obj
def list_command(app: App, format_: str) -> None:
    """List who may sign in."""
    with app.open_store() as store:
        people, holders = store.people.all(), store.people.with_tokens()
    if format_ == "json":
        show_json([{"name": one.name, "role": one.role, "token": one.name in holders} for one in people])
        return
    show_table(("name", "role", "token"), [(one.name, one.role, "yes" if one.name in holders else "-") for one in people])


@users_command.command("token")
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Let no program in as NAME any more.")
@click.pass_obj
def token_command(app: App, name: str, revoke: bool) -> None:
    """Make a token with which a program may do what NAME may; an earlier one ends. It is shown once."""
    from monitor.web.guard import hashed  # noqa: PLC0415 - a server is slow to load

    with app.open_store() as store:
        if revoke:
            if not store.people.drop_token(name):
                raise MonitorError(f"{name} has no token", remedy="see who has one: promisewatch users list")
            tell(f"the token of {name} ended")
            return
        token = secrets.token_urlsafe(32)
        if not store.people.set_token(name, hashed(token), app.clock()):
            raise MonitorError(f"nobody is called {name}", remedy=f"add them: promisewatch users add {name}")
    tell(f"with this token a program may do what {name} may; it is not shown again. Send it as: Authorization: Bearer TOKEN")
    click.echo(token)


@users_command.command("remove")
@click.argument("name")
@click.pass_obj
def remove_command(app: App, name: str) -> None:
    """Let somebody in no longer; their sessions end at once."""
    with app.open_store() as store:
        if not store.people.remove(name):
            raise MonitorError(f"nobody is called {name}", remedy="see who may sign in: promisewatch users list")
    tell(f"{name} may sign in no longer")
