"""A browser without a window: keeps its cookie, fills in the page's own token, follows nothing by itself."""

import csv
import io
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import urllib3


@dataclass
class Answer:
    status: int
    headers: "urllib3.HTTPHeaderDict"
    text: str

    @property
    def words(self) -> str:
        """What a person reads: the text without its markup."""
        inline = re.sub(r"</?(?:mark|span|b|bdi|a|small)\b[^>]*>", "", self.text)
        return " ".join(unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", inline, flags=re.DOTALL)).split())


@dataclass
class Client:
    address: str
    cookie: str = ""
    csrf: str = ""
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=30))

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def table(self, path: str) -> list[dict[str, str]]:
        """The rows of a table that can be taken along."""
        return list(csv.DictReader(io.StringIO(self.get(path).text)))

    def assert_harmless(self, *paths: str) -> None:
        """Nothing that mentions bring is markup, script or an address that runs."""
        for path in paths:
            text = self.get(path).text
            assert "<script>alert" not in text, path
            assert "<b>jo" not in text, path
            assert 'href="javascript' not in text, path

    def post(self, path: str, *, csrf: str | None = None, headers: dict[str, str] | None = None, **fields: str) -> Answer:
        """Send a form with the token of the last page that was seen, or another one."""
        body = urlencode({"csrf": self.csrf if csrf is None else csrf, **fields})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.cookie:
            headers = {"Cookie": self.cookie, **headers}
        found = self.pool.request(method, self.address + path, body=body, headers=headers, redirect=False)
        given = found.headers.get("Set-Cookie", "")
        if given.startswith("promisewatch="):
            self.cookie = given.partition(";")[0]
        answer = Answer(found.status, found.headers, found.data.decode())
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        if token:
            self.csrf = token[1]
        return answer
