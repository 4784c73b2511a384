"""The public names: all there, loaded when first used, and `export` a function whatever is imported before it."""

from __future__ import annotations

import subprocess
import sys

import pytest


def say(code: str) -> str:
    """What a new process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_import_is_light_and_still_knows_its_names():
    names = "names = {'summarize', 'export', 'train', 'evaluate', 'ClipItModel', '__version__'}"
    heavy = "[name for name in ('fiftyone', 'torch', 'numpy', 'av') if name in sys.modules]"
    code = f"import sys, fiftyone_clipit as c; {names}; print(names <= set(dir(c)) & set(c.__all__), {heavy})"
    assert say(code) == "True []"


def test_every_public_name_is_there_and_no_other():
    import fiftyone  # noqa: F401  (starts the tests' own database)

    import fiftyone_clipit as clipit

    for name in clipit.__all__:
        assert getattr(clipit, name) is not None
    with pytest.raises(AttributeError, match="sumarize"):
        _ = clipit.sumarize


ROOM = "from fiftyone_clipit.export import FORMATS; import fiftyone_clipit.export.run"
FUNCTION = "import fiftyone_clipit as clipit; clipit.export"
ADAPTER = "import fiftyone_clipit.dataset.export"


@pytest.mark.parametrize("order", [(ROOM, FUNCTION), (FUNCTION, ROOM), (ADAPTER, ROOM)], ids=["room", "use", "adapter"])
def test_export_is_the_function_in_any_order_of_imports(order):
    import fiftyone  # noqa: F401  (starts the tests' own database)

    check = "from fiftyone_clipit import export; from fiftyone_clipit.export import films"
    code = "; ".join([*order, check, "print(export.__module__, films.__name__)"])
    assert say(code) == "fiftyone_clipit.dataset.export fiftyone_clipit.export.films"
