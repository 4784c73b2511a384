// Importance over time: the curves, the chosen segments as shades, a cursor where a player is. A click goes there.

import { MAIN, OTHER, PINNED, React, clock, h, useEffect, useMemo, useRef, useState } from "./app.js";

const HEIGHT = 210;
const MARGIN = { top: 10, right: 12, bottom: 36, left: 26 };
const AREA = HEIGHT - MARGIN.top - MARGIN.bottom;

/**
 * The chart of a video.
 *
 * `time` gives where a player is, in seconds, or undefined; `onSeek` gets where was clicked.
 */
export function Chart({ data, time, onSeek }) {
  const box = useRef(null);
  const width = useWidth(box);
  const [hovered, setHovered] = useState(null);
  const wide = Math.max(width - MARGIN.left - MARGIN.right, 1);
  const seconds = Math.max(data.video.seconds, 1e-3);
  const x = (at) => MARGIN.left + (Math.min(at, seconds) / seconds) * wide;
  const drawing = useMemo(() => h(Drawing, { data, wide, x }), [data, wide]);
  const secondsAt = (event) => {
    const area = event.currentTarget.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - area.left) / area.width, 0), 1) * seconds;
  };
  // By keyboard: the arrows move a place on the curve, Enter goes there.
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -0.01, ArrowRight: 0.01 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.stopPropagation();
    event.preventDefault();
    const now = hovered ?? time() ?? 0;
    if (step) setHovered(Math.min(Math.max(now + step * seconds, 0), seconds));
    else onSeek(now);
  };
  const area = h("rect", {
    "data-cy": "clipit-curve",
    x: MARGIN.left,
    y: MARGIN.top,
    width: wide,
    height: AREA,
    fill: "transparent",
    style: { cursor: "pointer" },
    onClick: (event) => onSeek(secondsAt(event)),
    onMouseMove: (event) => setHovered(secondsAt(event)),
    onMouseLeave: () => setHovered(null),
  });
  return h(
    "div",
    {
      className: "clipit-chart",
      ref: box,
      role: "application",
      "aria-label": "importance over time: arrow keys move, Enter plays from there",
      tabIndex: 0,
      onKeyDown,
      onBlur: () => setHovered(null),
    },
    width > 0 && h("svg", { width, height: HEIGHT }, drawing, hovered !== null && line(x(hovered), "4 3"), area),
    hovered !== null && h(Tip, { curves: data.curves, at: hovered, left: x(hovered), width }),
    h(Cursor, { time, x }),
  );
}

function useWidth(box) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}

// What does not change while a mouse or a player moves.
function Drawing({ data, wide, x }) {
  // The second selection has a band of its own below the first one.
  const floor = data.curves.length > 1 ? 0.1 : 0.02;
  const y = (value) => MARGIN.top + (1 - (value + floor) / (1.04 + floor)) * AREA;
  const shade = ([start, end], key, fill, opacity, top, bottom) =>
    h("rect", { key, x: x(start), y: top, width: Math.max(x(end) - x(start), 1), height: bottom - top, fill, opacity });
  const [main, other] = data.curves;
  const path = (curve) => curve.times.map((at, i) => `${i ? "L" : "M"}${x(at).toFixed(1)} ${y(curve.values[i]).toFixed(1)}`);
  const first = path(main).join("");
  const ends = [main.times[0], main.times[main.times.length - 1]].map((at) => x(at).toFixed(1));
  const bottom = MARGIN.top + AREA;
  return h(
    React.Fragment,
    null,
    [0, 0.5, 1].map((value) => [
      h("line", {
        key: `grid${value}`,
        x1: MARGIN.left,
        x2: MARGIN.left + wide,
        y1: y(value),
        y2: y(value),
        stroke: "var(--fo-palette-divider)",
      }),
      h("text", { key: value, x: MARGIN.left - 6, y: y(value) + 4, textAnchor: "end" }, ["0", "½", "1"][value * 2]),
    ]),
    main.segments.map((segment, i) => shade(segment, `main${i}`, MAIN, 0.22, MARGIN.top, bottom)),
    other?.segments.map((segment, i) => shade(segment, `other${i}`, OTHER, 0.75, y(-0.04), y(-0.09))),
    data.shots.map(
      ([, , start, end, , decision], i) =>
        decision === "pinned" && shade([start, end], `pinned${i}`, PINNED, 0.9, MARGIN.top - 4, MARGIN.top),
    ),
    h("path", { d: `${first}L${ends[1]} ${y(0)}L${ends[0]} ${y(0)}Z`, fill: MAIN, opacity: 0.1 }),
    other && h("path", { d: path(other).join(""), className: "clipit-path", ...stroke(OTHER, 1.5, "2 3") }),
    h("path", { d: first, className: "clipit-path", ...stroke(MAIN, 2) }),
    data.ticks.map(({ at, time, frame }) => [
      h("text", { key: time, x: x(at), y: bottom + 15, textAnchor: "middle" }, time),
      h("text", { key: frame, x: x(at), y: bottom + 29, textAnchor: "middle", opacity: 0.65 }, frame),
    ]),
  );
}

function stroke(colour, width, dash) {
  return { stroke: colour, strokeWidth: width, strokeDasharray: dash, strokeLinejoin: "round", fill: "none" };
}

function line(x, dash) {
  const colour = "var(--fo-palette-text-secondary)";
  return h("line", { x1: x, x2: x, y1: MARGIN.top, y2: MARGIN.top + AREA, ...stroke(colour, 1, dash) });
}

function Tip({ curves, at, left, width }) {
  const nearest = (curve) => {
    const after = curve.times.findIndex((time) => time >= at);
    if (after <= 0) return after ? curve.times.length - 1 : 0;
    return at - curve.times[after - 1] < curve.times[after] - at ? after - 1 : after;
  };
  const i = nearest(curves[0]);
  const values = curves.map((curve) => curve.values[nearest(curve)].toFixed(2)).join(" and ");
  const side = left > width / 2 ? { right: width - left + 8 } : { left: left + 8 };
  const said = `${clock(curves[0].times[i])} · frame ${curves[0].frames[i]} · importance ${values}`;
  return h("div", { className: "clipit-tip", style: side }, said);
}

// Moves by itself, without drawing anything else anew.
function Cursor({ time, x }) {
  const bar = useRef(null);
  const place = useRef(x);
  place.current = x;
  useEffect(() => {
    let turn;
    const follow = () => {
      turn = requestAnimationFrame(follow);
      const at = time();
      bar.current.style.display = at === undefined ? "none" : "block";
      if (at !== undefined) bar.current.style.transform = `translateX(${(place.current(at) - 1).toFixed(1)}px)`;
    };
    follow();
    return () => cancelAnimationFrame(turn);
  }, [time]);
  return h("div", {
    ref: bar,
    className: "clipit-cursor",
    "data-cy": "clipit-cursor",
    style: { top: MARGIN.top, height: AREA },
  });
}
