"""Runs the terminal front end: `python -m bowerbird` is the same as `bowerbird`."""

from bowerbird.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
