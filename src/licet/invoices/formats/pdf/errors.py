"""What keeps a page from being drawn. Not a refusal: nobody asked for anything wrong."""


class PagesNotDrawn(Exception):
    """The libraries that draw pages are not installed here."""

    def __init__(self) -> None:
        super().__init__(
            "No invoice can be drawn: the library Pango is missing. Debian: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
            "Then retry the deliveries that failed."
        )


class PageFaulty(Exception):
    """The PDF is not what it has to be; `what` says where."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The PDF is not as it must be: {what}")
