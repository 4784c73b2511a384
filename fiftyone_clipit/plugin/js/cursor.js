// A cursor on the panel's curve that follows the player of the App's modal; a click on the curve moves that player.
//
// FiftyOne hands React, recoil and its own packages to plugins as globals and runs this file as it is: there is no
// build. Where it does not run, the panel shows the same curve, and a click on it plays in the panel.
(() => {
  const { React, recoil, __fop__: plugins, __fos__: state } = window;
  if (!React || !recoil || !plugins?.registerComponent || !state?.modalLooker) return;

  // Shows nothing by itself: it is hidden in the panel, and draws into the plot beside it.
  function Cursor({ schema }) {
    const looker = recoil.useRecoilValue(state.modalLooker);
    const { curve, seconds } = schema.view;
    React.useEffect(() => {
      if (looker?.getVideo && looker.seekToFrame) return follow(looker, curve, seconds);
    }, [looker, curve, seconds]);
    return null;
  }

  // Keeps a line on the plot where the player is, until the function that it gives is called.
  function follow(looker, curve, seconds) {
    const line = document.createElement("div");
    line.dataset.cy = "clipit-cursor";
    line.style.cssText =
      "position: absolute; width: 2px; pointer-events: none; z-index: 2; background: var(--fo-palette-text-primary)";
    let shown;
    let wanted;
    let turn;

    const draw = () => {
      turn = requestAnimationFrame(draw);
      // A player that still loads would forget where it was sent.
      if (wanted && looker.state.duration !== null) {
        looker.seekToFrame(wanted);
        wanted = undefined;
      }
      const box = document.getElementById(curve);
      const area = box?.querySelector(".nsewdrag")?.getBoundingClientRect();
      const time = playerTime(looker);
      if (!area || time === undefined) {
        line.remove();
        shown = undefined;
        return;
      }
      if (line.parentElement !== box) box.append(line);
      const outer = box.getBoundingClientRect();
      const left = area.left - outer.left + (Math.min(time / seconds, 1) * area.width - 1);
      const place = `${left.toFixed(1)}px ${(area.top - outer.top).toFixed(1)}px ${area.height.toFixed(1)}px`;
      if (place === shown) return;
      shown = place;
      [line.style.left, line.style.top, line.style.height] = place.split(" ");
    };

    // Before Plotly: what it does not see it does not report to the panel, which would start a player of its own.
    const click = (event) => {
      const area = event.target.closest?.(`#${CSS.escape(curve)} .nsewdrag`)?.getBoundingClientRect();
      if (!area || event.button !== 0 || playerTime(looker) === undefined) return;
      event.stopPropagation();
      event.preventDefault();
      const time = ((event.clientX - area.left) / area.width) * seconds;
      wanted = Math.floor(time * looker.state.config.frameRate) + 1;
    };

    draw();
    document.addEventListener("mousedown", click, true);
    return () => {
      cancelAnimationFrame(turn);
      document.removeEventListener("mousedown", click, true);
      line.remove();
    };
  }

  // Where the player is, in seconds; undefined while it has no video.
  function playerTime(looker) {
    const video = looker.state.destroyed ? undefined : looker.getVideo();
    return video instanceof HTMLVideoElement && video.readyState > 0 ? video.currentTime : undefined;
  }

  plugins.registerComponent({
    name: "ClipItCursor",
    label: "Cursor of the panel Summaries",
    type: plugins.PluginComponentType.Component,
    component: Cursor,
  });
})();
