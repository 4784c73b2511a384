"""From a summary to something people can use: films, timelines, tables, pictures.

The names are listed in `__init__.pyi`, and loaded when first used: a light path must not pay for torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
