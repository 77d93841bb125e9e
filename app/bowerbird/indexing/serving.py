"""Which model embeds and which one answers: a new one takes over once it has seen everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bowerbird.engines.models import DEFAULT

if TYPE_CHECKING:
    from bowerbird.store.store import Store

WANTED = "model.wanted"
SERVING = "model.serving"


def wanted_model(store: Store) -> str:
    """Return the id of the model that syncs embed with."""
    return store.get_meta(WANTED) or DEFAULT


def serving_model(store: Store) -> str:
    """Return the id of the model that searches are answered with."""
    return store.get_meta(SERVING) or DEFAULT


def want(store: Store, model_id: str, encoder_id: str) -> None:
    """Choose the model that syncs embed with from now on."""
    store.set_meta(WANTED, model_id)
    promote(store, model_id, encoder_id)


def promote(store: Store, model_id: str, encoder_id: str) -> None:
    """Let the wanted model answer searches if it has embedded every asset."""
    if wanted_model(store) == model_id and store.embedded_count(encoder_id) >= store.counts().ok:
        store.set_meta(SERVING, model_id)
