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
