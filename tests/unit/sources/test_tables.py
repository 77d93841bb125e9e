"""Catalogues in every form that people keep them in, and what is none."""

import datetime
import decimal
import json
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from bowerbird.errors import NotFoundError, UsageError
from bowerbird.sources.tables import MOST_CHARACTERS, Columns, Rejected, read_items
from bowerbird.types import Item


def read(path: Path, text: str | bytes, columns: Columns = Columns()) -> list[Item | Rejected]:  # noqa: B008
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_items(path, columns))


def test_rows_without_a_header_are_id_picture_and_metadata(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.tsv",
        '1\thttp://x/1.jpg\t{"price": 19.99, "SKU": 120984, "in": ["red", "new"]}\n'
        "2\tpictures/2.jpg\n"
        "\n"
        "00017\thttps://x/3.jpg\t{}\n",
    )
    assert found == [
        Item("1", "http://x/1.jpg", {"price": 19.99, "SKU": 120984, "in": ["red", "new"]}),
        Item("2", str(tmp_path / "pictures/2.jpg")),
        Item("00017", "https://x/3.jpg"),
    ]


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    found = read(
        tmp_path / "feed.csv",
        "\ufeffTitle;SKU;Image_Link;price;sold out;code\n"
        '"Shoe; red";A-1;http://x/1.jpg;12.50;true;007\n'
        "Hat;A-2;;9;;\n",
    )
    assert found == [
        Item(
            "A-1",
            "http://x/1.jpg",
            {"Title": "Shoe; red", "price": 12.5, "sold out": True, "code": "007"},
        ),
        Item("A-2", "", {"Title": "Hat", "price": 9}),
    ]


def test_columns_can_be_named(tmp_path: Path) -> None:
    text = "a,b,id\nx,p.jpg,1\n"
    (item,) = read(tmp_path / "a.csv", text, Columns("A", "b"))
    assert item == Item("x", str(tmp_path / "p.jpg"), {"id": "1"})
    with pytest.raises(UsageError, match=r"no column 'c'. There are a, b, id"):
        read(tmp_path / "a.csv", text, Columns("c"))


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"id": 5, "url": "http://x/5.jpg", "metadata": {"price": 3}, "tags": ["a"], "none": None},
        {"external_id": "six", "image_url": "http://x/6.jpg", "deep": {"er": 1}},
    ]
    text = (
        "\n".join(map(json.dumps, rows))
        + '\n\n[1]\n{"id": NaN}\n{"id"\n{"url": "http://x/7.jpg"}\n'
    )
    assert read(tmp_path / "a.jsonl", text) == [
        Item("5", "http://x/5.jpg", {"price": 3, "tags": ["a"]}),
        Item("six", "http://x/6.jpg", {"er": 1}),
        Rejected(4, "is no JSON object"),
        Rejected(5, "is no JSON: NaN is no number"),
        Rejected(6, "is no JSON: Expecting ':' delimiter: line 2 column 1 (char 6)"),
        Rejected(7, "names no id"),
    ]


def test_parquet(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "product_id": [1, 2, None],
            "image": ["http://x/1.jpg", "2.jpg", "3.jpg"],
            "price": [decimal.Decimal("1.50"), None, decimal.Decimal(2)],
            "day": [datetime.date(2024, 6, 30)] * 3,
            "ratio": [float("nan"), 0.5, 1.0],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    assert list(read_items(tmp_path / "a.parquet", Columns())) == [
        Item("1", "http://x/1.jpg", {"price": 1.5, "day": "2024-06-30"}),
        Item("2", str(tmp_path / "2.jpg"), {"day": "2024-06-30", "ratio": 0.5}),
        Rejected(3, "names no id"),
    ]
    whole = (tmp_path / "a.parquet").read_bytes()
    for broken in (whole[: len(whole) // 2], b"PAR1", b"", whole[:200] + bytes(300) + whole[500:]):
        with pytest.raises(UsageError, match="cannot be read as Parquet"):
            read(tmp_path / "b.parquet", broken)


def test_rows_that_are_none_spare_the_others(tmp_path: Path) -> None:
    text = (
        b"id,image,price\n"
        b"1,http://x/1.jpg,2\n"
        b"caf\xe9,http://x/2.jpg,2\n"
        b"3,ftp://x/3.jpg,2\n"
        b"4,http://x/4.jpg,2,9\n"
        b",http://x/5.jpg,2\n"
        b'6,http://x/6.jpg,{"a": }\n'
        b"7\x07,http://x/7.jpg,2\n"
        b"8,http://x/8.jpg,1\n"
    )
    found = read(tmp_path / "a.csv", text)
    assert [item.id for item in found if isinstance(item, Item)] == ["1", "8"]
    rejected = {row.row: row.reason for row in found if isinstance(row, Rejected)}
    assert list(rejected) == [3, 4, 5, 6, 7, 8]
    assert "UTF-8" in rejected[3]
    assert "ftp://x/3.jpg" in rejected[4]
    assert rejected[5] == "has 4 cells where there are 3 columns"
    assert rejected[6] == "names no id"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_hostile_texts_end(tmp_path: Path, name: str) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    for text in (
        f"id,image,x\n1,a.jpg,{deep}\n",
        f'{{"id": 1, "image": "a.jpg", "x": {deep}}}',
        f"1\ta.jpg\t{deep}\n",
        "x" * (MOST_CHARACTERS + 10),
        '"' + "x" * (MOST_CHARACTERS + 10),
        "\0" * 100,
        "",
    ):
        assert len(read(tmp_path / name, text)) <= 3


def test_what_is_no_catalogue_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file"):
        list(read_items(tmp_path / "none.csv", Columns()))
    with pytest.raises(UsageError, match=r"ends in .tsv"):
        list(read_items(tmp_path / "a.xlsx", Columns()))
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_items(tmp_path / "b.csv", Columns()))
