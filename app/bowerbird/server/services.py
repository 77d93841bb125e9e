"""What the routes of all dialects share, and how they come by it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from bowerbird.server.answers import Answers
from bowerbird.server.callers import Door
from bowerbird.server.links import Links
from bowerbird.server.pictures import Bench
from bowerbird.server.upkeep import Upkeep

if TYPE_CHECKING:
    from bowerbird.library import Library


@dataclass(slots=True)
class Services:
    """One library, and who works on it for callers."""

    library: Library
    door: Door
    upkeep: Upkeep
    links: Links
    bench: Bench = field(default_factory=lambda: Bench(os.cpu_count() or 1))
    answers: Answers = field(default_factory=Answers)

    @classmethod
    def of(cls, library: Library) -> Services:
        """Return the services of a library; nothing of them runs yet."""
        links = Links(library.access.signing_secret())
        return cls(library, Door(library), Upkeep(library), links)

    def start(self) -> None:
        """Begin to count and to sync."""
        self.door.counters.start()
        self.upkeep.start()

    def close(self) -> None:
        """End what runs; counters are written down."""
        self.upkeep.close()
        self.door.counters.close()


async def services(request: Request) -> Services:
    """Return what the application was made with."""
    return cast("Services", request.app.state.services)


Shared = Annotated[Services, Depends(services)]
