"""What the frozen program starts with: the terminal, the window, a worker apart."""

import sys
from pathlib import Path

# As bowerbird.decode.isolation says it; importing that would slow every start.
DECODE_WORKER = "--decode-worker"
# As bowerbird.apart says it.
SYNC_WORKER = "--sync-worker"
# As bowerbird.engines.reader says it.
READ_WORKER = "--read-worker"
# As bowerbird.server.beside says it.
SERVER = "--server"


def main() -> int:
    """Run what the program's name or its only argument asks for."""
    if sys.argv[1:] == [DECODE_WORKER]:
        from bowerbird.decode.worker import main as decode

        decode()
        return 0
    if sys.argv[1:] == [SYNC_WORKER]:
        from bowerbird.apart import main as sync

        sync()
        return 0
    if sys.argv[1:] == [READ_WORKER]:
        from bowerbird.engines.reading_worker import main as read

        read()
        return 0
    if sys.argv[1:] == [SERVER]:
        from bowerbird.server.beside import main as serve

        serve()
        return 0
    if Path(sys.executable).stem == "bowerbird-window":
        from bowerbird.gui.app import main as window

        return window()
    from bowerbird.cli.main import main as terminal

    return terminal()


if __name__ == "__main__":
    raise SystemExit(main())
