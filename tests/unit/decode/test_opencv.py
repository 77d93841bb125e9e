"""OpenCV leaves the environment alone, whichever of its wheels is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

FAKE = """
import os
os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"] = "/elsewhere"
os.environ["LD_LIBRARY_PATH"] = "/elsewhere"
os.environ.pop("KEPT", None)
ORB_create = print
"""


def test_the_environment_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text(FAKE, "utf-8")
    code = (
        f"import sys; sys.path[:] = [{str(tmp_path)!r}, *{sys.path!r}]\n"
        "import json, os\n"
        "before = dict(os.environ)\n"
        "from bowerbird.decode.opencv import cv2\n"
        "print(json.dumps([before == dict(os.environ), cv2.__file__]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KEPT": "1", "LD_LIBRARY_PATH": "/here"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == [True, str(tmp_path / "cv2.py")]
