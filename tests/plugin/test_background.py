"""Work that was left alone, work that is stopped by its name, and one work of a name at a time."""

from __future__ import annotations

import logging
import threading

import fiftyone.operators as foo
import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.plugin import live
from fiftyone_clipit.plugin.answers import in_words
from tests.plugin.test_operators import PLUGIN, context

PATIENCE = 20


class Steps:
    """Work that takes a step when it is told to, and says when it ended."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.ended = threading.Event()

    def __call__(self, tell):
        try:
            for step in range(3):
                tell(1.0, f"step {step}")
                assert self.go.acquire(timeout=PATIENCE)
            return {"done": 3}
        finally:
            self.ended.set()

    def finish(self) -> None:
        for _ in range(3):
            self.go.release()


def begin(dataset, work, name="dataset/key", **request):
    messages = live.run(context(dataset, {}, **request), work, lambda result: iter(()), name=name)
    next(messages)
    return messages


def gone(name: str) -> bool:
    """Whether nothing of the name goes on, in a moment or two."""
    pause = threading.Event()
    return any(not live.is_running(name) or pause.wait(0.05) for _ in range(PATIENCE * 20))


def test_work_goes_on_when_the_page_is_closed_and_the_log_says_how_it_ended(dataset, caplog):
    """Protects long work: who closes the page finds it done later."""
    work = Steps()
    with caplog.at_level(logging.INFO, "fiftyone_clipit"):
        begin(dataset, work).close()
        assert live.is_running("dataset/key")
        assert not work.ended.is_set()
        work.finish()
        assert work.ended.wait(PATIENCE)
        assert gone("dataset/key")
        assert "dataset/key is done" in caplog.text


def test_work_goes_on_however_the_app_is_left(dataset, caplog):
    """Protects the whole way: the answer that turns errors into words passes on that nobody listens."""
    work = Steps()

    class Operator:
        config = live.config("made_up", "Made up", "for this test", "star")

        @in_words
        def execute(self, ctx):
            return live.run(ctx, work, lambda result: iter(()), name="dataset/key")

    with caplog.at_level(logging.INFO, "fiftyone_clipit"):
        messages = Operator().execute(context(dataset, {}, operator_uri=f"{PLUGIN}/summarize_video"))
        next(messages)
        messages.close()
        work.finish()
        assert gone("dataset/key")
    assert "dataset/key is done" in caplog.text


def test_an_error_that_nobody_waits_for_is_in_the_log(dataset, caplog):
    go = threading.Event()

    def work(tell):
        tell(0.0, "begun")
        go.wait(PATIENCE)
        raise UsageError("not like this")

    begin(dataset, work).close()
    go.set()
    assert gone("dataset/key")
    assert "dataset/key failed" in caplog.text
    assert "not like this" in caplog.text


def test_work_is_stopped_by_its_name_at_its_next_report(dataset):
    work = Steps()
    messages = begin(dataset, work, operator_uri=f"{PLUGIN}/summarize_video")
    assert live.stop("dataset/key")
    work.finish()
    with pytest.raises(live.GivenUp):
        list(messages)
    assert not live.is_running("dataset/key")
    assert not live.stop("dataset/key")


def test_there_is_one_work_of_a_name_at_a_time(dataset):
    work = Steps()
    messages = begin(dataset, work)
    with pytest.raises(UsageError, match="“dataset/key” is being worked on at this moment"):
        begin(dataset, Steps())
    other = Steps()
    others = begin(dataset, other, "dataset/other")
    for one in (work, other):
        one.finish()
    for one in (messages, others):
        list(one)
    begin(dataset, again := Steps())
    again.finish()
    assert gone("dataset/key")


def test_ctrl_c_in_python_stops_the_work(dataset):
    work = Steps()
    messages = begin(dataset, work)
    with pytest.raises(KeyboardInterrupt):
        messages.throw(KeyboardInterrupt)
    work.finish()
    assert gone("dataset/key")
    assert work.go.acquire(blocking=False)


def test_a_summary_that_is_stopped_keeps_what_is_done_and_says_so(dataset, encoder, monkeypatch):
    """Protects the way of a stop button: the run is kept as stopped, and the App gets words, no broken answer."""
    from fiftyone_clipit.dataset.writing import SummaryWriter

    name, usual = live.name_of(dataset.name, "dogs"), SummaryWriter.add

    def add(self, *args):
        usual(self, *args)
        assert live.stop(name)

    monkeypatch.setattr(SummaryWriter, "add", add)
    operator = foo.get_operator(f"{PLUGIN}/summarize_video")
    params = {"query": "a dog", "key": "dogs", "encoder": encoder}
    ctx = context(dataset, params, operator_uri=operator.uri)
    messages = [message.to_json() for message in operator.execute(ctx)]
    ctx.request_params["results"] = messages[-1]["body"]
    shown = operator.resolve_output(ctx).to_json()["type"]["properties"]
    assert shown["notice"]["view"]["label"] == "Stopped"
    assert messages[-2]["body"]["operator_uri"] == "reload_dataset"
    dataset.reload()
    (run,) = clipit.list_summaries(dataset)
    assert run.status == "stopped"
    assert run.results["totals"]["videos"] == 1
    assert not live.is_running(name)
