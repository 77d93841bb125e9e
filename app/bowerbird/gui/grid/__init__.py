"""The grid of pictures: ids to cells, cells to pixels, a million as quick as ten."""
