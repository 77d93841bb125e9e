"""Find copies of one shot: the same file, resized, recompressed, mirrored, turned or cropped.

Similar shots, of one scene and moments apart, are looked for where they are asked for.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.cli.options import COMPLETE_FOLDERS, add_collection, narrowing
from bowerbird.cli.progress import follow
from bowerbird.cli.terminal import amount, complain, one_line, several
from bowerbird.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from bowerbird.library import Library
    from bowerbird.types import DuplicateGroup

HELP = "find copies of one shot, and which of them to keep"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_collection(parser)
    parser.add_argument(
        "--where", metavar="EXPR", action="append", default=[], help="only among these"
    )
    keep = parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="FOLDER",
        help="copies in this folder are the ones to keep; can be given several times",
    )
    keep.complete = COMPLETE_FOLDERS  # type: ignore[attr-defined]
    parser.add_argument(
        "--merge-tags", action="store_true", help="give the copy to keep the tags of the others"
    )
    parser.add_argument(
        "--similar-shots",
        action="store_true",
        help="find other shots of one scene too, as of a burst; they are no copies to spare",
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help="a group as one JSON object a line")
    choice.add_argument(
        "--paths",
        action="store_true",
        help="the files of folders that are not to be kept, a path a line",
    )
    choice.add_argument("--null", action="store_true", help="the same, each followed by a NUL")


def run(options: argparse.Namespace) -> int:
    """Look at what was not looked at, and print groups; none is exit code 1."""
    from bowerbird.library import Library

    if options.similar_shots and (options.paths or options.null):
        raise UsageError(
            "--paths and --null print copies to spare, and similar shots are none: which of them "
            "to keep is yours to choose. Leave one of the two out, or use --json."
        )
    for folder in options.keep:
        # The search takes long: a misspelt one is not to wait for it.
        if not Path(folder).expanduser().is_dir():
            raise NotFoundError(f"There is no folder {folder} to keep copies in. Check the path.")
    with Library.open(options.library) as library:
        wanted = narrowing(library, options)
        follow(library.find_duplicates(similar_shots=options.similar_shots), "copies")
        groups = library.duplicates(wanted, keep=options.keep)
        shots = library.similar_shots(wanted, keep=options.keep) if options.similar_shots else []
        if options.merge_tags:
            for group in groups:
                library.merge_tags(group)
        if options.paths or options.null:
            _print_paths(library, groups, end="\0" if options.null else "\n")
        else:
            _print_copies(library, groups, options)
        if groups and shots and not options.json:
            print()
        for group in shots:
            _print(library, group, options)
        if shots and not options.json:
            pictures = sum(len(group.assets) for group in shots)
            print(f"{several(len(shots), 'group')} of similar shots with {pictures:,} pictures")
    return 0 if groups or shots else 1


def _print_paths(library: Library, groups: list[DuplicateGroup], end: str) -> None:
    """Print the files that can go, and say on stderr how many copies are none, and why."""
    paths, left = library.spare_files(groups)
    for path in paths:
        print(path, end=end)
    for why, count in left.items():
        complain(f"{count:,} copies are left out: {why}.")


def _print_copies(
    library: Library, groups: list[DuplicateGroup], options: argparse.Namespace
) -> None:
    for group in groups:
        _print(library, group, options)
    if groups and not options.json:
        spare = sum(asset.size for group in groups for asset in group.assets[1:])
        copies = sum(len(group.assets) - 1 for group in groups)
        print(
            f"{several(len(groups), 'group')}; {several(copies, 'copy', 'copies')} to spare, "
            f"{amount(spare)}"
        )


def _print(library: Library, group: DuplicateGroup, options: argparse.Namespace) -> None:
    known = {one.id: one for one in library.collections()}
    rows = [(asset, library.address(known[asset.collection_id], asset)) for asset in group.assets]
    if options.json:
        row = {
            "kind": group.kind,
            "reason": group.reason,
            "keep": rows[0][0].uuid,
            "pictures": [
                {
                    "uuid": asset.uuid,
                    "path": path,
                    "width": asset.width,
                    "height": asset.height,
                    "bytes": asset.size,
                }
                for asset, path in rows
            ],
        }
        print(json.dumps(row))
    else:
        for number, (asset, path) in enumerate(rows):
            mark = ("best" if group.kind == "similar" else "keep") if number == 0 else "    "
            facts = f"{asset.width} x {asset.height}, {amount(asset.size)}"
            why = f"  ({group.reason})" if number == 0 and group.reason else ""
            print(f"{mark}  {one_line(path)}  {facts}{why}")
        print()
