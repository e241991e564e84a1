"""What a page is asked with, and the ways in which it answers. A page is a plain function from a `Visit` to a response."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.app import App
from monitor.config import BrandConfig
from monitor.storage.people import Role
from monitor.store import Store

if TYPE_CHECKING:
    from monitor.web.shelf import Look

RANK: dict[Role, int] = {"reader": 0, "editor": 1, "admin": 2}


@dataclass(frozen=True)
class Page:
    """A page and who may use it. `act` takes what is posted to the same path, if anything may be."""

    path: str
    show: "Callable[[Visit], Response] | None"
    act: "Callable[[Visit], Response] | None" = None
    needs: Role = "reader"
    acts: Role = "editor"


@dataclass(frozen=True)
class Visit:
    """One request: who asks, what for, and what may be used to answer. `csrf` must come back with whatever is posted."""

    request: Request
    app: App
    store: Store
    shelf: "Look"
    now: datetime
    person: str
    role: Role
    csrf: str
    form: Mapping[str, list[str]]
    render: "Callable[[Visit, str, Mapping[str, Any]], str]"

    def may(self, role: Role) -> bool:
        """Whether the person may do what needs `role`."""
        return RANK[self.role] >= RANK[role]

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, default)

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def given(self, name: str, default: str = "") -> str:
        """A field of what was posted."""
        return self.form.get(name, [default])[0].strip()

    @property
    def brand(self) -> BrandConfig | None:
        """The brand that is looked at: the one in the address, else the first; None where none is configured."""
        brands = self.app.config.brand
        return self.app.config.find_brand(self.asked("brand")) or (brands[0] if brands else None)

    @property
    def section(self) -> str:
        """This page where every brand has it, else what it belongs to: of a promise, a cause or a case, all of them."""
        path = self.request.url.path
        everywhere = self.request.method == "GET" and not self.request.path_params
        return path if everywhere else f"/{path.split('/')[1]}"

    @property
    def again(self) -> str:
        """The address that shows this page again, or its section where something was posted."""
        url = self.request.url
        return self.section if self.request.method == "POST" else f"{url.path}?{url.query}" if url.query else url.path

    def link(self, path: str, **changes: str | int | None) -> str:
        """An address with this page's brand and the given parameters; None leaves one out."""
        brand = self.brand
        parameters = {"brand": brand.id} if brand is not None and len(self.app.config.brand) > 1 else {}
        parameters |= {name: str(value) for name, value in changes.items() if value is not None}
        return f"{path}?{urlencode(parameters)}" if parameters else path

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """The page that a template makes."""
        return HTMLResponse(self.render(self, template, values), status)

    def go(self, path: str, said: str = "", **parameters: str | int | None) -> Response:
        """Send on to another page after something was done; `said` is shown there."""
        sealed = {"said": said, "seal": self._seal(said)} if said else {}
        return RedirectResponse(self.link(path, **parameters, **sealed), 303)

    @property
    def said(self) -> str:
        """What this dashboard says to this browser in the address; whatever somebody else wrote there is not shown."""
        said = self.asked("said")
        return said if hmac.compare_digest(self.asked("seal").encode(), self._seal(said).encode()) else ""

    def _seal(self, said: str) -> str:
        return hmac.new(self.csrf.encode(), said.encode("utf-8", "replace"), "sha256").hexdigest()[:16]

    def nothing(self, what: str, remedy: str = "") -> Response:
        """There is no such thing."""
        return self.page("message.html", 404, title=f"There is no such {what}", remedy=remedy)

    def wrong(self, what: str, remedy: str = "") -> Response:
        """What was asked for or posted cannot be."""
        return self.page("message.html", 400, title=what, remedy=remedy)
