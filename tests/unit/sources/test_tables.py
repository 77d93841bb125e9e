"""Catalogues in every form that people keep them in, and what is none."""

import datetime
import decimal
import json
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from bowerbird.errors import NotFoundError, UsageError
from bowerbird.sources import rows
from bowerbird.sources.rows import MOST_CHARACTERS, MOST_LINES
from bowerbird.sources.tables import Columns, Rejected, read_items
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
        try:
            assert len(read(tmp_path / name, text)) <= 3
        except UsageError as refused:  # neither a header nor a record
            assert "none of its columns" in str(refused) or "first row" in str(refused)  # noqa: PT017


def test_what_is_no_catalogue_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file"):
        list(read_items(tmp_path / "none.csv", Columns()))
    with pytest.raises(UsageError, match=r"ends in .tsv"):
        list(read_items(tmp_path / "a.xlsx", Columns()))
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_items(tmp_path / "b.csv", Columns()))


def test_a_quote_that_is_not_closed_costs_one_row(tmp_path: Path) -> None:
    text = 'id,title,image\nB1,x,1.jpg\nB2,"broken,2.jpg\nB3,x,3.jpg\nB4,x,4.jpg\n'
    for end in ("", 'B5,"fine, too",5.jpg\n', 'B5,"",5.jpg\n'):
        found = read(tmp_path / "a.csv", text + end)
        ids = [one.id for one in found if isinstance(one, Item)]
        assert ids == ["B1", "B3", "B4", *(["B5"] if end else [])]
        (bad,) = (one for one in found if isinstance(one, Rejected))
        assert bad.row == 3
        assert "quote" in bad.reason


def test_a_row_may_span_lines_but_not_very_many(tmp_path: Path) -> None:
    text = 'id,title,image\nA,"two\nlines",1.jpg\nB,"5" tube,2.jpg\n'
    first, second = read(tmp_path / "a.csv", text)
    assert first == Item("A", str(tmp_path / "1.jpg"), {"title": "two\nlines"})
    assert second == Item("B", str(tmp_path / "2.jpg"), {"title": "5 tube"})
    lines = "".join(f"C{number},x,3.jpg\n" for number in range(MOST_LINES))
    found = read(tmp_path / "a.csv", f'{text}B2,"open,2.jpg\n{lines}B9,inch",9.jpg\n')
    assert sum(isinstance(one, Item) for one in found) == 2 + MOST_LINES + 1
    assert [one.row for one in found if isinstance(one, Rejected)] == [5]


def test_texts_in_which_every_line_opens_a_quote_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_AGAIN", 10_000)
    found = read(tmp_path / "a.csv", "id,title\n" + 'x","\n' * 5000)
    assert len(found) < 50
    last = found[-1]
    assert isinstance(last, Rejected)
    assert last.reason.endswith("no more is read")


def test_what_is_inside_a_broken_row_is_no_record(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", 'id,title,image\nA,"one\ntwo" and,1.jpg\nB,x,2.jpg\n')
    assert [one.id for one in found if isinstance(one, Item)] == ["B"]
    assert [one.row for one in found if isinstance(one, Rejected)] == [2, 3]


def test_a_header_that_is_not_understood_is_refused(tmp_path: Path) -> None:
    for text in ("foo,bar\n1,2\n", "title,image\nx,1.jpg\n", 'a,"b\n1,2\n'):
        with pytest.raises(UsageError) as refused:
            read(tmp_path / "a.csv", text)
        assert "a.csv" in str(refused.value)
    with pytest.raises(UsageError, match=r"There are foo, bar\. Say which with --id"):
        read(tmp_path / "a.csv", "foo,bar\n1,2\n")


def test_prices_with_a_currency_are_numbers(tmp_path: Path) -> None:
    said = [
        "15.00 USD",
        "$1,200.50",
        "1.299,00 €",
        "EUR 7",
        "1,299 €",
        "$1 for 2",
        "15.00",
        "USD 5 €",
    ]
    lines = "".join(f"{number}\t{price}\t{price}\n" for number, price in enumerate(said))
    found = read(tmp_path / "a.tsv", f"id\tsale_price\ttitle\n{lines}")
    metadata = [one.metadata for one in found if isinstance(one, Item)]
    assert [one["sale_price"] for one in metadata] == [
        15.0,
        1200.5,
        1299.0,
        7.0,
        "1,299 €",
        "$1 for 2",
        15.0,
        "USD 5 €",
    ]
    assert [one.get("sale_price currency") for one in metadata] == [
        "USD",
        "$",
        "€",
        "EUR",
        None,
        None,
        None,
        None,
    ]
    assert metadata[0]["title"] == "15.00 USD"
