"""Runs the terminal front end: `python -m bowerbird` is the same as `bowerbird`.

A frozen program has no interpreter to start its decoding processes with, so it starts itself.
"""

import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["--decode-worker"]:
        from bowerbird.decode.worker import main as work

        work()
    else:
        from bowerbird.cli.main import main

        raise SystemExit(main())
