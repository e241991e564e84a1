"""Where the program starts: it loads almost nothing, so that Ctrl-C leaves no traceback while the rest is still being loaded."""

import sys


def main() -> None:
    """Run the command line; the exit status is 0 done, 1 could not, 2 wrong usage or configuration."""
    try:
        from monitor.cli import run  # noqa: PLC0415 - see above

        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit("stopped before anything was done")


if __name__ == "__main__":
    main()
