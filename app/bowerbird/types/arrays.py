"""Arrays that rooms hand to each other.

numpy is only imported for annotations, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector: TypeAlias = NDArray[np.float32]
    Pixels: TypeAlias = NDArray[np.uint8]
