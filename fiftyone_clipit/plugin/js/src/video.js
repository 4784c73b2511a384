// One video in the panel: its curve, its player, its budget and its segments.

import { MAIN, OTHER, h, operators, served, useCallback, useRef, useState } from "./app.js";
import { Budget, useTrial } from "./budget.js";
import { Chart } from "./chart.js";
import { ModalPlayer } from "./modal_player.js";
import { Player } from "./player.js";
import { Question } from "./question.js";
import { Dropped, ShotAt } from "./shots.js";
import { Strip } from "./strip.js";

/** Draws what the panel in Python says (`panel/shown.py`), and sends it what people do. */
export function Video({ schema }) {
  const { panel, modal, shown: given } = schema.view;
  const trigger = operators.useTriggerPanelEvent();
  // What was on the screen goes along: by the time an event arrives, the panel may be about something else.
  const send = (event, params = {}, then = undefined) =>
    trigger(`${panel}#${event}`, { ...params, of: given.of }, false, then);
  const [shown, attempt, forget] = useTrial(given, send);
  const [parts, setParts] = useState(null);
  const [at, setAt] = useState(null);
  const modalPlayer = useRef(null);
  const player = useRef(null);

  const asked = Boolean(shown.question.asked);
  const time = useCallback(() => player.current?.time() ?? modalPlayer.current?.time(), []);
  const seek = (seconds) => {
    setAt(seconds);
    if (parts || !modalPlayer.current?.seek(seconds)) setParts([[seconds, null]]);
  };
  return h(
    "div",
    { className: "clipit" },
    modal && h(ModalPlayer, { into: modalPlayer }),
    h(Question, { ...shown.question, send }),
    h("div", { className: "clipit-line" }, shown.selection, shown.curves.length > 1 && h(Legend, shown)),
    h(Chart, { data: shown, time, onSeek: seek }),
    h(ShotAt, { shots: shown.shots, at, asked, send }),
    parts && h(Player, { url: served(shown.video.url), parts, into: player, onClose: () => setParts(null) }),
    h(Budget, { budget: shown.budget, asked, attempt, forget, send }),
    h(Strip, {
      segments: shown.segments,
      total: shown.curves[0].segments.length,
      asked,
      onPlay: ({ start, end }) => setParts([[start, end]]),
      onPlayAll: () => setParts(shown.curves[0].segments),
      onOpen: modal ? ({ start, end }) => modalPlayer.current?.seek(start) || setParts([[start, end]]) : undefined,
      send,
    }),
    !asked && h(Dropped, { shots: shown.shots, send }),
  );
}

function Legend({ curves, overlap }) {
  return [
    ...curves.map(({ name }, i) =>
      h(
        "span",
        { key: i, className: "clipit-name" },
        h("span", { className: "clipit-key", style: { color: i ? OTHER : MAIN, borderTopStyle: i ? "dotted" : "solid" } }),
        name,
      ),
    ),
    h("span", { key: "overlap", className: "clipit-faint" }, overlap),
  ];
}
