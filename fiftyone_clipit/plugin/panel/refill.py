"""The form of "Summarize video", filled in as a summary was made."""

from __future__ import annotations

from typing import Any

from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings
from fiftyone_clipit.summary.budget import parse_budget

_WORK = ("encoder", "scorer", "fps", "min_length")
_WORDS = ("exclude", "language_weight", "max_sentences", "captioner", "caption_prompt")
# What the form shows without being asked for more options.
_PLAIN = {"encoder", "scope", "deduplicate", "captioner", "caption_prompt"}


def as_made(run: SummaryRun) -> dict[str, Any]:
    """Everything that a summary was made with: the form, left as it is, goes on with it.

    Raises:
        UsageError: it was made with sentences that no form can hold.
    """
    config = run.config
    if config.get("captions"):
        raise UsageError(
            f"summary {run.key!r} was made with captions given in Python: run it again there, "
            f"clipit.summarize(dataset, {run.key!r}, captions=[...])"
        )
    changed = _changed(run, (*_WORK, *_WORDS, "scope", "deduplicate"))
    if config.get("frames", "all") != "all":
        changed["frames"] = config["frames"]
    if exclude := changed.get("exclude"):
        changed["exclude"] = ", ".join(exclude)
    return {"key": run.key, **_guide(config), **budget(config["budget"]), **_opened(changed)}


def same_way(run: SummaryRun) -> dict[str, Any]:
    """How a summary was computed, without what it asked for."""
    return _opened(_changed(run, _WORK))


def budget(value: float | str) -> dict[str, Any]:
    """A budget as the forms ask for it."""
    limit = parse_budget(value)
    if limit.seconds is not None:
        return {"budget_unit": "seconds", "budget_seconds": float(limit.seconds)}
    return {"budget_unit": "share", "budget_share": round(float(limit.fraction or 1) * 100, 2)}


def _guide(config: dict[str, Any]) -> dict[str, Any]:
    """What guided it: questions, each video's own question, captions, or nothing but the video."""
    if query := config.get("query"):
        return {"mode": "query", "query": "\n".join(query)}
    if field := config.get("query_field"):
        return {"mode": "query", "query_field": field}
    if captions := config.get("captions_field") or config.get("captions_from"):
        return {"mode": "captions", "captions": captions}
    return {"mode": "video"}


def _changed(run: SummaryRun, names: tuple[str, ...]) -> dict[str, Any]:
    """What is not as usual; and the encoder always: a question is answered by what it was asked with."""
    settings, usual = Settings.from_config(run.config), Settings()
    differ = {name: getattr(settings, name) for name in names if getattr(settings, name) != getattr(usual, name)}
    return {"encoder": settings.encoder, **differ}


def _opened(params: dict[str, Any]) -> dict[str, Any]:
    """With more options shown where some of them are used."""
    return {**params, "advanced": True} if params.keys() - _PLAIN else params
