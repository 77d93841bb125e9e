"""Who may use the HTTP API, and how much they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key of the HTTP API allows; each includes what stands before it."""

    SEARCH = "search"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who uses the HTTP API; the secret itself is kept nowhere.

    Attributes:
        id: 16 hexadecimal digits; not secret.
        name: What its user calls it.
        scope: What it allows.
        collections: Uuids of the collections that it is for; None for all.
        per_minute: Requests a minute; 0 for as many as come.
        credits: How many reimagined pictures are left; None for as many as are asked for.
        created: When.
        last_used: When lastly, to some seconds; None for never.
    """

    id: str
    name: str
    scope: Scope
    collections: tuple[str, ...] | None
    per_minute: int
    credits: int | None
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """How often a key made one kind of call in one month (`2026-1`), and with how many images."""

    month: str
    call: str
    calls: int
    images: int
