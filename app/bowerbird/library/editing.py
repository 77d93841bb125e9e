"""Makes new pictures out of one: cut-outs and variations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bowerbird.errors import DecodeError, SourceError
from bowerbird.library.models import ModelChoice
from bowerbird.library.pictures import Pictures
from bowerbird.types import Asset, CutoutFile, SourceKind, Stroke, Variation

if TYPE_CHECKING:
    from bowerbird.actions.draft import Draft


class Editing(Pictures, ModelChoice):
    """What is made out of a picture, which itself stays as it is."""

    def cut_out(
        self,
        files: Sequence[Path],
        folder: Path | None = None,
        *,
        kind: Literal["png", "webp"] = "png",
        mask_only: bool = False,
        behind: str = "",
        model: str | None = None,
        told: Callable[[str], None] | None = None,
    ) -> Iterator[CutoutFile]:
        """Remove the background of pictures; they need not be indexed, and stay as they are.

        Args:
            files: The pictures.
            folder: Where to write NAME-cutout files; None for beside each picture.
            kind: Their format.
            mask_only: Write the matte alone, as NAME-mask.
            behind: What is to stand behind the subject: `#rrggbb`, `blur`, or a picture's path.
            model: What finds the subject; None for what the settings say.
            told: Hears in a sentence that another model does it, since that of the settings is not
                here.

        Raises:
            UsageError: What is to stand behind is none of these.
            NotFoundError: There is no such model.
            ModelMissingError: It is not downloaded yet.
            ModelError: It cannot be loaded or run.
            SourceDeniedError: The folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.cutouts import cut_out_files

        segmenter, instead = self._cutter(model)
        if instead and told is not None:
            told(instead)
        return cut_out_files(
            files,
            segmenter,
            folder,
            kind=kind,
            mask_only=mask_only,
            behind=behind,
            max_pixels=self.settings.max_pixels,
        )

    def draft_cutout(self, asset: Asset, side: int, model: str | None = None) -> Draft:
        """Return a picture to be cut out by hands; its subject is looked for at the first look.

        Args:
            asset: The picture.
            side: How many pixels its longer side should have at most.
            model: What finds the subject; None for what the settings say.

        Raises:
            SourceError: The file cannot be opened.
            DecodeError: It cannot become pixels.
            NotFoundError: There is no such model.
        """
        from bowerbird.actions.draft import Draft

        try:
            picture = self.preview(asset, side)
        except DecodeError as error:
            raise type(error)(f"{asset.name} cannot be used: it {error}.") from error
        return Draft(picture, self._cutter(model)[0], self.settings.max_pixels)

    def save_cutout(
        self,
        asset: Asset,
        draft: Draft,
        strokes: Sequence[Stroke],
        folder: Path | None = None,
        *,
        kind: Literal["png", "webp"] = "png",
        behind: str = "",
    ) -> CutoutFile:
        """Write a picture at its full size, cut out as its draft looks under some strokes.

        Args:
            asset: The picture.
            draft: As `draft_cutout` returned it.
            strokes: The corrections, in their order.
            folder: Where to write NAME-cutout; None for beside the picture.
            kind: The format.
            behind: What is to stand behind the subject: `#rrggbb`, `blur`, or a picture's path.

        Raises:
            UsageError: A stroke is none, or what is to stand behind.
            ModelError: The segmenter cannot be loaded or run.
            SourceError: The file cannot be fetched, or the folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.cutouts import cut_out_file

        return cut_out_file(
            self.cutout_source(asset, folder),
            lambda picture: draft.cut(picture, strokes),
            folder,
            kind=kind,
            mask_only=False,
            ground=draft.ground(behind),
            max_pixels=self.settings.max_pixels,
        )

    def cutout_source(self, asset: Asset, folder: Path | None) -> Path:
        """Return the file of a picture that is to be cut out into a folder, or beside itself.

        Raises:
            SourceError: It is not there, or what lies beside it is not the user's to see.
            DecodeError: It is a frame of a video that cannot be decoded any more.
        """
        beside = self.collection(asset.collection_id).kind is SourceKind.FOLDER
        if folder is None and not (beside and asset.time is None):
            raise SourceError(f"{asset.name} lies in no folder of yours. Choose one to save into.")
        path = self.still(asset)
        if path is None:
            raise SourceError(f"{asset.name} is not there now. Connect its drive, or sync.")
        return path

    def reimagine(
        self,
        file: Path,
        folder: Path | None = None,
        *,
        count: int = 1,
        seed: int = 0,
        strength: float = 0.35,
        model: str = "patches",
    ) -> Iterator[Variation]:
        """Write variations of a picture; yields each when it is there, and steps on the way to it.

        A generator: not iterating pauses it, `close()` cancels it within a step.

        Args:
            file: The picture, which need not be indexed and stays as it is.
            folder: Where to write NAME-variation files; None for beside it.
            count: How many, 1 to 8.
            seed: The same seed gives the same variations.
            strength: How far from the picture, 0 to 1.
            model: What makes them: `patches`, out of the picture itself, or a downloaded model.

        Raises:
            UsageError: Count, seed or strength are none of these, or there is no such file.
            DecodeError: It is not a picture that can be read.
            NotFoundError: There is no such model.
            ModelMissingError: It is not downloaded yet.
            ModelError: It is not here, or cannot be loaded or run.
            SourceDeniedError: The folder may not be written.
            StorageFullError: No space is left.
        """
        from bowerbird.actions.reimagine import PATCHES, reimagine_file

        return reimagine_file(
            file,
            folder,
            count,
            seed=seed,
            strength=strength,
            max_pixels=self.settings.max_pixels,
            generator=None if model == PATCHES else self._models.generator(model),
        )
