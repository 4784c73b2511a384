// The segments as cards: a picture, when, how important, and what to do with it.

import { Button, IconButton, h, useEffect, useState } from "./app.js";

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

export function Strip({ segments, more, asked, onPlay, onPlayAll, send }) {
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
