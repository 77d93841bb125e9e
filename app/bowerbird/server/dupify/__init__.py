"""Dupify's dialect, at /v1/: embeddings, colours, cut-outs and more of pictures, and a catalogue.

Embeddings have 768 numbers whatever the model: those of a smaller one are followed by zeros, which
changes no cosine; those of a larger one are turned into 768 directions that are always the same
(random and orthogonal, drawn with seed 0), which changes cosines by some hundredths. An embedding
that is sent may have 768 numbers or the model's own. `similarity` compares embeddings of any one
length.

The catalogue of a key is the only catalogue that it is for, else the one called "Products", which
the first upload makes. Embeddings are made behind the request: `embedding_status` is `processing`
from when somebody asks for it until then (`pending` where `generate_embeddings` is false: the next
sync of the whole catalogue makes them; what such a sync has not come to yet is `processing`, too,
since syncs run in processes of their own, which tell how many they did, not which).

Where the document is silent: an error is `{"error": sentence}`; in a batch, an image that fails has
`"status": "error"` and its own `error`, beside what else was asked of it and could be answered, and
the others are answered. Answers are kept in memory
for 24 hours, the last 4000 of them; those count as no call. All picture methods take `image_url`,
`image_base64` or up to ten `images`. `confidence` of attributes is the mean over those found;
`category` is fashion, home or null, `garment_type` what the thing is (a T-shirt is a `shirt`, as
in the document), `type` where that is of the home; where a product comes with
`image_url` or `image_base64`, what its words leave open is guessed from it, and `guessed` lists
which fields those are. `similarity_threshold` is a cosine, and 0.70 where none is sent, as in the
document. What reaches it depends on the model and on the photos: with the built-in one two things
of one kind, each alone on white, mostly have 0.7 to 0.9, but two shirts on grounds of their own 0.4
or so. Send a lower one where too little is found. `max_results` is 1000 at most, `product_id`
leaves that product itself out, `embedding_generated_at` is when the record came.
"""

from __future__ import annotations

from fastapi import APIRouter

from bowerbird.server.dupify import catalog, pictures
from bowerbird.server.dupify.asking import wording

__all__ = ["OUTSIDE", "PREFIXES", "router", "wording"]

PREFIXES = ("/v1",)
# Statuses for those whose key is none, or does not allow it.
OUTSIDE = (401, 403)
router = APIRouter(prefix="/v1", tags=["dupify"])
router.include_router(pictures.router)
router.include_router(catalog.router)
