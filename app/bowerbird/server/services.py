"""What the routes of all dialects share, and how they come by it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request

from bowerbird.server.answers import Answers
from bowerbird.server.callers import Door
from bowerbird.server.claims import Claims
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
    # Records on their way in, as (collection, id).
    arriving: Claims = field(default_factory=Claims)
    # Held from the look at what is there to the taking in of what is not.
    comparing: threading.Lock = field(default_factory=threading.Lock)
    _line: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, library: Library) -> Services:
        """Return the services of a library; nothing of them runs yet."""
        links = Links(library.access.signing_secret())
        return cls(library, Door(library), Upkeep(library), links)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait in line for the loop, to do in it what takes a millisecond.

        Requests that were read together would else all be answered before the next are read, and
        who asks again a moment too late waits twice as long as the others.
        """
        async with self._line:
            # Whoever came meanwhile is read now, and stands in line behind those before him.
            await asyncio.sleep(0)
            yield

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
