"""Says what is wrong with a request in sentences for those who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the kinds of the framework's errors, whose own words speak of its inner workings. Where there
# is a least length, it is 1.
_SENTENCES = {
    "missing": "{name} is missing.",
    "string_too_short": "{name} is empty.",
    "string_too_long": "{name} may have {max_length} characters.",
    "too_short": "{name} is empty.",
    "too_long": "{name} may have {max_length} entries.",
    "greater_than_equal": "{name} must be at least {ge}.",
    "less_than_equal": "{name} may be {le} at most.",
    "literal_error": "{name} must be {expected}.",
    "string_type": "{name} must be a text.",
    "list_type": "{name} must be a list.",
    "finite_number": "{name} must be a number.",
    "string_unicode": "{name} must be a text.",
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
        "{name} must be a whole number.",
    ),
    **dict.fromkeys(("float_type", "float_parsing"), "{name} must be a number."),
    **dict.fromkeys(("bool_type", "bool_parsing"), "{name} must be true or false."),
    **dict.fromkeys(
        ("dict_type", "model_type", "model_attributes_type"), "{name} must be a JSON object."
    ),
}


def complaint(error: Mapping[str, Any], name: str) -> str:
    """Return what is wrong in a sentence.

    Args:
        error: One of those that pydantic lists.
        name: Of what it is about, as who sent it wrote it.
    """
    if "UploadFile" in error["msg"]:
        return f"{name} must be a file."
    sentence = _SENTENCES.get(error["type"], "{name} cannot be read.")
    return sentence.format(name=name, **error.get("ctx", {}))
