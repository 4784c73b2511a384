"""From the name of an encoder to what open_clip needs to build it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fiftyone_clipit.errors import EncoderError

DEFAULT = "ViT-B-32/openai"
TINY = "clipit-tiny"
TINY_FOLDER = Path(__file__).parent / "tiny" / "model"
TINY_NOTE = "clipit-tiny was trained on drawn pictures only: it knows shapes and colours, not photographs"


@dataclass(frozen=True)
class Source:
    """Where open_clip finds a model.

    Attributes:
        model: open_clip's model name, or "hf-hub:..." or "local-dir:...".
        weights: a pretrained tag or a checkpoint file; None where the model's folder or repository has them.
        quick_gelu: whether these weights were trained with QuickGELU, which open_clip itself only warns about.
    """

    model: str
    weights: str | None = None
    quick_gelu: bool = False


def resolve(name: str) -> Source:
    """Finds out what an encoder's name stands for.

    Args:
        name: "clipit-tiny"; an open_clip "model/tag"; "model/path-of-a-checkpoint"; "hf-hub:owner/name";
            "local-dir:folder", or the folder alone.

    Raises:
        EncoderError: the name stands for nothing; says which forms there are and what comes close.
    """
    if name == TINY:
        return Source(f"local-dir:{TINY_FOLDER}")
    if name.startswith("hf-hub:"):
        return Source(name)
    folder = Path(name.removeprefix("local-dir:")).expanduser()
    if name.startswith("local-dir:") or (folder.is_dir() and (folder / "open_clip_config.json").is_file()):
        if not (folder / "open_clip_config.json").is_file():
            raise EncoderError(f"encoder '{name}': {folder} is not a folder with an open_clip_config.json")
        return Source(f"local-dir:{folder.resolve()}")
    model, _, weights = name.partition("/")
    return _resolve_open_clip(name, model, weights)


def _resolve_open_clip(name: str, model: str, weights: str) -> Source:
    import open_clip

    if model not in open_clip.list_models():
        raise EncoderError(
            f"encoder '{name}': open_clip has no model '{model}'{_close(model, open_clip.list_models())}. "
            f"Give an open_clip 'model/tag' such as '{DEFAULT}', 'model/checkpoint-file', 'hf-hub:owner/name', "
            f"'local-dir:folder', or '{TINY}'"
        )
    tags = open_clip.list_pretrained_tags_by_model(model)
    tag = next((known for known in tags if known.lower() == weights.lower()), None)
    if tag:
        config = open_clip.get_pretrained_cfg(model, tag)
        return Source(model, tag, quick_gelu=bool(config.get("quick_gelu", False)))
    if weights and Path(weights).expanduser().is_file():
        return Source(model, str(Path(weights).expanduser()))
    wanted = f"no weights '{weights}'" if weights else "its weights must be named"
    raise EncoderError(
        f"encoder '{name}': {wanted} for '{model}'; known tags: {', '.join(tags) or 'none'}; "
        f"or give a checkpoint file as '{model}/path-of-the-file'"
    )


def _close(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    matches = get_close_matches(word, known, n=3)
    return f" (close: {', '.join(matches)})" if matches else ""
