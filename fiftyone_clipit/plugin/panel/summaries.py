"""The panel "Summaries": browse, ask, re-budget, correct and manage the summaries of a dataset."""

from __future__ import annotations

from typing import Any

import fiftyone.operators as foo
import fiftyone.operators.types as types
from fiftyone.operators import ExecutionContext

from fiftyone_clipit.plugin.panel import about, empty, grid, layout, manage, video
from fiftyone_clipit.plugin.panel.deciding import Deciding
from fiftyone_clipit.plugin.panel.guard import explain, guarded
from fiftyone_clipit.plugin.panel.managing import Managing
from fiftyone_clipit.plugin.panel.situation import Situation, look, videos_in_view
from fiftyone_clipit.plugin.panel.watching import Watching, watched_now


class Summaries(Watching, Deciding, Managing, foo.Panel):
    """The panel. Handlers change its state; `render` shows what the state and the dataset say."""

    @property
    def config(self) -> foo.PanelConfig:
        return foo.PanelConfig(
            name="summaries",
            label="Summaries",
            icon="auto_awesome_motion",
            surfaces="grid modal",
            help_markdown="What matters in your videos: importance over time, the chosen segments, other budgets, "
            "questions.",
        )

    @guarded
    def on_load(self, ctx: ExecutionContext) -> None:
        """Starts without a player: nobody pressed a button yet."""
        ctx.panel.state.set("playing", None)

    @guarded
    def on_change_dataset(self, ctx: ExecutionContext) -> None:
        """Forgets what belonged to the other dataset."""
        ctx.panel.state.clear()

    @guarded
    def on_change_current_sample(self, ctx: ExecutionContext) -> None:
        """Another video: its player has not been started."""
        ctx.panel.state.set("playing", None)

    def on_change_view(self, ctx: ExecutionContext) -> None:
        """Shows the videos of the new view."""

    @guarded
    def on_start_again(self, ctx: ExecutionContext) -> None:
        """Forgets everything that was chosen in the panel."""
        ctx.panel.state.clear()

    def render(self, ctx: ExecutionContext) -> types.Property:
        body = types.Object()
        try:
            self._show(body, ctx)
        except Exception as error:
            body = types.Object()
            body.view("broken", types.Error(label=explain(error)))
            layout.button(body, "again", self.on_start_again, label="Start again", icon="refresh")
        return types.Property(body, view=types.GridView(orientation="vertical", gap=1, pad=2))

    def _show(self, body: types.Object, ctx: ExecutionContext) -> None:
        layout.message(body, ctx.panel.state.get("message"))
        if ctx.dataset is None:
            empty.no_dataset(body)
        elif reason := empty.why_no_videos(ctx.dataset):
            body.view("nothing", types.Notice(label=reason))
        else:
            situation = look(ctx)
            if situation.run is None:
                empty.no_summaries(body, self)
            else:
                self._show_summary(body, ctx, situation)

    def _show_summary(self, body: types.Object, ctx: ExecutionContext, situation: Situation) -> None:
        run, state = situation.run, ctx.panel.state
        assert run is not None
        if situation.lost:
            body.view("lost", types.Notice(label=f"The summary “{situation.lost}” is no longer there."))
        choice = layout.row(body, "choice")
        manage.add_choice(choice, self, situation)
        if situation.sample_id:
            manage.add_comparison(choice, self, situation, state.get("choice.other"))
        about.add(body, run, situation.missing_fields)
        if situation.sample_id is None:
            if not situation.missing_fields:
                grid.add(body, self, situation.dataset, videos_in_view(ctx), run, state.get("page") or 0)
        else:
            if not situation.modal:
                back = layout.row(body, "back")
                layout.button(back, "all", self.on_back, label="All videos", icon="arrow_back")
            watched = watched_now(ctx, situation)
            if watched is None:
                empty.no_summary_of_video(body, self, run, situation.sample_id)
            else:
                video.add(body, self, watched, _plain(state))
        manage.add_actions(body, self, situation)


def _plain(state: Any) -> dict[str, Any]:
    """The panel's state as a mapping."""
    names = ("playing", "strip", "tagging")
    return {name: state.get(name) for name in names}
