// The player of the App's modal, for what follows it and moves it.

import { React, recoil, state, useEffect } from "./app.js";

/** Puts the modal's player into a reference while there is one; shows nothing. */
export function ModalPlayer({ into }) {
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
