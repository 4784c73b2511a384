"""The files by which FiftyOne finds the plugin and the zoo model, from a clone and from a wheel."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import fiftyone as fo
import fiftyone.plugins as fop
import fiftyone.zoo as foz
import pytest
import yaml

import fiftyone_clipit as clipit
from fiftyone_clipit.dataset.install import definition, install_plugin, remove_plugin
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import register
from fiftyone_clipit.plugin.js.bundle import BUNDLE, bundle
from fiftyone_clipit.plugin.operators import OPERATORS
from fiftyone_clipit.plugin.panel.summaries import Summaries

ROOT = Path(__file__).resolve().parents[2]


def test_the_definition_names_every_operator_and_the_version():
    stated = yaml.safe_load((ROOT / "fiftyone.yml").read_text())
    script = stated["js_bundle"]
    assert (ROOT / script).is_file()
    assert stated == yaml.safe_load(definition(script))
    assert stated["operators"] == sorted(operator().config.name for operator in OPERATORS)
    assert stated["version"] == clipit.__version__


def test_requirements_are_those_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    stated = (ROOT / "requirements.txt").read_text().split()
    assert stated == [name for name in project["dependencies"] if not name.startswith("fiftyone")]


def test_operators_have_labels_descriptions_and_icons():
    for operator in OPERATORS:
        config = operator().config
        assert config.label != config.name
        assert config.description
        assert config.icon


def test_the_entry_file_imports_nothing_by_itself():
    code = (
        f"import sys; source = open({str(ROOT / '__init__.py')!r}).read(); before = set(sys.modules); "
        "exec(compile(source, '__init__.py', 'exec')); print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_is_found_beside_the_entry_file(tmp_path):
    shutil.copy(ROOT / "__init__.py", tmp_path)
    (tmp_path / "fiftyone_clipit" / "plugin").mkdir(parents=True)
    (tmp_path / "fiftyone_clipit" / "__init__.py").touch()
    (tmp_path / "fiftyone_clipit" / "plugin" / "__init__.py").write_text("def register(plugin): print(plugin)")
    # -S leaves the installed package out.
    code = f"import runpy; runpy.run_path({str(tmp_path / '__init__.py')!r})['register']('registered')"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd="/", check=True)
    assert done.stdout.strip() == "registered"


def test_another_version_of_the_plugin_is_named():
    plugin = SimpleNamespace(plugin_definition=SimpleNamespace(version="0.0.1", directory="/plugins/clipit"))
    with pytest.raises(UsageError, match=r"/plugins/clipit is version 0\.0\.1.*clipit plugin install"):
        register(plugin)


def test_install_and_remove(tmp_path, monkeypatch):
    monkeypatch.setattr(fo.config, "plugins_dir", str(tmp_path))
    assert str(tmp_path) in install_plugin()
    (plugin,) = fop.list_plugins()
    assert Path(plugin.js_bundle_path).read_text() == (ROOT / "fiftyone_clipit/plugin/js/panel.js").read_text()
    assert (plugin.name, plugin.version) == ("@clipit/fiftyone-clipit", clipit.__version__)
    registered = []
    entry = runpy.run_path(plugin.py_entry_path)
    entry["register"](SimpleNamespace(plugin_definition=plugin, register=registered.append))
    assert registered == [*OPERATORS, Summaries]
    install_plugin()
    remove_plugin()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="no plugin to remove"):
        remove_plugin()


def test_a_clone_in_the_plugins_folder_is_not_shadowed(tmp_path, monkeypatch):
    monkeypatch.setattr(fo.config, "plugins_dir", str(tmp_path))
    (tmp_path / "clone").mkdir()
    shutil.copy(ROOT / "fiftyone.yml", tmp_path / "clone")
    with pytest.raises(UsageError, match="remove that one first"):
        install_plugin()


def test_the_zoo_loads_the_model(tmp_path, monkeypatch, dataset, encoder):
    monkeypatch.setattr(fo.config, "model_zoo_dir", str(tmp_path))
    source = tmp_path / "fiftyone-clipit"
    source.mkdir()
    for name in ("__init__.py", "manifest.json"):
        shutil.copy(ROOT / name, source)
    model = foz.load_zoo_model("clip-it", query="a dog", encoder=encoder, budget=0.3)
    assert type(model) is clipit.ClipItModel
    dataset.limit(1).apply_model(model, label_field="dogs")
    assert dataset.first().dogs.detections[0].label == "a dog"
    assert json.loads((source / "clip-it.json").read_text())["name"] == "clip-it"


def test_the_zoo_asks_for_the_arguments(dataset):
    from fiftyone.operators.executor import ExecutionContext

    entry = runpy.run_path(str(ROOT / "__init__.py"))
    asked = entry["resolve_input"]("clip-it", ExecutionContext({"dataset_name": dataset.name, "params": {}}))
    assert set(asked.type.properties) == {"query", "encoder", "budget"}


def test_the_script_is_made_from_its_sources():
    """Protects what the App loads from staying behind what people read and change."""
    assert BUNDLE.read_text(encoding="utf-8") == bundle(), "run python fiftyone_clipit/plugin/js/bundle.py"
