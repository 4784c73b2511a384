// What FiftyOne hands to plugins as globals: there is nothing to install, and nothing of it is in the bundle.

export const { React, recoil, __fop__: plugins, __foo__: operators, __fos__: state, __foc__: components } = window;
export const { Slider } = window.__mui__ ?? {};
// The App's own button, which looks like those of the panel in Python.
export const Button = components?.MuiButton;
export const { useCallback, useEffect, useMemo, useRef, useState } = React;

export const MAIN = "#ff7a1a";
export const OTHER = "#4aa8ff";
export const PINNED = "#3ecf8e";

/** Makes an element: its kind, what it has, what is in it. */
export const h = React.createElement;

/** A time as people read it from a player: 0:07.5, 12:03.0, 1:02:03. */
export function clock(seconds) {
  const tenths = Math.round(Math.max(seconds, 0) * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const two = (number) => String(number).padStart(2, "0");
  const whole = Math.floor(rest / 10);
  return hours ? `${hours}:${two(minutes)}:${two(whole)}` : `${minutes}:${two(whole)}.${rest % 10}`;
}

/** A small button with a picture instead of words; `lit` where it is on or off. */
export function IconButton({ icon, title, onClick, lit }) {
  const style = lit ? { color: PINNED } : undefined;
  return h(
    "button",
    { type: "button", className: "clipit-icon", title, "aria-label": title, "aria-pressed": lit, onClick, style },
    h(components.MuiIconFont, { name: icon, sx: { fontSize: 18 } }),
  );
}

/** A line to write into; Enter sends what is written, Escape gives up. */
export function Line({ value, onChange, onSend, onCancel, placeholder, focus }) {
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
export function served(url) {
  return url?.startsWith("/") ? `${window.__fou__?.getFetchPathPrefix?.() ?? ""}${url}` : url;
}
