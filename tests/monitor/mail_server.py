"""A real mail server on loopback that keeps what it takes, and refuses whom a test tells it to refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What arrived: who it was for, and the mail.

    `refuse` answers receivers; `answers` the next mails, the last one ever after; `farewell` whoever takes their leave.
    """

    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    farewell: str = "221 Bye"
    arrived: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)

    def address(self, *receivers: str) -> str:
        return f"mailto://127.0.0.1:{self.port}/{'/'.join(receivers)}?from=watch@acme.example&name=Acme%20watch"

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for _, mail in self.arrived]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        answer = self.answers.pop(0) if len(self.answers) > 1 else next(iter(self.answers), "250 OK")
        if answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.arrived.append((tuple(envelope.rcpt_tos), mail))
        return answer

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        return self.farewell


@contextmanager
def slow_mail_server(session: type[socketserver.BaseRequestHandler], over: threading.Event) -> Iterator[str]:
    """The address of a server that serves so until the block ends, when it is `over`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"mailto://127.0.0.1:{server.server_address[1]}/ann@acme.example?from=watch@acme.example"
        finally:
            over.set()
            server.shutdown()
            thread.join()


@contextmanager
def dripping_mail_server() -> Iterator[str]:
    """The address of a server whose greeting never ends: a byte now and then, so that no read ever waits long."""
    over = threading.Event()

    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                while not over.wait(0.02):
                    self.request.sendall(b"2")

    with slow_mail_server(Drip, over) as address:
        yield address


class _AnyPort(Controller):
    """Asks its own port whether it is up, also where the system chose it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that listens until the block ends."""
    box = Mailbox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
