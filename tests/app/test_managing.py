"""Renaming and deleting summaries in the panel."""

from __future__ import annotations

import re

from tests.app.drawn import summaries


def test_rename_takes_fields_and_panel_along(panel, drawn):
    """Protects renaming: a taken name is refused in words; then fields, run and panel have the new one."""
    panel.button("Rename this summary").click()
    form = panel.form()
    form.fill("New name", "gist")
    form.says("There is a summary “gist” already")
    form.fill("New name", "stars")
    form.press("Execute")
    form.gone()
    panel.says(re.compile("^stars: a red star"))
    panel.says("3 videos by relevance")
    assert list(summaries(drawn)) == ["gist", "stars"]
    assert drawn.count("stars_relevance") == 3


def test_delete_asks_first(panel, drawn):
    """Protects what people made: deleting says what goes, and a “no” changes nothing."""
    panel.button("Delete this summary").click()
    form = panel.form()
    form.says(re.compile("this cannot be undone"))
    panel.picture("delete")
    form.press("Cancel")
    form.gone()
    assert list(summaries(drawn)) == ["gist", "red_star"]
    panel.button("Delete this summary").click()
    panel.form().press("Delete")
    panel.says("The summary “red_star” is no longer there")
    assert list(summaries(drawn)) == ["gist"]
    panel.says(re.compile("^gist"))
    assert not drawn.has_field("red_star_relevance")
