import shutil
import subprocess
from collections.abc import Callable

import pytest

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_scripts_know_commands_and_options(run: Run, capsys: Capture, shell: str) -> None:
    assert run("completion", shell) == 0
    script = capsys.readouterr().out
    assert "bowerbird" in script
    assert "similar" in script
    assert "library" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_can_read_its_script(run: Run, capsys: Capture) -> None:
    assert run("completion", "bash") == 0
    script = capsys.readouterr().out
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_unknown_shell(run: Run) -> None:
    assert run("completion", "fish") == 2
