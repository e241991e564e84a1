"""Where the program starts: it loads almost nothing, so that Ctrl-C leaves no traceback while the rest is still being loaded."""

import os
import sys
import threading


def main() -> None:
    """Run the command line; the exit status is 0 done, 1 could not, 2 wrong usage or configuration."""
    try:
        from monitor.cli import run  # noqa: PLC0415 - see above

        status = run()
    except KeyboardInterrupt:
        sys.exit("stopped before anything was done")
    if any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread()):
        # It waits for a place that does not answer; an ordinary exit would wait for it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
