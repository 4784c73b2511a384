"""From scores to summaries: shots, budgets, selection. Imports numpy and scipy alone.

The names are listed in `__init__.pyi`, and loaded when first used: reading a budget must not pay for scipy.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
