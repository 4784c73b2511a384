// The panel's own player: from a time on, one segment, or all segments one after the other.

import { IconButton, clock, h, useEffect, useRef, useState } from "./app.js";

/**
 * Plays parts of a video: `[[start, end], ...]` in seconds, the last `end` may be null for "to the end".
 *
 * `into` gets the player, for the chart's cursor; `onClose` is called when there is nothing more to play.
 */
export function Player({ url, parts, into, onClose }) {
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
