"""Mail: one message in two languages, plain text and a page with its pictures inside, so that every client shows one of them.

Apprise reads the address, with what it knows of providers; it cannot send both languages at once, so the standard library does.
"""

import re
import smtplib
import ssl
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.channels import SECONDS, DeliveryError
from monitor.storage.outbox import Queued
from monitor.watched import watched

NAME = "promisewatch"
TAKING_SECONDS = 120.0
"""How long a server may take to say that it has a mail (RFC 5321, 4.5.3.2.6: who hangs up too early sends it twice)."""
ALL_SECONDS = 170.0
"""How long all of it may take, also where a server drips."""
_IMAGE = re.compile(r'(?<=src=")data:image/(png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)(?=")')
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Mail:
    """One mail address as Apprise reads it. Raises DeliveryError where it names somebody who cannot be written to."""

    def __init__(self, account: Any, address: str) -> None:
        self._account = account
        self._receivers = tuple(dict.fromkeys([*(to for _, to in account.targets), *sorted(account.cc), *sorted(account.bcc)]))
        # Apprise leaves out whom it does not understand, and says so in its log only.
        unknown = sorted(set(_named(address)) - {to.casefold() for to in self._receivers})
        if unknown or not self._receivers:
            raise DeliveryError(
                f"nobody can write to {', '.join(unknown) or 'nobody'}",
                permanent=True,
                remedy="write who gets it in full: mailto://…?to=somebody@example.org",
            )

    def send(self, letter: Queued, now: datetime) -> None:
        """Deliver to everybody whom the message has not reached yet, in one go."""
        account = self._account
        receivers = letter.left or self._receivers
        mail = compose(letter, account, now)
        try:
            # Mail goes where the configuration says, often to a server of the house: no answer leads it elsewhere.
            with watched(ALL_SECONDS, allow_private=True), closing(_connected(account)) as server:
                refused = server.send_message(mail, account.from_addr[1], receivers)
                # It has arrived: whatever the server says to a farewell, the mail is not sent again.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients, ()) from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise _failure(error, account.smtp_host) from error
        if refused:
            raise _refused(refused, tuple(refused))


def compose(letter: Queued, account: Any, now: datetime) -> EmailMessage:
    """Write a message as mail. Its Message-ID is the same however often it is sent, by which servers drop what comes twice."""
    message = letter.message
    name = letter.name
    sender = account.from_addr[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(account.from_addr[0] if account.from_addr[0] not in (False, "", "Apprise") else NAME, sender)
    mail["To"] = [_address(label or "", to) for label, to in account.targets]
    if account.cc:
        mail["Cc"] = [_address("", to) for to in sorted(account.cc)]
    if account.reply_to:
        mail["Reply-To"] = [_address("", to) for to in sorted(account.reply_to)]
    mail["Subject"] = _BREAKS.sub(" ", message.subject).strip()
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    if message.html:
        page, images = _images(message.html, name)
        mail.add_alternative(page, subtype="html")
        part = mail.get_body(("html",)) or mail
        for subtype, content, image in images:
            part.add_related(
                content, "image", subtype, cid=f"<{image}>", disposition="inline", filename=f"{image.split('.')[0]}.{subtype}"
            )
    return mail


def _named(address: str) -> Iterator[str]:
    """Yield whom an address names as receivers, in its path and its options."""
    parts = urlsplit("//" + address.partition("://")[2])
    options = parse_qs(parts.query)
    for one in [unquote(parts.path).replace("/", ","), *(each for key in ("to", "cc", "bcc") for each in options.get(key, []))]:
        yield from (parseaddr(name)[1].casefold() or name.strip() for name in one.split(",") if name.strip())


def _images(html: str, name: str) -> tuple[str, list[tuple[str, bytes, str]]]:
    """Return the page with its pictures named, and the pictures: many clients show none that stand within a page."""
    images: list[tuple[str, bytes, str]] = []

    def named(found: re.Match[str]) -> str:
        images.append((found[1], b64decode(found[2]), f"picture{len(images) + 1}.{name}"))
        return f"cid:{images[-1][2]}"

    return _IMAGE.sub(named, html), images


class _Patient(smtplib.SMTP):
    """Waits longer for the answer to a mail than for any other."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(TAKING_SECONDS)
        return super().data(msg)


class _PatientWithTls(smtplib.SMTP_SSL, _Patient):
    """The same where TLS is spoken from the first byte."""


def _connected(account: Any) -> smtplib.SMTP:
    """Open a session, secured and signed in as the account says. Raises what smtplib raises."""
    context = ssl.create_default_context()
    if not account.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    mode = str(account.secure_mode)
    server: smtplib.SMTP = (
        _PatientWithTls(account.smtp_host, account.port or 0, timeout=SECONDS, context=context)
        if mode == "ssl"
        else _Patient(account.smtp_host, account.port or 0, timeout=SECONDS)
    )
    try:
        if mode == "starttls":
            server.starttls(context=context)
        if account.user and account.password:
            server.login(account.user, account.password)
    except BaseException:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
        raise
    return server


def _failure(error: Exception, host: str) -> DeliveryError:
    """What a server or the way to it said: 4xx and broken connections pass, 5xx stays until somebody changes something."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        refused = isinstance(error, smtplib.SMTPAuthenticationError)
        return DeliveryError(
            f"{host} answered {error.smtp_code}: {said}",
            permanent=error.smtp_code >= 500,
            remedy=("check user and password" if refused else "check the address") + "; then: promisewatch outbox retry"
            if error.smtp_code >= 500
            else "",
        )
    unfit = isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError)
    return DeliveryError(
        f"{host}: {error or type(error).__name__}",
        permanent=unfit,
        remedy="choose another server or another address; then: promisewatch outbox retry" if unfit else "",
    )


def _refused(recipients: Any, left: Iterable[str]) -> DeliveryError:
    """Some or all receivers were refused; the mail is tried again for those alone."""
    said = "; ".join(f"{to}: {code} {_text(why)}" for to, (code, why) in recipients.items())
    permanent = all(code >= 500 for code, _ in recipients.values())
    return DeliveryError(
        f"not accepted for {said}",
        permanent=permanent,
        remedy="check these addresses; then: promisewatch outbox retry" if permanent else "",
        left=tuple(left),
    )


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _address(name: str, address: str) -> Address:
    return Address(_BREAKS.sub(" ", name), addr_spec=address)
