"""Sets the project up and works on it: `python packaging/dev.py demo|test|check|build`.

Everything goes into `.venv` in the repository, with the versions of packaging/constraints.txt.
The first run downloads; later ones start at once, until pyproject.toml or the versions change.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = VENV / "set-up.sha256"
DEMO = ROOT / ".cache" / "demo"
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")

# What Qt loads from the system, and the Debian package that has it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
FONTS = "fonts-dejavu-core"
# What the tests move a real window with and keep pictures in, and the Debian packages of it.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "twm": "twm",
    # A real S3 service to index a bucket of.
    "ceph": "ceph-common",
    "ceph-mon": "ceph-mon",
    "ceph-osd": "ceph-osd",
    "monmaptool": "ceph-base",
    "radosgw": "radosgw",
}

# Sets of photos beside the checkout that make a good first library in about a minute.
DEMO_SETS = ("flickr8k/dev", "imagenet-sample", "fashion")
DEMO_QUERIES = ("a dog running on the beach", "children playing", "a red car")
# The few photos that these packages ship, for when there is nothing else.
PHOTO_PACKAGES = {"skimage": ("scikit-image", "data"), "sklearn": ("scikit-learn", "datasets")}
PHOTO_QUERIES = ("a cat", "a cup of coffee", "a flower", "an astronaut")


def main() -> int:
    """Parse the command and run it; the exit code is that of the first step that failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    demo_parser = commands.add_parser("demo", help="index some photos and open the window")
    demo_parser.add_argument("folder", nargs="?", type=Path, help="your own photos")
    commands.add_parser("test", help="run pytest; further arguments go to it")
    commands.add_parser("check", help="lint, formatting, types and the borders between rooms")
    commands.add_parser("build", help="build sdist and wheel, and try the wheel by itself")
    options, rest = parser.parse_known_args()
    if rest and options.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    set_up(TEST_PROGRAMS if options.command == "test" else {})
    if options.command == "demo":
        return demo(options.folder)
    if options.command == "test":
        return test(rest)
    return check() if options.command == "check" else build()


# --- setting up ---------------------------------------------------------------------------------


def set_up(programs: dict[str, str]) -> None:
    """Make `.venv` what the project needs; done at once when nothing changed since."""
    install_system_packages(programs)
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    if not (BIN / ("python.exe" if WINDOWS else "python")).exists():
        say(f"Making {VENV}")
        venv.create(VENV, with_pip=True)
    say("Installing the versions of packaging/constraints.txt; the first time takes minutes")
    pip("install", "--upgrade", "pip")
    group = f"{ROOT / 'pyproject.toml'}:dev"
    pip("install", "--editable", f"{ROOT}[models,diffusion]", "--group", group)
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """Return a digest of all that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (ROOT / "pyproject.toml", CONSTRAINTS, ROOT / "packaging" / "hatch_build.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install_system_packages(programs: dict[str, str]) -> None:
    """Install what Qt, venv and tests need from the system, or say what to install by hand."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for name, package in QT_LIBRARIES.items() if not loads(name)]
    if not Path("/usr/share/fonts").is_dir() or not any(Path("/usr/share/fonts").rglob("*.ttf")):
        missing.append(FONTS)
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    install(missing)
    # By themselves: tests that miss a program are skipped, and nothing else may fail for it.
    install([package for name, package in programs.items() if shutil.which(name) is None])


def install(missing: list[str]) -> None:
    """Install packages of the system through apt, or say what to install by hand."""
    if not missing:
        return
    by_hand = f"Install these with your system's packages: {' '.join(missing)}"
    apt = shutil.which("apt-get")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (as_root and shutil.which("sudo") is None):
        say(by_hand)
        return
    say(f"Installing {' '.join(missing)}")
    for step in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", *step]
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
            say(by_hand)
            return


def loads(library: str) -> bool:
    """Return whether the system has this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def pip(*arguments: str | Path, python: Path | None = None) -> None:
    """Run pip under the constraints, which hold in isolated builds too."""
    pinned = {"PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_BUILD_CONSTRAINT": str(CONSTRAINTS)}
    quiet = ("--quiet", "--disable-pip-version-check")
    command = [python or BIN / "python", "-m", "pip", *arguments, *quiet]
    subprocess.run(command, env={**os.environ, **pinned}, check=True)


def tool(*arguments: str | Path, **variables: str) -> int:
    """Run a program of the venv in the repository; returns its exit code."""
    command = [BIN / arguments[0], *arguments[1:]]
    env = {**os.environ, **variables, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def say(sentence: str) -> None:
    """Print what goes on, at once, so that it stands above the output of what is run next."""
    print(f"--- {sentence}", flush=True)


# --- commands -----------------------------------------------------------------------------------


def test(arguments: list[str]) -> int:
    """Run pytest; windows stay invisible."""
    return tool("python", "-m", "pytest", *arguments, QT_QPA_PLATFORM="offscreen")


def check() -> int:
    """Run every check, also after one failed, so that one run says everything."""
    steps = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    )
    failed = []
    for step in steps:
        say(" ".join(step))
        if tool(*step):
            failed.append(" ".join(step))
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


def build() -> int:
    """Build the wheel, look into it, and use it in a fresh venv without the checkout."""
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    pinned = {"PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_BUILD_CONSTRAINT": str(CONSTRAINTS)}
    if tool("python", "-m", "build", **pinned):
        return 1
    [wheel] = (ROOT / "dist").glob("*.whl")
    forgotten = missing_resources(wheel)
    if forgotten:
        say(f"The wheel lacks {', '.join(forgotten)}")
        return 1
    return try_wheel(wheel)


def missing_resources(wheel: Path) -> list[str]:
    """Return the files under resources/ that are in git and not in the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "resources"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    return [name for name in listed if name and f"bowerbird/{name}" not in inside]


