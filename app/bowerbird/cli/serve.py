"""Answer HTTP requests on this machine, in the dialects of five image search services."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bowerbird.cli.options import COMPLETE_FILES
from bowerbird.server.port import HOST, PORT

HELP = "answer HTTP requests (Similarix, Ximilar, Dupify, Thread Genius, Clipdrop)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--host", default=HOST, help="address to listen on; this machine alone by default"
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"{PORT}; 0 takes a free one")
    parser.add_argument(
        "--name",
        dest="names",
        metavar="HOST",
        action="append",
        default=[],
        help="a further name that the server is called by; can be given several times",
    )
    parser.add_argument(
        "--allow-origin",
        dest="origins",
        metavar="URL",
        action="append",
        default=[],
        help="a site whose pages may call it (CORS); can be given several times",
    )
    for flag, text in (
        ("--tls-certificate", "PEM file of a certificate, for https"),
        ("--tls-key", "PEM file of its key, where that is another file"),
    ):
        option = parser.add_argument(flag, metavar="FILE", type=Path, help=text)
        option.complete = COMPLETE_FILES  # type: ignore[attr-defined]
    parser.add_argument(
        "--unencrypted",
        action="store_true",
        help="serve other machines without TLS: whoever is on the way reads keys and pictures",
    )


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from bowerbird.server.run import Options, serve

    def ready(address: str) -> None:
        print(f"Serving {address}, all of it described at {address}/docs", flush=True)
        print("Keys: bowerbird keys make NAME", file=sys.stderr, flush=True)

    serve(
        options.library,
        Options(
            options.host,
            options.port,
            tuple(options.names),
            tuple(options.origins),
            options.tls_certificate,
            options.tls_key,
            options.unencrypted,
        ),
        ready,
    )
    return 0
