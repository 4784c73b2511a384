// A question about the video, answered beside its summary.

import { Button, IconButton, Line, components, h, useState } from "./app.js";

export function Question({ asked, problem, waiting, send }) {
  const [text, setText] = useState(asked ?? "");
  const ask = () => send("on_ask", { question: text });
  return [
    h(
      "div",
      { key: "line", className: "clipit-line" },
      h(Line, {
        value: text,
        onChange: setText,
        onSend: ask,
        placeholder: "Ask this video: a red star, a child near the road ...",
      }),
      h(Button, { variant: "contained", startIcon: icon("search"), onClick: ask }, "Ask"),
      asked &&
        h(Button, { variant: "outlined", startIcon: icon("bookmark_add"), onClick: () => send("on_keep") }, "Keep as a summary"),
      asked && h(IconButton, { icon: "close", title: "Back to the summary", onClick: () => send("on_close_question") }),
    ),
    problem && h("div", { key: "problem", className: waiting ? "clipit-faint" : "clipit-problem", role: "status" }, problem),
  ];
}

function icon(name) {
  return h(components.MuiIconFont, { name, sx: { fontSize: 18 } });
}
