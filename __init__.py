"""Entry point of the FiftyOne plugin and of the remote zoo model; all else is in the package `fiftyone_clipit`.

Nothing is imported here until it is called: FiftyOne executes this file at every request.
"""


def register(plugin):
    """Registers the operators with FiftyOne."""
    _find_package()
    from fiftyone_clipit.plugin import register

    register(plugin)


def download_model(model_name, model_path):
    """Leaves the mark by which FiftyOne's zoo knows that the model is there; encoders bring their own weights."""
    _find_package()
    from fiftyone_clipit.dataset.zoo import download_model

    download_model(model_name, model_path)


def load_model(model_name, model_path, **kwargs):
    """The model, for `apply_model`; keyword arguments are those of ClipItModel."""
    _find_package()
    from fiftyone_clipit.dataset.zoo import load_model

    return load_model(model_name, model_path, **kwargs)


def resolve_input(model_name, ctx):
    """The form with the model's arguments."""
    _find_package()
    from fiftyone_clipit.plugin.zoo_form import resolve_input

    return resolve_input(model_name, ctx)


def _find_package():
    """Makes the package importable from this folder where it is not installed."""
    import importlib.util
    import os
    import sys

    if importlib.util.find_spec("fiftyone_clipit") is None:
        sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
