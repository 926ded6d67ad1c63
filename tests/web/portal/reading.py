"""Reading pages in tests."""

import re


def chosen(page: str, *, name: str) -> list[str]:
    """Return the values of the radio buttons or check boxes of this name that are ticked."""
    inputs = re.findall(r"<input\b[^>]*>", page)
    mine = [each for each in inputs if f'name="{name}"' in each and re.search(r"\schecked\b", each)]
    return [re.search(r'value="([^"]*)"', each)[1] for each in mine]  # type: ignore[index]
