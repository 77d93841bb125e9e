"""Says what changed in a bucket by a queue (SQS) that the bucket sends its events to."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from bowerbird.errors import SourceError
from bowerbird.sources.aws import Account
from bowerbird.sources.picking import Picker
from bowerbird.sources.s3 import split

if TYPE_CHECKING:
    from bowerbird.types import Keys

log = logging.getLogger(__name__)

# Seconds that one request waits for events, and the pause after a queue did not answer.
WAIT_S, PAUSE_S = 10, 60.0
# Seconds that the thread is waited for at its end; it may be asking.
PATIENCE_S = 1.0
# More changes than these at once are not listed one by one.
MOST_KEYS = 500
AT_ONCE = 10


class QueueWatch:
    """Asks a queue from a thread of its own, from its making to `close`.

    The queue should be this program's own: events are taken out once they were told.

    Args:
        url: `s3://bucket/prefix`.
        config: See `sources.s3.S3Source`; `queue` is the queue's address.
        picker: Chooses by names.
        changed: Called from the thread with the keys of pictures that came, changed or went.
    """

    def __init__(
        self,
        url: str,
        config: Mapping[str, Any],
        picker: Picker,
        changed: Callable[[Keys], None],
    ) -> None:
        self.trouble = ""
        self._bucket, self._prefix = split(url)
        self._queue = str(config["queue"])
        self._account = Account(url, config, 1)
        self._picker = picker
        self._changed = changed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch {url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; nothing is called after it but what is being called."""
        self._stop.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
                self.trouble = ""
            except (BotoCoreError, ClientError, SourceError) as error:
                self.trouble = (
                    f"The queue {self._queue} does not answer ({error}). Give the user "
                    "sqs:ReceiveMessage and sqs:DeleteMessage on it, or remove it; the bucket is "
                    "looked at once a day meanwhile."
                )
                log.warning("%s", self.trouble)
                self._stop.wait(PAUSE_S)

    def _look(self) -> None:
        """Wait for events, and tell of them."""
        parts = urlsplit(self._queue)
        client = self._account.client("sqs", f"{parts.scheme}://{parts.netloc}")
        answer = client.receive_message(
            QueueUrl=self._queue, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=WAIT_S
        )
        keys: set[str] = set()
        known: list[str] = []
        for message in answer.get("Messages", ()):
            found = _read(message.get("Body", ""))
            if found is None:
                log.warning(
                    "a message in %s is no event of a bucket; it is left there", self._queue
                )
                continue
            known.append(message["ReceiptHandle"])
            keys.update(self._ours(found))
        if keys and not self._stop.is_set():
            self._changed(frozenset(keys) if len(keys) <= MOST_KEYS else None)
        # What was not told comes again.
        if known and not self._stop.is_set():
            client.delete_message_batch(
                QueueUrl=self._queue,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": handle}
                    for number, handle in enumerate(known)
                ],
            )

    def _ours(self, found: list[tuple[str, str]]) -> Iterator[str]:
        for bucket, whole in found:
            key = whole.removeprefix(self._prefix)
            is_below = bucket == self._bucket and whole.startswith(self._prefix)
            if is_below and key and self._picker.wants(key):
                yield key


def _read(body: str) -> list[tuple[str, str]] | None:
    """Return bucket and key of the events of a message, or None where it is something else.

    Buckets send them as they are, through SNS, or through EventBridge.
    """
    try:
        found = json.loads(body)
        if found.get("Type") == "Notification":
            found = json.loads(found["Message"])
        if found.get("Event") == "s3:TestEvent":
            return []
        if found.get("source") == "aws.s3":
            detail = found["detail"]
            return [(detail["bucket"]["name"], detail["object"]["key"])]
        return [
            (one["s3"]["bucket"]["name"], unquote_plus(one["s3"]["object"]["key"]))
            for one in found["Records"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
