"""Models in a process of their own: they take half a gigabyte, and memory is given back for good only when a process ends.

read, causes ──► ModelProcess ──(texts)──► process: encoder ──(readings, vectors)──► store        (the process never sees the store)
"""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, Self

from models.reading import Reader, Reading, Unread
from monitor.app import App
from monitor.errors import MonitorError
from monitor.farewell import LOOKS_SECONDS, Farewell
from monitor.scarcity import scarcity

if TYPE_CHECKING:
    from models.clusters import Floats
    from models.known_errors import KnownErrors
    from monitor.causes import Embedder

LINGERS_SECONDS = 120.0
"""How long the process stays when there is nothing to read: mentions come in groups, and loading takes some seconds."""
LONGEST_SECONDS = 3600.0
"""How long one request may take before its process is taken to hang."""


class Models(Protocol):
    """Where texts are read and embedded."""

    def reader(self, app: App) -> Reader:
        """Load the configured model. Raises MonitorError where it cannot be."""

    def embedder(self, app: App) -> "Embedder":
        """Return what makes vectors of texts."""

    def rest(self) -> None:
        """There was nothing to read this time."""


class ModelsHere:
    """In this process, which ends soon: `once`, and the commands."""

    def reader(self, app: App) -> Reader:
        """Load the configured model."""
        return app.reader()

    def embedder(self, app: App) -> "Embedder":
        """Return the bundled one."""
        from monitor.causes import bundled_embedder  # noqa: PLC0415

        return bundled_embedder(app.config.model.device)

    def rest(self) -> None:
        """Nothing is kept."""


HERE = ModelsHere()


class ModelProcess:
    """In one process that is started when it is needed, and ended when it has not been for a while. Use it as a context manager.

    Whatever becomes of that process, nothing is lost: its texts are unread until their readings are stored.
    """

    def __init__(self, stopped: Callable[[], bool] = lambda: False) -> None:
        self._stopped = stopped
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._used = monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    def reader(self, app: App) -> Reader:
        """Load the configured model over there.

        Raises:
            MonitorError: it cannot be loaded.
        """
        name, device = app.config.model.name, app.config.model.device
        version, priors, errors = self.ask(_load, name, device)
        return _Reader(version, priors, errors, lambda texts: self.ask(_read, name, device, texts))

    def embedder(self, app: App) -> "Embedder":
        """Return the bundled one; it is loaded over there when the first text is embedded."""
        from models.calibration import load_calibration  # noqa: PLC0415
        from monitor.causes import Embedder  # noqa: PLC0415

        device = app.config.model.device
        return Embedder(load_calibration("bundled").version, lambda texts: self.ask(_embed, device, list(texts)))

    def rest(self) -> None:
        """End the process if it has had nothing to do for a while."""
        if self._process is not None and monotonic() - self._used > LINGERS_SECONDS:
            self.close()

    def close(self) -> None:
        """End the process at once; what it was at is unread, and is read another time."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function of a module over there, and return what it does.

        Raises:
            MonitorError: it could not do it, or its process ended or hangs.
            Interrupted: the program is to stop.
        """
        pipe = self._pipe or self._start()
        try:
            pipe.send((function, arguments))
            self._wait(pipe)
            failure, remedy, answer = pipe.recv()
        except (EOFError, OSError) as error:
            code = self._ended()
            remedy = "give the machine more memory, or read less at a time; nothing is lost, and it is loaded anew"
            raise MonitorError(f"the process that reads was ended ({code})", remedy=remedy) from error
        except BaseException:
            self.close()
            raise
        self._used = monotonic()
        if remedy:
            self.close()  # what ran out of something is no place to try it again
        if failure:
            raise MonitorError(failure, remedy=remedy)
        return answer

    def _wait(self, pipe: Connection) -> None:
        began = monotonic()
        farewell = Farewell(self._stopped, "what was being read is read at the next start")
        while not pipe.poll(LOOKS_SECONDS):
            farewell.check()
            if monotonic() - began > LONGEST_SECONDS:
                raise MonitorError("the model has not answered for an hour", remedy="nothing is lost; it is loaded anew")

    def _start(self) -> Connection:
        # Forking a process that has threads may copy a lock that nobody opens.
        spawn = multiprocessing.get_context("spawn")
        ours: Connection | None = None
        try:
            ours, theirs = spawn.Pipe()
            with theirs:
                process = spawn.Process(target=_serve, args=(theirs,), name="models", daemon=True)
                process.start()
        except OSError as error:
            if ours is not None:
                ours.close()
            raise scarcity(error) or MonitorError(f"the process that reads cannot be started: {error}") from error
        self._pipe, self._process = ours, process
        return ours

    def _ended(self) -> str:
        process = self._process
        if process is not None:
            process.join(LOOKS_SECONDS)
        code = process.exitcode if process is not None else None
        self.close()
        return signal.Signals(-code).name if code is not None and code < 0 else f"exit status {code}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads over there."""

    version: str
    priors: tuple[float, float, float] | None
    errors: "KnownErrors | None"
    ask: Callable[[Sequence[Unread]], list[Reading]]

    def read(self, texts: Sequence[Unread]) -> list[Reading]:
        return self.ask(texts)


# Over there


def _serve(pipe: Connection) -> None:
    """Answer until nobody asks any more: also when the parent was killed, who tells nobody."""
    # Whoever stops the program stops the parent, which lets us finish.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(_answered(function, arguments))


def _answered(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[str, str, Any]:
    """What went wrong, what to do about it, and the answer."""
    from models.errors import ModelError  # noqa: PLC0415 - the parent has it only where it loads models itself

    try:
        return "", "", function(*arguments)
    except Exception as error:  # noqa: BLE001 - told by the parent, who goes on with its other jobs
        if scarce := scarcity(error):
            return str(scarce), scarce.remedy, None
        return str(error) if isinstance(error, ModelError) else f"a defect: {type(error).__name__}: {error}", "", None


_LOADED: dict[tuple[str, ...], Any] = {}
"""The one model that is loaded: two would be a gigabyte."""


def _loaded(what: tuple[str, ...], load: Callable[[], Any]) -> Any:
    if what not in _LOADED:
        _LOADED.clear()
        _LOADED[what] = load()
    return _LOADED[what]


def _reader(name: str, device: str) -> Any:
    from models.reader import TransformerReader  # noqa: PLC0415 - the way to torch

    return _loaded(("reader", name, device), lambda: TransformerReader(name, device=device))


def _load(name: str, device: str) -> tuple[str, tuple[float, float, float] | None, "KnownErrors | None"]:
    reader = _reader(name, device)
    return reader.version, reader.priors, reader.errors


def _read(name: str, device: str, texts: Sequence[Unread]) -> list[Reading]:
    found: list[Reading] = _reader(name, device).read(texts)
    return found


def _embed(device: str, texts: Sequence[str]) -> "Floats":
    from models.encoder import Encoder  # noqa: PLC0415 - the way to torch

    found: Floats = _loaded(("encoder", device), lambda: Encoder(device=device)).encode(texts).embeddings
    return found
