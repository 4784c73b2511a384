"""The part of a form that asks what says what matters, and what words go with it."""

from __future__ import annotations

from typing import Any

import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.dataset.ground_truth import truth_fields
from fiftyone_clipit.plugin import form, guide

_SUPERVISION = {
    "supervised": ("Labels", "a field says what matters"),
    "captions": ("Captions", "what fits the captions of a video matters"),
    "unsupervised": ("The videos alone", "what differs from the rest of its video"),
}
_WORDS = {
    "none": ("none", "for general summaries"),
    "labels": ("its labels", "each is a question that its segments answer"),
    "query": ("a question of each video", "from a field"),
    "captions": ("captions", "sentences about each video"),
}


def add(inputs: types.Object, ctx: ExecutionContext) -> types.Property:
    """Asks what to learn from, then for just that; the input at which to say what is wrong with it."""
    kinds = types.RadioGroup(orientation="horizontal")
    for value, (label, description) in _SUPERVISION.items():
        kinds.add_choice(value, label=label, description=description)
    where = inputs.enum("supervision", kinds.values(), label="Learn from", view=kinds, default="supervised")
    asked = _supervision(ctx.params)
    if asked == "supervised":
        where = add_truth(inputs, ctx)
        words = types.RadioGroup(orientation="horizontal")
        for value, (label, description) in _WORDS.items():
            words.add_choice(value, label=label, description=description)
        inputs.enum("words", words.values(), label="Words that go with it", view=words, default="none")
    if _words(ctx.params) == "query":
        choices = types.Dropdown()
        for name in form.caption_fields(ctx.dataset):
            choices.add_choice(name, label=name)
        inputs.enum("query_field", choices.values(), label="Field with the question", view=choices, required=True)
    elif _words(ctx.params) == "captions":
        guide.add_captions(inputs, ctx)
    return where


def add_truth(inputs: types.Object, ctx: ExecutionContext, *, several: bool = False) -> types.Property:
    """Asks for the field that says what matters, or for several, one a person."""
    names = truth_fields(ctx.dataset)
    only = names[0] if len(names) == 1 else None
    described = "importance of frames, or temporal detections whose segments matter"
    view = types.AutocompleteView(allow_user_input=True, allow_duplicates=False) if several else types.Dropdown()
    for name in names:
        view.add_choice(name, label=name)
    if several:
        described += "; several fields are several people"
        asked = {"label": "What people marked", "description": described, "default": [only] if only else None}
        prop = inputs.list("ground_truth", types.String(), view=view, required=True, **asked)
    else:
        asked = {"label": "What matters", "description": described, "default": only}
        prop = inputs.enum("target", view.values(), view=view, required=True, **asked)
    if not names:
        form.invalid(prop, "This dataset has no frame-level numbers and no temporal detections besides its summaries")
    return prop


def is_complete(params: dict[str, Any]) -> bool:
    """Whether all is there that the choices need; the form itself asks for what is missing."""
    needs = {"query": "query_field", "captions": "captions"}.get(_words(params))
    labelled = _supervision(params) != "supervised" or bool(params.get("target"))
    return labelled and (needs is None or bool(params.get(needs)))


def options(params: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as fields of `TrainOptions`."""
    words = _words(params)
    return {
        "supervision": _supervision(params),
        "target": params.get("target") or None,
        "query_per_label": words == "labels",
        "query_field": params.get("query_field") or None if words == "query" else None,
        "captions": params.get("captions") or None if words == "captions" else None,
    }


def _supervision(params: dict[str, Any]) -> str:
    return params.get("supervision") or "supervised"


def _words(params: dict[str, Any]) -> str:
    """What words go with the labels; a script may leave it out and give a field."""
    supervision = _supervision(params)
    if supervision != "supervised":
        return "captions" if supervision == "captions" else "none"
    given = "query" if params.get("query_field") else "captions" if params.get("captions") else "none"
    return params.get("words") or given
