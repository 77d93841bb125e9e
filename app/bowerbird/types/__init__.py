"""The words that rooms share: frozen dataclasses without behaviour of their own.

Layer 0. Imports nothing of ours; numpy is only imported for annotations, so that `--help` stays
quick. All words are imported from here, whichever module they stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bowerbird.types.access import (
    ApiKey as ApiKey,
    Scope as Scope,
    Used as Used,
)
from bowerbird.types.assets import (
    Asset as Asset,
    Decoded as Decoded,
    Exif as Exif,
    Fingerprint as Fingerprint,
    Frame as Frame,
    Orientation as Orientation,
    PixelSpec as PixelSpec,
    Progress as Progress,
    Record as Record,
    Status as Status,
)
from bowerbird.types.findings import (
    SHAPE_DIM as SHAPE_DIM,
    Analysis as Analysis,
    Attribute as Attribute,
    Colour as Colour,
    Detection as Detection,
    Level as Level,
    Palette as Palette,
    Product as Product,
    Quality as Quality,
    Reading as Reading,
    Silhouette as Silhouette,
    Suggestion as Suggestion,
    Temperature as Temperature,
    TextLine as TextLine,
)
from bowerbird.types.models import (
    Check as Check,
    CutoutFile as CutoutFile,
    LibraryStatus as LibraryStatus,
    ModelInfo as ModelInfo,
    ModelKind as ModelKind,
    Stroke as Stroke,
    Variation as Variation,
)
from bowerbird.types.queries import (
    PIXEL_CLASSES as PIXEL_CLASSES,
    AllOf as AllOf,
    AnyOf as AnyOf,
    Comparison as Comparison,
    DuplicateGroup as DuplicateGroup,
    ExportForm as ExportForm,
    Facets as Facets,
    Fact as Fact,
    Filter as Filter,
    Hit as Hit,
    Listed as Listed,
    Not as Not,
    Query as Query,
    Results as Results,
    SavedSearch as SavedSearch,
    Similarity as Similarity,
    Swatch as Swatch,
    Term as Term,
    read_terms as read_terms,
)
from bowerbird.types.sources import (
    CATALOGUES as CATALOGUES,
    Auto as Auto,
    Collection as Collection,
    CollectionCounts as CollectionCounts,
    Entry as Entry,
    Item as Item,
    Keys as Keys,
    Page as Page,
    PagedSource as PagedSource,
    Source as Source,
    SourceKind as SourceKind,
    Unreadable as Unreadable,
    Watch as Watch,
    fragment as fragment,
    frame_time as frame_time,
)

if TYPE_CHECKING:
    from bowerbird.types.arrays import Pixels as Pixels, Vector as Vector
