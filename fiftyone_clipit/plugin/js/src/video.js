// One video in the panel: its curve, its player, its budget and its segments.

import { MAIN, OTHER, h, operators, useCallback, useRef, useState } from "./app.js";
import { Budget, useTrial } from "./budget.js";
import { Chart } from "./chart.js";
import { ModalPlayer } from "./modal_player.js";
import { Player } from "./player.js";
import { Strip } from "./strip.js";

/** Draws what the panel in Python says (`panel/shown.py`), and sends it what people do. */
export function Video({ schema }) {
  const { panel, modal, shown: given } = schema.view;
  const trigger = operators.useTriggerPanelEvent();
  const send = (event, params = {}, then = undefined) => trigger(`${panel}#${event}`, params, false, then);
  const [shown, attempt, forget] = useTrial(given, send);
  const [parts, setParts] = useState(null);
  const modalPlayer = useRef(null);
  const player = useRef(null);

  const time = useCallback(() => player.current?.time() ?? modalPlayer.current?.time(), []);
  const seek = (seconds) => {
    if (!parts && modalPlayer.current?.time() !== undefined) modalPlayer.current.seek(seconds);
    else setParts([[seconds, null]]);
  };
  const inTime = [...shown.segments].sort((a, b) => a.first - b.first);
  return h(
    "div",
    { className: "clipit" },
    modal && h(ModalPlayer, { into: modalPlayer }),
    h("div", { className: "clipit-line" }, shown.selection, shown.curves.length > 1 && h(Legend, shown)),
    h(Chart, { data: shown, time, onSeek: seek }),
    parts
      ? h(Player, { url: shown.video.url, parts, into: player, onClose: () => setParts(null) })
      : h("div", { className: "clipit-faint" }, "Click the curve or a picture to go there"),
    h(Budget, { budget: shown.budget, asked: shown.asked, attempt, forget, send }),
    h(Strip, {
      segments: shown.segments,
      more: shown.more,
      asked: shown.asked,
      onPlay: ({ start, end }) => setParts([[start, end]]),
      onPlayAll: () => setParts(inTime.map(({ start, end }) => [start, end])),
      send,
    }),
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
