"""Find what matters in videos: CLIP-It summaries, for a question or in general, inside FiftyOne.

The names are listed in `__init__.pyi`, and loaded when first used: importing this package imports neither FiftyOne nor
torch.
"""

import sys
from types import ModuleType
from typing import Any

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


class _Package(ModuleType):
    """Keeps `fiftyone_clipit.export` the function, also once the room of that name is imported.

    Python sets a subpackage as an attribute of its package. `from fiftyone_clipit.export import ...` does not need it.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "export" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
