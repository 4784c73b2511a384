"""The part of a form that asks what guides a summary: questions, captions, what to leave out."""

from __future__ import annotations

from typing import Any

import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.encoders.captions import DEFAULT_CAPTIONER
from fiftyone_clipit.plugin import form
from fiftyone_clipit.settings import CAPTION_SOURCES

_MODES = {
    "query": ("A question", "what to look for, in words"),
    "captions": ("Captions", "sentences about each video: from a model, its subtitles or a field"),
    "video": ("The video itself", "what is rare and what belongs together"),
}
_SOURCES = {
    "auto": ("by a model", "a captioning model describes each shot"),
    "subtitles": ("subtitles", "beside the videos or inside them"),
}
_CAPTIONERS = {
    DEFAULT_CAPTIONER: "BLIP: small, plain sentences",
    "Salesforce/blip-image-captioning-large": "BLIP large: slower",
    "microsoft/git-base-coco": "GIT: small",
    "HuggingFaceTB/SmolVLM-500M-Instruct": "SmolVLM: follows a prompt",
    "Qwen/Qwen2.5-VL-3B-Instruct": "Qwen2.5-VL: follows a prompt, wants a GPU",
}


def add(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks what guides the summary, and then for just that."""
    modes = types.RadioGroup(orientation="horizontal")
    for value, (label, description) in _MODES.items():
        modes.add_choice(value, label=label, description=description)
    inputs.enum("mode", modes.values(), label="What matters?", view=modes, default="query")
    asked = mode(ctx.params)
    if asked == "query":
        _add_query(inputs, ctx)
    elif asked == "captions":
        add_captions(inputs, ctx)


def add_more(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks for what most people leave alone: what to exclude, how much words count."""
    inputs.str("exclude", label="Leave out", description="for instance “title card, black screen”")
    asked = mode(ctx.params)
    if asked == "video":
        return
    number = types.Number(min=0, max=1, float=True)
    view = types.SliderView(componentsProps={"slider": {"step": 0.05}})
    inputs.define_property(
        "language_weight",
        number,
        label="How much the words count",
        description="0: the video alone decides, 1: the words alone",
        view=view,
        default=_usual_weight(ctx.params),
    )
    if asked == "captions":
        inputs.int("max_sentences", label="Sentences at most", description="each meaning once", default=7, min=1)


def add_captioner(inputs: types.Object) -> None:
    """Asks for a captioning model: one of those that are known to work, or any by its name."""
    description = "any image-to-text model of transformers: its hub id, or a folder"
    form.add_name(
        inputs, "captioner", _CAPTIONERS, label="Captioning model", description=description, default=DEFAULT_CAPTIONER
    )
    inputs.str("caption_prompt", label="Prompt", description="what to tell the model; may be left empty")


def mode(params: dict[str, Any]) -> str:
    """What guides the summary; a script may leave it out and give a query or captions."""
    asked = params.get("query") or params.get("query_field")
    given = "query" if asked else "captions" if params.get("captions") else None
    return params.get("mode") or given or "query"


def is_complete(params: dict[str, Any]) -> bool:
    """Whether what the mode needs is there; the form itself asks for what is missing."""
    if mode(params) == "query":
        return bool(queries(params) or query_field(params))
    return mode(params) != "captions" or bool(params.get("captions"))


def queries(params: dict[str, Any]) -> list[str]:
    """The questions that are asked of all videos."""
    if mode(params) != "query" or query_field(params):
        return []
    query = params.get("query") or []
    lines = query.splitlines() if isinstance(query, str) else query
    return [line for line in lines if line.strip()]


def query_field(params: dict[str, Any]) -> str | None:
    """The field with each video's own question."""
    return params.get("query_field") or None if mode(params) == "query" else None


def captions_field(params: dict[str, Any]) -> str | None:
    """The field with each video's captions."""
    chosen = params.get("captions") if mode(params) == "captions" else None
    return None if chosen in CAPTION_SOURCES else chosen or None


def settings(params: dict[str, Any]) -> dict[str, Any]:
    """What the form says about words, as fields of `Settings`."""
    source = params.get("captions") if mode(params) == "captions" else None
    names = ("exclude", "language_weight", "max_sentences", "captioner", "caption_prompt")
    given = {name: params[name] for name in names if params.get(name) not in (None, "")}
    # The form shows the usual weight; a summary that was made with it has none of its own.
    if given.get("language_weight") == _usual_weight(params):
        del given["language_weight"]
    return {
        "query": queries(params),
        "captions_from": source if source in CAPTION_SOURCES else None,
        **given,
    }


def _usual_weight(params: dict[str, Any]) -> float:
    return 1.0 if mode(params) == "query" else 0.5


def _add_query(inputs: types.Object, ctx: ExecutionContext) -> None:
    names = form.caption_fields(ctx.dataset)
    own = query_field(ctx.params)
    if not own:
        inputs.str(
            "query",
            label="Question",
            description="for instance “a child near the road”; several, one a line: any of them counts",
            view=types.TextFieldView(multiline=True, rows=2),
            required=True,
        )
    if names:
        choices = types.AutocompleteView(allow_user_input=False)
        for name in names:
            choices.add_choice(name, label=name)
        inputs.str(
            "query_field",
            label="Or each video its own question",
            description="from a field; empty: the question above for all",
            view=choices,
        )


def add_captions(inputs: types.Object, ctx: ExecutionContext) -> None:
    """Asks where each video's captions come from."""
    choices = types.Dropdown()
    for value, (label, description) in _SOURCES.items():
        choices.add_choice(value, label=label, description=description)
    for name in form.caption_fields(ctx.dataset):
        choices.add_choice(name, label=f"field {name}")
    inputs.enum("captions", choices.values(), label="Captions from", view=choices, required=True)
    if ctx.params.get("captions") == "auto":
        add_captioner(inputs)
