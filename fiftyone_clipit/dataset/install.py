"""Making FiftyOne find the plugin of an installed package: three small files in its plugins folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import fiftyone as fo
import fiftyone.plugins as fop

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.version import __version__

NAME = "@clipit/fiftyone-clipit"
OPERATORS = (
    "caption_videos",
    "delete_summary",
    "encode_videos",
    "evaluate_summary",
    "export_summary",
    "rename_summary",
    "resize_summary",
    "summarize_video",
    "train_summarizer",
)
PANELS = ("summaries",)

_SCRIPT = Path(__file__).parents[1] / "plugin" / "js" / "panel.js"

_ENTRY = '''"""Entry point of the FiftyOne plugin of the installed package fiftyone-clipit."""


def register(plugin):
    """Registers the operators with FiftyOne."""
    from fiftyone_clipit.plugin import register

    register(plugin)
'''


def definition(script: str = _SCRIPT.name) -> str:
    """The text of the plugin's `fiftyone.yml`.

    Args:
        script: where the panel's part in JavaScript lies, seen from that file.
    """
    return "\n".join(
        [
            f'name: "{NAME}"',
            "type: plugin",
            f"version: {__version__}",
            "description: Find what matters in videos, for a question or in general, and make summaries of it",
            "license: Apache-2.0",
            f"js_bundle: {script}",
            "fiftyone:",
            '  version: ">=1.22,<2"',
            "operators:",
            *(f"  - {name}" for name in OPERATORS),
            "panels:",
            *(f"  - {name}" for name in PANELS),
            "",
        ]
    )


def install_plugin(plugins_dir: str | os.PathLike[str] | None = None) -> str:
    """Writes the plugin of the installed package into FiftyOne's plugins folder, or updates it there.

    Args:
        plugins_dir: the folder; FiftyOne's own if left out.

    Returns:
        What was done, one line.

    Raises:
        UsageError: the plugin is there in another way, for instance as a clone of the repository.
    """
    folder = _folder(plugins_dir)
    others = [plugin.directory for plugin in _installed(plugins_dir) if Path(plugin.directory) != folder]
    if others:
        raise UsageError(f"FiftyOne has the plugin {NAME} already, in {others[0]}: remove that one first")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(_ENTRY)
    (folder / "fiftyone.yml").write_text(definition())
    shutil.copy(_SCRIPT, folder)
    return f"installed {NAME} {__version__} in {folder}"


def remove_plugin(plugins_dir: str | os.PathLike[str] | None = None) -> str:
    """Removes what `install_plugin` wrote.

    Args:
        plugins_dir: the folder; FiftyOne's own if left out.

    Returns:
        What was done, one line.

    Raises:
        UsageError: it is not there.
    """
    folder = _folder(plugins_dir)
    if not (folder / "fiftyone.yml").exists():
        raise UsageError(f"there is no plugin to remove in {folder}")
    shutil.rmtree(folder)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()
    return f"removed {NAME} from {folder}"


def _folder(plugins_dir: str | os.PathLike[str] | None) -> Path:
    return Path(plugins_dir or fo.config.plugins_dir) / NAME


def _installed(plugins_dir: str | os.PathLike[str] | None) -> list[fop.PluginDefinition]:
    if plugins_dir is not None:
        return []
    return [plugin for plugin in fop.list_plugins(enabled="all") if plugin.name == NAME]
