// Made from src by bundle.py: change it there.
(() => {
// ---- app.js
// What FiftyOne hands to plugins as globals: there is nothing to install, and nothing of it is in the bundle.

const { React, recoil, __fop__: plugins, __foo__: operators, __fos__: state, __foc__: components } = window;
const { Slider } = window.__mui__ ?? {};
// The App's own button, which looks like those of the panel in Python.
const Button = components?.MuiButton;
const { useCallback, useEffect, useMemo, useRef, useState } = React;

const MAIN = "#ff7a1a";
const OTHER = "#4aa8ff";
const PINNED = "#3ecf8e";

/** Makes an element: its kind, what it has, what is in it. */
const h = React.createElement;

/** A time as people read it from a player: 0:07.5, 12:03.0, 1:02:03. */
function clock(seconds) {
  const tenths = Math.round(Math.max(seconds, 0) * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const two = (number) => String(number).padStart(2, "0");
  const whole = Math.floor(rest / 10);
  return hours ? `${hours}:${two(minutes)}:${two(whole)}` : `${minutes}:${two(whole)}.${rest % 10}`;
}

/** A small button with a picture instead of words. */
function IconButton({ icon, title, onClick, lit }) {
  return h(
    "button",
    { type: "button", className: "clipit-icon", title, "aria-label": title, onClick, style: lit ? { color: PINNED } : undefined },
    h(components.MuiIconFont, { name: icon, sx: { fontSize: 18 } }),
  );
}

// ---- style.js
// How the parts look; the colours are the App's own, so that they follow its theme.

const STYLE = `
.clipit { display: flex; flex-direction: column; gap: 8px; font-size: 0.85rem; color: var(--fo-palette-text-primary) }
.clipit-faint { color: var(--fo-palette-text-secondary) }
.clipit-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px }
.clipit-chart { position: relative; height: 210px; user-select: none }
.clipit-chart svg { display: block; overflow: visible }
.clipit-chart text { fill: var(--fo-palette-text-secondary); font-size: 11px; font-family: inherit }
.clipit-cursor { position: absolute; top: 0; left: 0; width: 2px; pointer-events: none;
  background: var(--fo-palette-text-primary) }
.clipit-tip { position: absolute; top: 4px; padding: 3px 8px; border-radius: 4px; pointer-events: none;
  white-space: nowrap; font-size: 0.75rem; background: var(--fo-palette-background-level1);
  border: 1px solid var(--fo-palette-divider) }
.clipit-key { display: inline-block; width: 16px; height: 0; margin-right: 6px; vertical-align: middle;
  border-top: 2px solid }
.clipit-player video { display: block; width: 100%; height: 240px; background: #000; border-radius: 4px }
.clipit-cards { display: flex; flex-wrap: wrap; gap: 14px }
.clipit-card { width: 188px }
.clipit-card > button { display: block; width: 100%; padding: 0; border: 0; background: none; cursor: pointer }
.clipit-card img { display: block; width: 100%; height: 106px; object-fit: cover; border-radius: 4px }
.clipit-card p { margin: 4px 0 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.clipit-icon { display: inline-flex; padding: 3px; border: 0; border-radius: 50%; background: none; cursor: pointer;
  color: var(--fo-palette-text-secondary) }
.clipit-icon:hover, .clipit-icon:focus-visible { background: var(--fo-palette-action-hover, #8883) }
.clipit select { padding: 3px 6px; border: 1px solid var(--fo-palette-divider); border-radius: 4px; font: inherit;
  color: inherit; background: var(--fo-palette-background-level1) }
`;

/** Adds the looks to the page, once. */
function addStyle() {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
}

// ---- modal_player.js
// The player of the App's modal, for what follows it and moves it.

/** Puts the modal's player into a reference while there is one; shows nothing. */
function ModalPlayer({ into }) {
  const looker = recoil.useRecoilValue(state.modalLooker);
  useEffect(() => {
    into.current = looker?.getVideo && looker.seekToFrame ? playerOf(looker) : null;
    return () => {
      into.current = null;
    };
  }, [looker, into]);
  return null;
}

function playerOf(looker) {
  let wanted;
  return {
    /** Where it is, in seconds; undefined while it has no video. */
    time() {
      // A player that still loads would forget where it was sent.
      if (wanted && looker.state.duration !== null) {
        looker.seekToFrame(wanted);
        wanted = undefined;
      }
      const video = looker.state.destroyed ? undefined : looker.getVideo();
      return video instanceof HTMLVideoElement && video.readyState > 0 ? video.currentTime : undefined;
    },
    seek(seconds) {
      wanted = Math.floor(seconds * looker.state.config.frameRate) + 1;
    },
  };
}

// ---- chart.js
// Importance over time: the curves, the chosen segments as shades, a cursor where a player is. A click goes there.

const HEIGHT = 210;
const MARGIN = { top: 10, right: 12, bottom: 36, left: 26 };
const AREA = HEIGHT - MARGIN.top - MARGIN.bottom;

/**
 * The chart of a video.
 *
 * `time` gives where a player is, in seconds, or undefined; `onSeek` gets where was clicked.
 */
function Chart({ data, time, onSeek }) {
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
    { className: "clipit-chart", ref: box, role: "img", "aria-label": "importance over time" },
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
    data.pinned.map((shot, i) => shade(shot, `pinned${i}`, PINNED, 0.9, MARGIN.top - 4, MARGIN.top)),
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

// ---- player.js
// The panel's own player: from a time on, one segment, or all segments one after the other.

/**
 * Plays parts of a video: `[[start, end], ...]` in seconds, the last `end` may be null for "to the end".
 *
 * `into` gets the player, for the chart's cursor; `onClose` is called when there is nothing more to play.
 */
function Player({ url, parts, into, onClose }) {
  const video = useRef(null);
  const [index, setIndex] = useState(0);
  const [broken, setBroken] = useState(false);
  const [start, end] = parts[Math.min(index, parts.length - 1)];

  useEffect(() => setIndex(0), [parts]);
  useEffect(() => {
    const element = video.current;
    into.current = { time: () => (element.readyState > 0 ? element.currentTime : undefined) };
    return () => {
      into.current = null;
    };
  }, [into]);
  useEffect(() => {
    const element = video.current;
    let turn;
    const begin = () => {
      element.currentTime = start;
      // It stays where it is when the browser wants a click first: its own button starts it.
      element.play().catch(() => {});
      if (end !== null) watch();
    };
    const watch = () => {
      turn = requestAnimationFrame(watch);
      // Whoever moved it elsewhere by hand wants to look there.
      if (element.currentTime < end || element.currentTime > end + 0.5 || element.seeking) return;
      cancelAnimationFrame(turn);
      if (index + 1 < parts.length) setIndex(index + 1);
      else element.pause();
    };
    // Before it knows the video's length, it cannot go anywhere.
    if (element.readyState > 0) begin();
    else element.addEventListener("loadedmetadata", begin);
    return () => {
      element.removeEventListener("loadedmetadata", begin);
      cancelAnimationFrame(turn);
    };
  }, [parts, index, start, end]);

  const what = clock(start) + (end === null ? "" : ` - ${clock(end)}`);
  return h(
    "div",
    { className: "clipit-player" },
    h("video", { ref: video, src: url, controls: true, playsInline: true, onError: () => setBroken(true) }),
    h(
      "div",
      { className: "clipit-line clipit-faint" },
      broken
        ? "The browser cannot play this file"
        : parts.length > 1
          ? `Segment ${index + 1} of ${parts.length}: ${what}`
          : what,
      h(IconButton, { icon: "close", title: "Close the player", onClick: onClose }),
    ),
  );
}

// ---- budget.js
// How long the summary may be: a slider over shares of the video or over seconds, and what to do with a budget on trial.

// What was chosen last counts for every video, until the page is left.
let chosenUnit = null;

/**
 * The latest budget on trial: asks for its segments while the slider moves, and tells the panel when it stands.
 *
 * Gives what to show, a function to try a budget (its second argument says whether the slider was let go), and one to
 * forget it.
 */
function useTrial(given, send) {
  const [answer, setAnswer] = useState(null);
  // `asked` was sent last, `wanted` waits until that is answered; `standing` is told to the panel after its answer.
  const flow = useRef({ busy: false, asked: null, wanted: null, standing: null });

  const settle = () => {
    const { standing } = flow.current;
    flow.current.standing = null;
    if (standing !== null) send("on_budget", { budget: standing });
  };
  const ask = () => {
    Object.assign(flow.current, { busy: true, asked: flow.current.wanted, wanted: null });
    send("on_try", { budget: flow.current.asked }, (reply) => {
      flow.current.busy = false;
      if (reply?.result?.mark) setAnswer(reply.result);
      if (flow.current.wanted !== null) ask();
      else settle();
      return false; // the App need not show what went wrong: the panel says it when the slider stands
    });
  };
  const attempt = (budget, final) => {
    if (final) flow.current.standing = budget;
    if (!final || flow.current.asked !== budget) flow.current.wanted = budget;
    if (flow.current.busy) return;
    if (flow.current.wanted !== null) ask();
    else settle();
  };
  // The panel has caught up with what was tried.
  useEffect(() => {
    if (answer && given.budget.value === answer.budget.value) setAnswer(null);
  }, [given]);
  const shown = answer?.mark === given.mark ? { ...given, ...answer } : given;
  return [shown, attempt, () => setAnswer(null)];
}

function Budget({ budget, asked, attempt, forget, send }) {
  const [chosen, setChosen] = useState(chosenUnit);
  const [moving, setMoving] = useState(null);
  const held = useRef(false);
  const unit = chosen ?? budget.unit;
  // An answer that comes while the slider is held is of where it was.
  useEffect(() => {
    if (!held.current) setMoving(null);
  }, [budget]);
  if (budget.shared) {
    return h(
      "div",
      { className: "clipit-line" },
      budget.said,
      action("Another budget ...", () => send("on_save_all", { budget: budget.value })),
    );
  }
  const least = Math.min(0.5, unit === "share" ? 100 : budget.most);
  const most = unit === "share" ? 100 : budget.most;
  const value = moving ?? budget[unit];
  const asBudget = (number) => (unit === "share" ? Math.round(number * 100) / 10000 : `${number}s`);
  const move = (final) => (_, number) => {
    held.current = !final;
    setMoving(number);
    attempt(asBudget(number), final);
  };
  return h(
    "div",
    null,
    h(
      "div",
      { className: "clipit-line" },
      h("span", null, budget.said + (budget.on_trial ? " (not saved)" : "")),
      h(
        "select",
        {
          value: unit,
          "aria-label": "Unit of the budget",
          onChange: (event) => {
            chosenUnit = event.target.value;
            setChosen(chosenUnit);
          },
        },
        h("option", { value: "share" }, "in percent"),
        h("option", { value: "seconds" }, "in seconds"),
      ),
    ),
    h(
      "div",
      { style: { padding: "0 10px" } },
      h(Slider, {
        value,
        min: least,
        max: most,
        step: 0.5,
        size: "small",
        "aria-label": "Budget",
        valueLabelDisplay: "auto",
        onChange: move(false),
        onChangeCommitted: move(true),
      }),
    ),
    budget.on_trial &&
      !asked &&
      h(
        "div",
        { className: "clipit-line" },
        action("Save for this video", () => send("on_save", { budget: budget.value }), "contained"),
        action("Save for all videos ...", () => send("on_save_all", { budget: budget.value })),
        action("Back", () => {
          forget();
          send("on_forget_budget");
        }),
      ),
    budget.notes.map((note) => h("div", { key: note, className: "clipit-faint" }, note)),
  );
}

function action(label, onClick, variant = "outlined") {
  return h(Button, { variant, onClick }, label);
}

// ---- strip.js
// The segments as cards: a picture, when, how important, and what to do with it.

// What was chosen last counts for every video, until the page is left.
let chosenOrder = "best";

// How long segments must stand before their pictures are made: a slider that moves needs none.
const REST_MS = 200;
const MOST_TRIES = 60;
const NO_PICTURE =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#8884"/>' +
      '<path d="M6.8 3l3 1.5-3 1.5z" fill="#8889"/></svg>',
  );

// The pictures of segments by their best frame; those that are not there yet are asked for.
function usePictures(segments, send) {
  const [made, setMade] = useState({});
  const [tries, setTries] = useState(0);
  const missing = segments.filter(({ peak, picture }) => !picture && !(peak in made)).map(({ peak }) => peak);
  useEffect(() => {
    if (!missing.length || tries > MOST_TRIES) return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      send("on_pictures", { frames: missing }, (reply) => {
        if (gone) return false;
        const found = reply?.result ?? {};
        setMade((before) => ({ ...before, ...found }));
        setTries(Object.keys(found).length ? 0 : tries + 1);
        return false; // a video without pictures is no error to show
      });
    }, REST_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [missing.join(), tries]);
  return ({ peak, picture }) => picture ?? made[peak] ?? NO_PICTURE;
}

function Strip({ segments, more, asked, onPlay, onPlayAll, send }) {
  const [order, setOrder] = useState(chosenOrder);
  const picture = usePictures(segments, send);
  const sorted = [...segments].sort((a, b) => (order === "best" && a.rank - b.rank) || a.first - b.first);
  const orders = h(
    "select",
    {
      value: order,
      "aria-label": "Order of the segments",
      onChange: (event) => {
        chosenOrder = event.target.value;
        setOrder(chosenOrder);
      },
    },
    h("option", { value: "best" }, "Best first"),
    h("option", { value: "time" }, "In time order"),
  );
  const all = { variant: "outlined", disabled: !segments.length, onClick: onPlayAll };
  return [
    h(
      "div",
      { key: "line", className: "clipit-line" },
      orders,
      h(Button, all, "Play all"),
    ),
    h(
      "div",
      { key: "cards", className: "clipit-cards" },
      sorted.map((segment) => h(Card, { key: `${segment.first} ${segment.last}`, segment, picture: picture(segment), asked, onPlay, send })),
    ),
    more && h("div", { key: "more", className: "clipit-faint" }, more),
  ];
}

function Card({ segment, picture, asked, onPlay, send }) {
  const { first, last, start, end, when, shot, pinned } = segment;
  const where = { first, last, start, end };
  const play = () => onPlay(segment);
  const tool = (icon, title, event, params, lit) =>
    h(IconButton, { icon, title, lit, onClick: () => send(event, params) });
  return h(
    "div",
    { className: "clipit-card" },
    h("button", { type: "button", onClick: play }, h("img", { src: picture, alt: `${segment.label}, ${when}` })),
    h("p", { title: segment.label }, `${segment.rank}.  ${when}  ·  ${segment.importance.toFixed(2)}`),
    h(
      "div",
      null,
      h(IconButton, { icon: "play_arrow", title: "Play it here", onClick: play }),
      tool("open_in_full", "Open as a clip", "on_open_segment", where),
      !asked && [
        tool(
          "push_pin",
          pinned ? "No longer pinned" : "Pin: in every summary of this video, whatever the budget",
          "on_pin",
          { shot, decided: !pinned },
          pinned,
        ),
        tool("block", "Drop: in no summary of this video", "on_drop", { shot, decided: true }),
        tool("sell", "Tag this segment", "on_tag", where),
      ],
    ),
  );
}

// ---- video.js
// One video in the panel: its curve, its player, its budget and its segments.

/** Draws what the panel in Python says (`panel/shown.py`), and sends it what people do. */
function Video({ schema }) {
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

// ---- index.js
// Tells the App about the panel's parts in JavaScript.

addStyle();
plugins.registerComponent({
  name: "ClipItVideo",
  label: "A video in the panel Summaries",
  type: plugins.PluginComponentType.Component,
  component: Video,
});

})();
