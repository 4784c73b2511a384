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

/** A small button with a picture instead of words; `lit` where it is on or off. */
function IconButton({ icon, title, onClick, lit }) {
  const style = lit ? { color: PINNED } : undefined;
  return h(
    "button",
    { type: "button", className: "clipit-icon", title, "aria-label": title, "aria-pressed": lit, onClick, style },
    h(components.MuiIconFont, { name: icon, sx: { fontSize: 18 } }),
  );
}

/** A line to write into; Enter sends what is written, Escape gives up. */
function Line({ value, onChange, onSend, onCancel, placeholder, focus }) {
  const onKeyDown = (event) => {
    event.stopPropagation(); // the App has keys of its own, for its player and its grid
    if (event.key === "Enter") onSend();
    if (event.key === "Escape") onCancel?.();
  };
  return h("input", {
    className: "clipit-input",
    value,
    placeholder,
    "aria-label": placeholder,
    autoFocus: focus,
    onChange: (event) => onChange(event.target.value),
    onKeyDown,
  });
}

/** Where the App serves a file, also behind a proxy that gives it a folder of its own. */
function served(url) {
  return url?.startsWith("/") ? `${window.__fou__?.getFetchPathPrefix?.() ?? ""}${url}` : url;
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
.clipit-input { flex: 1 1 180px; min-width: 0; padding: 7px 10px; border: 1px solid var(--fo-palette-divider);
  border-radius: 4px; font: inherit; color: inherit; background: var(--fo-palette-background-level1) }
.clipit-card .clipit-input { width: 100%; box-sizing: border-box; padding: 3px 6px }
.clipit-problem { padding: 6px 10px; border-radius: 4px; border: 1px solid #b26a00; overflow-wrap: anywhere }
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
    /** Sends it to a time; whether it can go there: of a clip, it plays that part of the video alone. */
    seek(seconds) {
      const { frameRate, support } = looker.state.config;
      const frame = Math.floor(seconds * frameRate) + 1;
      if (this.time() === undefined || (support && (frame < support[0] || frame > support[1]))) return false;
      wanted = frame;
      return true;
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
    // Whoever moves it by hand wants to look there: it then plays on as any player does.
    let ours = true;
    const begin = () => {
      element.currentTime = start;
      // It stays where it is when the browser wants a click first: its own button starts it.
      element.play().catch(() => {});
      if (end !== null) follow();
    };
    const follow = () => {
      turn = requestAnimationFrame(follow);
      check();
    };
    const check = () => {
      if (!ours || end === null || element.seeking || element.currentTime < end) return;
      cancelAnimationFrame(turn);
      ours = false;
      if (index + 1 < parts.length) setIndex(index + 1);
      else element.pause();
    };
    const moved = () => {
      if (Math.abs(element.currentTime - start) > 0.01) ours = false;
    };
    // A page in the background draws no frames; the player still tells of its time.
    const listeners = { timeupdate: check, seeking: moved };
    // Before it knows the video's length, it cannot go anywhere.
    if (element.readyState > 0) begin();
    else listeners.loadedmetadata = begin;
    Object.entries(listeners).forEach(([name, listener]) => element.addEventListener(name, listener));
    return () => {
      Object.entries(listeners).forEach(([name, listener]) => element.removeEventListener(name, listener));
      cancelAnimationFrame(turn);
    };
  }, [parts, index, start, end]);
  // The click that asked for it may have been on a card far below.
  useEffect(() => {
    video.current.scrollIntoView({ block: "nearest" });
  }, [parts]);

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
  const flow = useRef({ busy: false, asked: null, wanted: null, standing: null, forgotten: false });

  const settle = () => {
    const { standing } = flow.current;
    flow.current.standing = null;
    if (standing !== null) send("on_budget", { budget: standing });
  };
  const ask = () => {
    Object.assign(flow.current, { busy: true, asked: flow.current.wanted, wanted: null });
    send("on_try", { budget: flow.current.asked }, (reply) => {
      const late = flow.current.forgotten; // what was forgotten while it was on its way does not come back
      Object.assign(flow.current, { busy: false, forgotten: false });
      if (reply?.result?.mark && !late) setAnswer(reply.result);
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
  const forget = () => {
    Object.assign(flow.current, { wanted: null, standing: null, forgotten: flow.current.busy });
    setAnswer(null);
  };
  // The panel has caught up with what was tried, or is about something else by now.
  useEffect(() => {
    if (answer && (given.budget.value === answer.budget.value || given.mark !== answer.mark)) setAnswer(null);
  }, [given]);
  const shown = answer?.mark === given.mark ? { ...given, ...answer } : given;
  return [shown, attempt, forget];
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

// ---- question.js
// A question about the video, answered beside its summary.

function Question({ asked, problem, waiting, send }) {
  const [text, setText] = useState(asked ?? "");
  const ask = () => send("on_ask", { question: text });
  return [
    h(
      "div",
      { key: "line", className: "clipit-line" },
      h(Line, {
        value: text,
        onChange: setText,
        onSend: ask,
        placeholder: "Ask this video: a red star, a child near the road ...",
      }),
      h(Button, { variant: "contained", startIcon: icon("search"), onClick: ask }, "Ask"),
      asked &&
        h(Button, { variant: "outlined", startIcon: icon("bookmark_add"), onClick: () => send("on_keep") }, "Keep as a summary"),
      asked && h(IconButton, { icon: "close", title: "Back to the summary", onClick: () => send("on_close_question") }),
    ),
    problem && h("div", { key: "problem", className: waiting ? "clipit-faint" : "clipit-problem", role: "status" }, problem),
  ];
}

function icon(name) {
  return h(components.MuiIconFont, { name, sx: { fontSize: 18 } });
}

// ---- shots.js
// The shots of a video, chosen or not: what people decide about one that they click, and what they dropped.

/** What there is to say and do about the shot at a time. `shots` are `[first, last, start, end, importance, decision]`. */
function ShotAt({ shots, at, asked, send }) {
  if (at === null) return h("div", { className: "clipit-faint" }, "Click the curve or a picture to go there");
  const [first, last, start, end, importance, decision] = shots.find((shot) => at < shot[3]) ?? shots[shots.length - 1];
  const decide = (event, decided) => send(event, { shot: [first, last], decided });
  const [pinned, dropped] = [decision === "pinned", decision === "dropped"];
  return h(
    "div",
    { className: "clipit-line clipit-faint" },
    `Shot ${clock(start)} - ${clock(end)}  ·  importance ${importance.toFixed(2)}`,
    !asked &&
      h(
        "span",
        null,
        pin(pinned, () => decide("on_pin", !pinned)),
        drop(dropped, () => decide("on_drop", !dropped)),
      ),
  );
}

/** The shots that people dropped, each with a way back. */
function Dropped({ shots, send }) {
  const dropped = shots.filter((shot) => shot[5] === "dropped");
  if (!dropped.length) return null;
  return h(
    "div",
    { className: "clipit-line" },
    h("span", { className: "clipit-faint" }, "Dropped:"),
    dropped.map(([first, last, start, end]) =>
      h(
        Button,
        {
          key: first,
          variant: "outlined",
          title: "Let it count again",
          "aria-label": "Let it count again",
          onClick: () => send("on_drop", { shot: [first, last], decided: false }),
        },
        `${clock(start)} - ${clock(end)}`,
      ),
    ),
  );
}

/** The button that pins a shot. */
function pin(pinned, onClick) {
  const title = pinned ? "No longer pinned" : "Pin: in every summary of this video, whatever the budget";
  return h(IconButton, { icon: "push_pin", title, lit: pinned, onClick });
}

/** The button that drops a shot. */
function drop(dropped, onClick) {
  const title = dropped ? "No longer dropped" : "Drop: in no summary of this video";
  return h(IconButton, { icon: "block", title, lit: dropped, onClick });
}

// ---- strip.js
// The segments as cards: a picture, when, how important, and what to do with it.

// What was chosen last counts for every video, until the page is left.
let chosenOrder = "best";

// How long segments must stand before their pictures are made: a slider that moves needs none.
const REST_MS = 200;
const MOST_TRIES = 60;
const FIRST_CARDS = 24;
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
  return ({ peak, picture }) => served(picture ?? made[peak] ?? NO_PICTURE);
}

function Strip({ segments, total, asked, onPlay, onPlayAll, onOpen, send }) {
  const [order, setOrder] = useState(chosenOrder);
  const [all, setAll] = useState(false);
  const best = [...segments].sort((a, b) => a.rank - b.rank || a.first - b.first);
  const cards = all ? best : best.slice(0, FIRST_CARDS);
  const picture = usePictures(cards, send);
  if (order === "time") cards.sort((a, b) => a.first - b.first);
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
  const hidden = segments.length - cards.length;
  const rest = total - segments.length;
  return [
    h(
      "div",
      { key: "line", className: "clipit-line" },
      orders,
      h(Button, { variant: "outlined", disabled: !segments.length, onClick: onPlayAll }, "Play all"),
    ),
    h(
      "div",
      { key: "cards", className: "clipit-cards" },
      cards.map((segment) =>
        h(Card, { key: `${segment.first} ${segment.last}`, segment, picture: picture(segment), asked, onPlay, onOpen, send }),
      ),
    ),
    hidden > 0 &&
      h("div", { key: "hidden" }, h(Button, { variant: "outlined", onClick: () => setAll(true) }, `Show ${hidden} more`)),
    !hidden && rest > 0 && h("div", { key: "rest", className: "clipit-faint" }, `and ${rest} more, less important`),
  ];
}

function Card({ segment, picture, asked, onPlay, onOpen, send }) {
  const { first, last, when, shot, pinned, tags } = segment;
  const [tag, setTag] = useState(null); // what is being written; null while nothing is
  const play = () => onPlay(segment);
  const sendTag = () => {
    send("on_tag", { first, last, tag });
    if (tag.trim()) setTag(null);
  };
  return h(
    "div",
    { className: "clipit-card" },
    h("button", { type: "button", onClick: play }, h("img", { src: picture, alt: `${segment.label}, ${when}` })),
    h("p", { title: segment.label }, `${segment.rank}.  ${when}  ·  ${segment.importance.toFixed(2)}`),
    tags.length > 0 && h("p", { className: "clipit-faint", title: tags.join(", ") }, `Tags: ${tags.join(", ")}`),
    h(
      "div",
      null,
      h(IconButton, { icon: "play_arrow", title: "Play it here", onClick: play }),
      // Beside the App's player there is no need for another view: it has the video already.
      onOpen
        ? h(IconButton, { icon: "smart_display", title: "Show it in the App's player", onClick: () => onOpen(segment) })
        : h(IconButton, {
            icon: "open_in_full",
            title: "Open as a clip",
            onClick: () => send("on_open_segment", { first, last }),
          }),
      !asked && pin(pinned, () => send("on_pin", { shot, decided: !pinned })),
      !asked && drop(false, () => send("on_drop", { shot, decided: true })),
      !asked && h(IconButton, { icon: "sell", title: "Tag this segment", onClick: () => setTag(tag === null ? "" : null) }),
    ),
    tag !== null &&
      h(Line, { value: tag, onChange: setTag, onSend: sendTag, onCancel: () => setTag(null), placeholder: "Tag, then Enter", focus: true }),
  );
}

// ---- video.js
// One video in the panel: its curve, its player, its budget and its segments.

/** Draws what the panel in Python says (`panel/shown.py`), and sends it what people do. */
function Video({ schema }) {
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
