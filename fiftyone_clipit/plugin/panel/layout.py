"""Pieces that the panel is laid out with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import fiftyone.operators.types as types

from fiftyone_clipit.plugin.panel.words import mark, plain

OnEvent = Callable[..., Any]

# A column of cards as wide as this fits twice into a narrow side panel.
CARD = "188px"


def page() -> types.GridView:
    """The panel's own layout: everything below each other, never wider than the panel."""
    grid = {"sx": {"gridTemplateColumns": "minmax(0, 1fr)", "px": 2, "py": 1.5}}
    return types.GridView(orientation="vertical", gap=1, componentsProps={"grid": grid})


def row(parent: types.Object, name: str, *, gap: float = 1, align: str = "center", **view: Any) -> types.Object:
    """Things beside each other that go on in the next line where the panel is narrow."""
    inner = types.Object()
    item = {"sx": {"width": "100%"}}
    parts = types.GridView(orientation="2d", gap=gap, align_y=align, componentsProps={"item": item}, **view)
    parent.define_property(name, inner, view=parts)
    return inner


def column(parent: types.Object, name: str, *, width: str = "100%", gap: float = 1, **view: Any) -> types.Object:
    """Things below each other."""
    inner = types.Object()
    parts = types.GridView(
        orientation="vertical",
        gap=gap,
        width=width,
        componentsProps={"grid": {"sx": {"gridTemplateColumns": "minmax(0, 1fr)"}}},
        **view,
    )
    parent.define_property(name, inner, view=parts)
    return inner


def section(parent: types.Object, name: str, label: str) -> types.Object:
    """Things that show when a title is clicked."""
    inner = types.Object()
    parent.define_property(name, inner, view=types.ObjectView(collapsible=True, label=label))
    return inner


def button(
    parent: types.Object,
    name: str,
    on_click: OnEvent,
    *,
    label: str | None = None,
    icon: str | None = None,
    title: str | None = None,
    params: Mapping[str, Any] | None = None,
    variant: str | None = "outlined",
    color: str | None = None,
    disabled: bool = False,
) -> None:
    """A button, as wide as what it says; without a label a small one with a tooltip."""
    looks: dict[str, Any] = {"button": {"sx": {"p": "3px", "minWidth": "auto"}}} if label is None else {}
    view = types.Button(
        label=label,
        icon=icon,
        title=title,
        operator=on_click,
        params=dict(params or {}),
        variant=variant if label else None,
        color=color,
        disabled=disabled,
        componentsProps={"item": {"sx": {"width": "auto"}}, **looks},
    )
    parent.view(name, view)


def text(
    parent: types.Object,
    name: str,
    said: str,
    *,
    faint: bool = False,
    small: bool = False,
    bold: bool = False,
    width: str = "100%",
    title: str | None = None,
) -> None:
    """A line of text that ends in dots where it does not fit."""
    view = types.TextView(
        title=said,
        color="text.secondary" if faint else "text.primary",
        font_size="0.8rem" if small else "0.95rem",
        bold=bold,
        padding="0",
        line_height="1.35",
        no_wrap=True,
        componentsProps={"item": {"sx": {"width": width, "minWidth": 0}}, "text": {"title": title or said}},
    )
    parent.view(name, view)


def picture(
    parent: types.Object,
    name: str,
    url: str,
    *,
    on_click: OnEvent | None = None,
    params: Mapping[str, Any] | None = None,
    alt: str = "",
    height: str | None = None,
    fit: str = "cover",
) -> None:
    """A picture as wide as its place; a click on it does something."""
    style = {
        "width": "100%",
        "height": height or "auto",
        "objectFit": fit,
        "borderRadius": "4px",
        "display": "block",
        "cursor": "pointer" if on_click else "default",
    }
    view = types.ImageView(
        operator=on_click, params=dict(params or {}), alt=alt, componentsProps={"image": {"style": style}}
    )
    parent.view(f"{name}_{mark(url)}", view, default=url)


def markdown(parent: types.Object, name: str, said: str) -> None:
    """Text in Markdown."""
    parent.md(said, name=f"{name}_{mark(said)}")


def notice(parent: types.Object, name: str, said: str, severity: str = "info") -> None:
    """A box that says something worth knowing: "info", "success", "warning" or "error"."""
    look = {"container": {"sx": {"py": 0, "px": 1.5, "fontSize": "0.85rem", "alignItems": "center"}}}
    look["label"] = {"sx": {"m": 0, "fontSize": "0.9rem", "fontWeight": "normal"}}
    # The App reads it as Markdown, in which names of files and fields would lose their underscores.
    parent.view(name, types.AlertView(label=plain(said), severity=severity, componentsProps=look))


def message(parent: types.Object, said: Mapping[str, str] | None) -> None:
    """What the last event had to say."""
    if said:
        notice(parent, "message", said["text"], said["severity"])
