"""The tree drawn in the module is the tree that is there."""

import inspect
import re

from bowerbird import errors
from bowerbird.errors import BowerbirdError, UsageError


def test_drawing_names_every_error_below_its_parent() -> None:
    drawn: dict[str, str] = {}
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"([│ ]*)([├└]── )?(\w+Error)\b", line)
        if match is None:
            continue
        depth = len(match[1]) // 4 + (1 if match[2] else 0)
        parents[depth:] = [match[3]]
        drawn[match[3]] = parents[depth - 1] if depth else "Exception"
    real = {
        name: cls.__base__.__name__
        for name, cls in vars(errors).items()
        if inspect.isclass(cls) and issubclass(cls, BowerbirdError)
    }
    assert drawn == real


def test_exit_codes() -> None:
    assert BowerbirdError.exit_code == 1
    assert UsageError.exit_code == 2
