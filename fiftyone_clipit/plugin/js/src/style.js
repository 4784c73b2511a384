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
export function addStyle() {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
}
