// The segments as cards: a picture, when, how important, and what to do with it.

import { Button, IconButton, Line, h, served, useEffect, useState } from "./app.js";
import { drop, pin } from "./shots.js";

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

export function Strip({ segments, total, asked, onPlay, onPlayAll, onOpen, send }) {
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
