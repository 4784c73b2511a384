// Tells the App about the panel's parts in JavaScript.

import { plugins } from "./app.js";
import { addStyle } from "./style.js";
import { Video } from "./video.js";

addStyle();
plugins.registerComponent({
  name: "ClipItVideo",
  label: "A video in the panel Summaries",
  type: plugins.PluginComponentType.Component,
  component: Video,
});
