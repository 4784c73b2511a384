"""The overview: the view's videos by relevance, each with a picture, a small curve and its best segment."""

from __future__ import annotations

import os
from typing import Any

import fiftyone as fo
import fiftyone.operators.types as types
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset.fields import SummaryFields
from fiftyone_clipit.dataset.runs import SummaryRun
from fiftyone_clipit.dataset.thumbnails import thumbnails
from fiftyone_clipit.dataset.videos import select
from fiftyone_clipit.errors import VideoError
from fiftyone_clipit.plugin.panel import layout
from fiftyone_clipit.plugin.panel.sparkline import placeholder, sparkline
from fiftyone_clipit.plugin.panel.words import clock, many, media_url

PAGE = 8


def add(
    parent: types.Object, on: Any, dataset: fo.Dataset, videos: SampleCollection, run: SummaryRun, page: int
) -> None:
    """A page of the ranking.

    Args:
        parent: where it goes.
        on: the panel, whose methods are called.
        dataset: the dataset.
        videos: the videos of the view.
        run: the summary.
        page: which page, counted from 0.
    """
    names = SummaryFields(run.key)
    ids, relevance = videos.values(["id", names.relevance])
    done = sorted((-value, place) for place, value in enumerate(relevance) if value is not None)
    if not done:
        what = "The view has no videos" if not ids else "None of the view's videos has this summary"
        layout.notice(parent, "empty", f"{what}: clear the view, or run “Summarize video” for it.")
        return
    missing = len(ids) - len(done)
    last = (len(done) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = [ids[place] for _, place in done[page * PAGE : (page + 1) * PAGE]]
    line = layout.row(parent, "ranking")
    said = f"{many(len(done), 'video')} by relevance" + (f", {missing} without this summary" if missing else "")
    layout.text(line, "said", said, small=True, faint=True, width="auto")
    if missing:
        layout.button(line, "missing", on.on_missing, icon="filter_list", title="Show those without in the grid")
    if last:
        _add_pages(line, on, page, last)
    cards = layout.row(parent, "videos", gap=2, align="top")
    for place, found in enumerate(_read(dataset, names, shown), start=page * PAGE + 1):
        _add_card(cards, on, place, *found)


def _add_pages(line: types.Object, on: Any, page: int, last: int) -> None:
    """Ways to the other pages; the relevance falls from the first to the last."""

    def turn(name: str, icon: str, title: str, to: int) -> None:
        layout.button(line, name, on.on_page, icon=icon, title=title, params={"page": to}, disabled=to == page)

    turn("first", "first_page", "The best", 0)
    turn("previous", "chevron_left", "Better ones", max(page - 1, 0))
    layout.text(line, "page", f"{page + 1} / {last + 1}", small=True, width="auto")
    turn("next", "chevron_right", "More", min(page + 1, last))
    turn("last", "last_page", "The last", last)


def _read(dataset: fo.Dataset, names: SummaryFields, ids: list[str]) -> list[tuple[Any, ...]]:
    """What the cards show, in the order of the ids; no frames are read."""
    shots, chosen = f"{names.shots}.detections", f"{names.summary}.detections"
    columns = select(dataset, ids).values(
        [
            "id",
            "filepath",
            names.relevance,
            *(f"{shots}.{name}" for name in ("start", "end", "importance", "support")),
            *(f"{chosen}.{name}" for name in ("support", "rank", "peak_frame")),
        ]
    )
    rows = {row[0]: row for row in zip(*columns, strict=True)}
    return [rows[i] for i in ids if i in rows]


def _add_card(
    cards: types.Object,
    on: Any,
    place: int,
    sample_id: str,
    path: str,
    relevance: float,
    starts: list[float] | None,
    ends: list[float] | None,
    importance: list[float] | None,
    supports: list[list[int]] | None,
    chosen: list[list[int]] | None,
    ranks: list[int] | None,
    peaks: list[int] | None,
) -> None:
    card = layout.column(cards, f"video_{sample_id}", width=layout.CARD, gap=0.5)
    which = {"video": sample_id}
    shots = sorted(zip(starts or [], ends or [], importance or [], supports or [], strict=True))
    spans = [_span(shots, support) for support in chosen or []]
    best = min(range(len(spans)), key=lambda i: (ranks or [])[i] or 0) if spans else None
    peak = _time(shots, (peaks or [])[best] or (chosen or [])[best][0]) if best is not None else 0.0
    layout.picture(
        card,
        "picture",
        _picture(path, peak),
        on_click=on.on_look,
        params=which,
        alt=os.path.basename(path),
        height="106px",
    )
    layout.text(card, "name", f"{place}.  {os.path.basename(path)}", small=True, bold=True)
    layout.picture(
        card,
        "curve",
        sparkline([shot[:3] for shot in shots], spans),
        on_click=on.on_look,
        params=which,
        alt="importance over time",
        height="30px",
        fit="fill",
    )
    said = f"{relevance:.2f}"
    if best is not None:
        said += f"  ·  best at {clock(spans[best][0])} - {clock(spans[best][1])}"
    layout.text(card, "said", said, small=True, faint=True, title=f"relevance {said}")
    buttons = layout.row(card, "do", gap=0.5)
    layout.button(buttons, "look", on.on_look, icon="insights", title="Curve, segments, question", params=which)
    layout.button(buttons, "open", on.on_open_video, icon="open_in_full", title="Open the video", params=which)


def _picture(path: str, time: float) -> str:
    try:
        (file,) = thumbnails(path, [time], patience=0.15)
    except VideoError:
        file = None
    return media_url(file) if file else placeholder()


def _time(shots: list[Any], frame: int) -> float:
    """When a frame is shown."""
    for start, end, _, (first, last) in shots:
        if frame <= last:
            return start + (end - start) * max(frame - first, 0) / (last - first + 1)
    return shots[-1][1] if shots else 0.0


def _span(shots: list[Any], support: list[int]) -> tuple[float, float]:
    return _time(shots, support[0]), _time(shots, support[1] + 1)