def try_wheel(wheel: Path) -> int:
    """Install the wheel alone, then index and search a folder from the terminal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        scripts = folder / "venv" / BIN.name
        say(f"Trying {wheel.name} in a fresh venv")
        pip("install", wheel, python=scripts / "python")
        draw = (
            "from PIL import Image; import pathlib; pathlib.Path('pictures').mkdir();"
            "[Image.new('RGB', (640, 480), c).save(f'pictures/{c}.png') for c in ('red', 'blue')]"
        )
        steps = (
            ["python", "-c", draw],
            ["bowerbird", "--version"],
            ["bowerbird", "--library", "library", "index", "pictures"],
            ["bowerbird", "--library", "library", "search", "something red"],
            ["python", "-c", "import bowerbird.gui.app"],
        )
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        for program, *arguments in steps:
            command = [scripts / program, *arguments]
            if subprocess.run(command, cwd=folder, env=env, check=False).returncode:
                say(f"The wheel does not work alone: {program} {' '.join(arguments)}")
                return 1
    say(f"{wheel.name} works alone")
    return 0


# --- demo ---------------------------------------------------------------------------------------


def demo(folder: Path | None) -> int:
    """Index photos into a library of the demo's own, then open the window or print hits."""
    folders, queries = demo_photos(folder)
    # A library for each folder, so that nothing is found but what is in it.
    name = hashlib.sha256(str(folders[0]).encode()).hexdigest()[:8] if folder else "library"
    library = DEMO / name
    say(f"Indexing {', '.join(str(path) for path in folders)} into {library}")
    code = tool("bowerbird", "--library", library, "index", *folders)
    if code:
        return code
    if has_display():
        say("Opening the window")
        return tool("bowerbird", "--library", library)
    for query in queries:
        say(f"bowerbird search {query!r}")
        tool("bowerbird", "--library", library, "search", query, "--limit", "5")
    example = first_picture(folders)
    if example is not None:
        say(f"bowerbird similar {example}")
        tool("bowerbird", "--library", library, "similar", example, "--limit", "5")
    return snapshot(library, queries[0])


def demo_photos(folder: Path | None) -> tuple[list[Path], tuple[str, ...]]:
    """Return folders of photos, and queries that find something in them."""
    if folder is not None:
        return [folder.resolve()], DEMO_QUERIES
    shared = ROOT.parent / "shared" / "data"
    found = [shared / name for name in DEMO_SETS if (shared / name).is_dir()]
    if found:
        return found, DEMO_QUERIES
    say("No photos at hand: taking those that scikit-image and scikit-learn ship")
    pip("install", *(package for package, _ in PHOTO_PACKAGES.values()))
    # Their photos are copied together, away from the masks and arrays that lie beside them.
    photos = DEMO / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    for module, (_, inside) in PHOTO_PACKAGES.items():
        for path in sorted(next(VENV.rglob(f"site-packages/{module}/{inside}")).rglob("*")):
            if path.suffix in (".jpg", ".jpeg", ".png") and path.stat().st_size > 20_000:
                shutil.copy2(path, photos / path.name)
    return [photos], PHOTO_QUERIES


def has_display() -> bool:
    """Return whether a window would be seen."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def first_picture(folders: list[Path]) -> Path | None:
    """Return a photo to search by."""
    photos = (path for folder in folders for path in sorted(folder.rglob("*.jpg")))
    return next(photos, None)


def snapshot(library: Path, query: str) -> int:
    """Save a picture of the window, for machines without a display."""
    picture = DEMO / "window.png"
    code = tool(
        *("python", "-m", "bowerbird.gui.snapshot"),
        *(library, picture, "--query", query),
        QT_QPA_PLATFORM="offscreen",
    )
    if code == 0:
        say(f"There is no display, so the window was drawn into {picture}")
    return code


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036  # this file runs before any installation
        raise SystemExit("Bowerbird needs Python 3.11 or newer.")
    try:
        raise SystemExit(main())
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"A step failed: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
