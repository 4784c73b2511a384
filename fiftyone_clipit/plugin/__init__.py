"""What the FiftyOne App gets: operators. The entry files in the plugins folder call `register`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.version import __version__

if TYPE_CHECKING:
    from fiftyone.plugins.context import PluginContext

NAME = "@clipit/fiftyone-clipit"


def register(plugin: PluginContext) -> None:
    """Registers all operators with FiftyOne.

    Raises:
        UsageError: the plugin's folder is of another version than the package that would run.
    """
    from fiftyone_clipit.plugin.operators import OPERATORS
    from fiftyone_clipit.plugin.panel.summaries import Summaries

    definition = plugin.plugin_definition
    if definition.version != __version__:
        raise UsageError(
            f"the plugin in {definition.directory} is version {definition.version}, but the package fiftyone-clipit "
            f"that Python imports is {__version__}: update the older one (`clipit plugin install` writes the plugin "
            "of the installed package)"
        )
    for operator in OPERATORS:
        plugin.register(operator)
    plugin.register(Summaries)
