"""What the browser's console may say: what FiftyOne 1.22 prints by itself, and nothing else.

Collected from the grid, the modal, the operator browser and a built-in panel, without anything of ours on the page.
"""

from __future__ import annotations

import re

_FONTS = r"https://fonts\.googleapis\.com/"
_FIFTYONES_OWN = tuple(
    map(
        re.compile,
        (
            # The App takes its fonts from the internet, which is out of reach here.
            rf"error: Failed to load resource: net::ERR_NAME_NOT_RESOLVED \({_FONTS}.*\)",
            rf"warning: The resource {_FONTS}\S+ was preloaded using link preload but not used .*",
            # The modal, when a video goes while the App still draws its labels.
            r"warning: sample not attached .*",
            # The App's router, when something asks for a page that is still on its way.
            r"uncaught: entry is loading \(\)",
            # A library of the App's own, when it shows a view with stages.
            r"warning: react-spring: Directly calling start instead of using the api object is deprecated .*",
            # Said of every plugin that has a part in JavaScript.
            r"debug: Plugin \"[^\"]+\": (loading script\.\.\.|loaded!) .*",
        ),
    )
)


def line(kind: str, text: str, url: str) -> str:
    """A message of the console as one line."""
    return f"{kind}: {text} ({url})"


def unexpected(lines: list[str], expected: list[str]) -> list[str]:
    """Those that neither FiftyOne prints by itself nor a pattern of `expected` describes."""
    known = [*_FIFTYONES_OWN, *map(re.compile, expected)]
    return [said for said in lines if not any(one.fullmatch(said) for one in known)]
