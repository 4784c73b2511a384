// How long the summary may be: a slider over shares of the video or over seconds, and what to do with a budget on trial.

import { Button, Slider, h, useEffect, useRef, useState } from "./app.js";

// What was chosen last counts for every video, until the page is left.
let chosenUnit = null;

/**
 * The latest budget on trial: asks for its segments while the slider moves, and tells the panel when it stands.
 *
 * Gives what to show, a function to try a budget (its second argument says whether the slider was let go), and one to
 * forget it.
 */
export function useTrial(given, send) {
  const [answer, setAnswer] = useState(null);
  // `asked` was sent last, `wanted` waits until that is answered; `standing` is told to the panel after its answer.
  const flow = useRef({ busy: false, asked: null, wanted: null, standing: null, forgotten: false });

  const settle = () => {
    const { standing } = flow.current;
    flow.current.standing = null;
    if (standing !== null) send("on_budget", { budget: standing });
  };
  const ask = () => {
    Object.assign(flow.current, { busy: true, asked: flow.current.wanted, wanted: null });
    send("on_try", { budget: flow.current.asked }, (reply) => {
      const late = flow.current.forgotten; // what was forgotten while it was on its way does not come back
      Object.assign(flow.current, { busy: false, forgotten: false });
      if (reply?.result?.mark && !late) setAnswer(reply.result);
      if (flow.current.wanted !== null) ask();
      else settle();
      return false; // the App need not show what went wrong: the panel says it when the slider stands
    });
  };
  const attempt = (budget, final) => {
    if (final) flow.current.standing = budget;
    if (!final || flow.current.asked !== budget) flow.current.wanted = budget;
    if (flow.current.busy) return;
    if (flow.current.wanted !== null) ask();
    else settle();
  };
  const forget = () => {
    Object.assign(flow.current, { wanted: null, standing: null, forgotten: flow.current.busy });
    setAnswer(null);
  };
  // The panel has caught up with what was tried, or is about something else by now.
  useEffect(() => {
    if (answer && (given.budget.value === answer.budget.value || given.mark !== answer.mark)) setAnswer(null);
  }, [given]);
  const shown = answer?.mark === given.mark ? { ...given, ...answer } : given;
  return [shown, attempt, forget];
}

export function Budget({ budget, asked, attempt, forget, send }) {
  const [chosen, setChosen] = useState(chosenUnit);
  const [moving, setMoving] = useState(null);
  const held = useRef(false);
  const unit = chosen ?? budget.unit;
  // An answer that comes while the slider is held is of where it was.
  useEffect(() => {
    if (!held.current) setMoving(null);
  }, [budget]);
  if (budget.shared) {
    return h(
      "div",
      { className: "clipit-line" },
      budget.said,
      action("Another budget ...", () => send("on_save_all", { budget: budget.value })),
    );
  }
  const least = Math.min(0.5, unit === "share" ? 100 : budget.most);
  const most = unit === "share" ? 100 : budget.most;
  const value = moving ?? budget[unit];
  const asBudget = (number) => (unit === "share" ? Math.round(number * 100) / 10000 : `${number}s`);
  const move = (final) => (_, number) => {
    held.current = !final;
    setMoving(number);
    attempt(asBudget(number), final);
  };
  return h(
    "div",
    null,
    h(
      "div",
      { className: "clipit-line" },
      h("span", null, budget.said + (budget.on_trial ? " (not saved)" : "")),
      h(
        "select",
        {
          value: unit,
          "aria-label": "Unit of the budget",
          onChange: (event) => {
            chosenUnit = event.target.value;
            setChosen(chosenUnit);
          },
        },
        h("option", { value: "share" }, "in percent"),
        h("option", { value: "seconds" }, "in seconds"),
      ),
    ),
    h(
      "div",
      { style: { padding: "0 10px" } },
      h(Slider, {
        value,
        min: least,
        max: most,
        step: 0.5,
        size: "small",
        "aria-label": "Budget",
        valueLabelDisplay: "auto",
        onChange: move(false),
        onChangeCommitted: move(true),
      }),
    ),
    budget.on_trial &&
      !asked &&
      h(
        "div",
        { className: "clipit-line" },
        action("Save for this video", () => send("on_save", { budget: budget.value }), "contained"),
        action("Save for all videos ...", () => send("on_save_all", { budget: budget.value })),
        action("Back", () => {
          forget();
          send("on_forget_budget");
        }),
      ),
    budget.notes.map((note) => h("div", { key: note, className: "clipit-faint" }, note)),
  );
}

function action(label, onClick, variant = "outlined") {
  return h(Button, { variant, onClick }, label);
}
