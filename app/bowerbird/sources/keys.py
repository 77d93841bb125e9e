"""Keeps keys of buckets where the system keeps secrets, and nowhere else."""

from __future__ import annotations

import contextlib
import json
from typing import NoReturn

from bowerbird.errors import SourceDeniedError, UsageError

# By this name they are shown in the system's own list of secrets.
SERVICE = "Bowerbird"


def owner(url: str, endpoint: str | None) -> str:
    """Return the name that the keys of a bucket have."""
    return f"{url} at {endpoint or 'aws'}"


def save(name: str, key: str, secret: str) -> None:
    """Keep the keys of a bucket.

    Raises:
        UsageError: This system has no place for secrets, or it is locked.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, json.dumps([key, secret]))
    except KeyringError as error:
        _no_keyring(error)


def load(name: str) -> tuple[str, str]:
    """Return key and secret.

    Raises:
        SourceDeniedError: They are not there any more, or the keyring is locked.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise SourceDeniedError(
            f"The system's keyring does not give the keys of {name} ({error}). Unlock it."
        ) from error
    if found is None:
        raise SourceDeniedError(
            f"The keys of {name} are not in the system's keyring. Remove the collection and add it "
            "again with its keys."
        )
    key, secret = json.loads(found)
    return str(key), str(secret)


def forget(name: str) -> None:
    """Take the keys of a bucket out; what is not there is no error."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        keyring.delete_password(SERVICE, name)


def _no_keyring(error: Exception) -> NoReturn:
    raise UsageError(
        f"This system has no keyring that can be written ({error}). Keep the keys in a profile "
        "instead: run `aws configure --profile NAME`, and add the bucket with that profile."
    ) from error
