// The shots of a video, chosen or not: what people decide about one that they click, and what they dropped.

import { Button, IconButton, clock, h } from "./app.js";

/** What there is to say and do about the shot at a time. `shots` are `[first, last, start, end, importance, decision]`. */
export function ShotAt({ shots, at, asked, send }) {
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
export function Dropped({ shots, send }) {
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
export function pin(pinned, onClick) {
  const title = pinned ? "No longer pinned" : "Pin: in every summary of this video, whatever the budget";
  return h(IconButton, { icon: "push_pin", title, lit: pinned, onClick });
}

/** The button that drops a shot. */
export function drop(dropped, onClick) {
  const title = dropped ? "No longer dropped" : "Drop: in no summary of this video";
  return h(IconButton, { icon: "block", title, lit: dropped, onClick });
}
