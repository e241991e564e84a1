"""What the program could not do, said so that a person knows what to do next."""


class MonitorError(Exception):
    """Something could not be done (exit status 1). `remedy` says what a person can do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Interrupted(MonitorError):  # noqa: N818 - nothing is wrong
    """The program is to stop, and what it is at takes longer than it may: it is done at the next start."""


class ConfigError(MonitorError):
    """The configuration is wrong (exit status 2); the message names file and line."""
