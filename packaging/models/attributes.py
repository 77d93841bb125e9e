"""Fit how sure guesses of a product's attributes are, and keep those that are good enough.

    python packaging/models/attributes.py --data ../shared/data --out guesses.json

The file belongs into `resources/vocabulary`.

The cases are those of `tests/bench/attributes.py`: odd rows there measure, even rows are fitted on
here. From texts, one logistic regression an attribute over margin and nearness; from pictures, one
a value. An attribute, or a value of pictures, stays out unless a large enough share of what it
would say is right in cross-validation, and often enough to know.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from bench.attributes import Remembering, labelled, picture_vectors, unseen
from bowerbird import paths
from bowerbird.actions.attributes import shipped
from bowerbird.actions.guesses import Guesser, Measured, Measures, best, parts
from bowerbird.engines.models import Models

# An attribute of which hardly any picture says something cannot be measured well.
# Pictures have to be better: the image tower knows them from its training. Words never reach theirs
# on every split; what is measured of so few leaves no room for more than about 8 of 10.
RIGHT, RIGHT_OF_TEXT, FOLDS, OFTEN = 0.84, 0.77, 4, 0.1
# So many different synonyms, or pictures, must be right to know.
SYNONYMS, PICTURES_RIGHT = 5, 8
# All values share one threshold: one that needs a higher one would silence the others.
HIGHEST = 0.7
# Of pictures: which values compete. Those that no label has cannot be measured.
PICTURES = {"category": None, "gender": ("women", "men"), "style": None, "colour": None}


def main() -> None:
    """Measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    encoder = Models(paths.model_cache()).encoder("builtin")
    texts = Remembering(encoder)
    text = {name: _text(texts, name) for name in shipped()}
    rows = labelled(options.data / "fashion" / "items.tsv")[::2]
    vectors = picture_vectors(encoder, [row.picture for row in rows])
    picture = {name: _picture(encoder, name, rows, vectors) for name in PICTURES}
    data = {
        "encoder": encoder.id,
        "text": {name: row for name, row in text.items() if row},
        "picture": {name: row for name, row in picture.items() if row},
    }
    lines = json.dumps(data, ensure_ascii=False).replace('], "', '],\n"')
    options.out.write_text(lines + "\n", encoding="utf-8")


def _guesser(encoder: Any, name: str, taxonomy: Any, nothing: Any) -> Guesser:
    alone = Measures(encoder.id, {name: Measured({}, {}, 1.0)})
    return Guesser(encoder, taxonomy, alone, nothing)


def _text(encoder: Any, name: str) -> dict[str, Any] | None:
    near, said, groups = [], [], []
    for number, (taxonomy, nothing, cases) in enumerate(unseen(name, 0)):
        guesser = _guesser(encoder, name, taxonomy, nothing)
        for case in cases:
            found = parts([case.title], taxonomy)
            row = guesser.by_text(name, found, encoder.encode_texts(found))
            # What is nearer to nothing is no guess, and has no part in how sure one is.
            if max(row.values()) > -1:
                near.append(row)
                said.append(case.value)
                groups.append(number)
    # Cosines of texts are compared as they are.
    usual = {phrase.name: [0.0, 1.0] for phrase in shipped()[name]}
    found = [best(row, usual) for row in near]
    right = np.array([row[0] == value for row, value in zip(found, said, strict=True)])
    print("text", name, len(right))
    fitted = _fit(
        np.array([row[1:] for row in found]), right, np.array(groups), SYNONYMS, RIGHT_OF_TEXT
    )
    if fitted is None:
        return None
    return {"usual": usual, "odds": dict.fromkeys(usual, fitted[0]), "threshold": fitted[1]}


def _usual(near: list[dict[str, float]], values: tuple[str, ...]) -> dict[str, list[float]]:
    """Return mean and standard deviation of how near each value is."""
    columns = {value: [row[value] for row in near if value in row] for value in values}
    return {
        value: [round(float(np.mean(column)), 4), round(float(np.std(column)), 4)]
        for value, column in columns.items()
    }


def _picture(encoder: Any, name: str, rows: Any, vectors: np.ndarray) -> dict[str, Any] | None:
    guesser = _guesser(encoder, name, shipped(), ())
    near = [guesser.by_picture(name, vector) for vector in vectors]
    usual = _usual(near, PICTURES[name] or tuple(near[0]))
    found = [best(row, usual) for row in near]
    odds, thresholds = {}, []
    for value in usual:
        mine = [at for at, row in enumerate(found) if row[0] == value]
        facts = np.array([found[at][1:] for at in mine]).reshape(-1, 2)
        right = np.array([rows[at].truth[name] == value for at in mine], bool)
        fitted = _fit(facts, right, np.arange(len(mine)), PICTURES_RIGHT)
        print("picture", name, value, len(mine), fitted)
        if fitted is not None and fitted[1] <= HIGHEST:
            odds[value] = fitted[0]
            thresholds.append(fitted[1])
    said = sum(found[at][0] in odds for at in range(len(found)))
    if said < OFTEN * len(found):
        return None
    return {"usual": usual, "odds": odds, "threshold": max(thresholds)}


def _fit(
    facts: np.ndarray, right: np.ndarray, groups: np.ndarray, enough: int, least: float = RIGHT
) -> tuple[list[float], float] | None:
    """Return weights and the least threshold above which enough is right; None for never."""
    if len(set(groups[right])) < enough:
        return None
    if right.mean() > 0.9:
        # Some that are wrong, at nothing, keep the odds finite where all are right.
        facts = np.vstack([facts, np.zeros((FOLDS, 2))])
        right = np.append(right, np.zeros(FOLDS, bool))
        groups = np.append(groups, groups.max() + 1 + np.arange(FOLDS))
    model = LogisticRegression(C=1000.0, max_iter=1000)
    # Where nearer means less, it is chance: that fact is left out.
    facts = facts * (model.fit(facts, right).coef_[0] > 0)
    sure = cross_val_predict(
        model, facts, right, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    model.fit(facts, right)
    row = [*model.coef_[0], model.intercept_[0]]
    for threshold in np.arange(0.5, 0.95, 0.05):
        shown = sure >= threshold
        if len(set(groups[shown & right])) >= enough:
            print(f"  {threshold:.2f}: {shown.sum()} said, {right[shown].mean():.2f} right")
            if right[shown].mean() >= least:
                return [round(float(x), 4) for x in row], round(float(threshold), 2)
    return None


if __name__ == "__main__":
    main()
