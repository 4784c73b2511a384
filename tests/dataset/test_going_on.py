"""The same key again: resuming after a kill, new videos, another configuration."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

import fiftyone_clipit as clipit
from fiftyone_clipit.errors import UsageError
from tests.fiftyone_fixtures import plain, write_video

# What the killed process does. It dies by SIGKILL: right before it writes a given field, or when a given number of
# videos is done.
_VICTIM = """
    import os, signal, sys
    import fiftyone as fo
    import fiftyone_clipit as clipit
    from fiftyone_clipit.dataset import writing

    name, encoder, field, after = sys.argv[1:]

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(bar):
        if field == "" and bar.iteration >= int(after):
            die()

    usual = fo.Dataset.set_values

    def set_values(self, name, *args, **kwargs):
        if name == field:
            die()
        return usual(self, name, *args, **kwargs)

    fo.Dataset.set_values = set_values
    writing._MOST_SECONDS = 0.0
    clipit.summarize(
        fo.load_dataset(name), "dogs", query="a dog", encoder=encoder, num_workers=1, progress=watch
    )
"""


def kill_while_summarizing(dataset, encoder, field="", after=0) -> None:
    arguments = [sys.executable, "-c", textwrap.dedent(_VICTIM), dataset.name, encoder, field, str(after)]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    dataset.reload()


@pytest.fixture
def many(make_dataset, videos, tmp_path):
    """A dataset of six videos."""
    scenes = (("blue", "noise"), ("noise", "red"), ("green", "blue"))
    return make_dataset([*videos, *(write_video(tmp_path / f"{i}.mp4", s) for i, s in enumerate(scenes))])


def test_a_killed_run_resumes(many, encoder):
    kill_while_summarizing(many, encoder, after=2)
    (run,) = clipit.list_summaries(many)
    assert run.status == "interrupted"
    done = [i for i, mark in zip(*many.values(["id", "dogs_relevance"]), strict=True) if mark is not None]
    assert 0 < len(done) < 6
    written = many.select(done).values("dogs_shots.detections.id")

    run = clipit.summarize(many, "dogs", query="a dog", encoder=encoder)
    assert run.status == "done"
    assert (run.results["last"]["skipped"], run.results["last"]["summarized"]) == (len(done), 6 - len(done))
    assert run.results["totals"]["videos"] == 6
    assert many.select(done).values("dogs_shots.detections.id") == written
    same_as_uninterrupted(many, encoder)


def test_killed_while_writing_leaves_nothing_that_counts_as_done(many, encoder):
    kill_while_summarizing(many, encoder, field="dogs_relevance")
    assert many.count("frames.dogs") > 0
    assert many.count("dogs") > 0
    assert many.count("dogs_relevance") == 0
    run = clipit.summarize(many, "dogs", query="a dog", encoder=encoder)
    assert (run.results["last"]["skipped"], run.results["totals"]["videos"]) == (0, 6)
    same_as_uninterrupted(many, encoder)


def same_as_uninterrupted(dataset, encoder):
    clipit.summarize(dataset, "whole", query="a dog", encoder=encoder)
    for one, other in (("frames.dogs", "frames.whole"), ("dogs_relevance", "whole_relevance")):
        assert dataset.values(one) == dataset.values(other)
    for one, other in (("dogs_shots", "whole_shots"), ("dogs", "whole")):
        assert list(map(plain, dataset.values(one))) == list(map(plain, dataset.values(other)))


def test_new_videos_join(make_dataset, videos, encoder):
    import fiftyone as fo

    dataset = make_dataset(videos[:2])
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    before = dataset.values("dogs.detections.id")
    dataset.add_sample(fo.Sample(filepath=str(videos[2])))
    run = clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    assert (run.results["last"]["skipped"], run.results["last"]["summarized"]) == (2, 1)
    assert dataset.values("dogs.detections.id")[:2] == before
    assert None not in dataset.values("dogs_relevance")


def test_a_view_first_and_the_rest_later(dataset, encoder):
    first = dataset.limit(1)
    assert clipit.summarize(first, "dogs", encoder=encoder).results["totals"]["videos"] == 1
    run = clipit.summarize(dataset, "dogs", encoder=encoder)
    assert (run.results["last"]["skipped"], run.results["totals"]["videos"]) == (1, 3)


def test_when_nothing_is_left_no_encoder_is_needed(dataset, encoder, monkeypatch):
    from fiftyone_clipit.pipeline import Summarizer

    clipit.summarize(dataset, "dogs", encoder=encoder)
    monkeypatch.setattr(Summarizer, "load", lambda self: pytest.fail("the encoder is loaded for nothing"))
    assert clipit.summarize(dataset, "dogs", encoder=encoder).results["last"]["summarized"] == 0


def test_another_configuration_is_refused_and_says_what_differs(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    with pytest.raises(UsageError, match=r"query: \['a dog'\] there, \['a cat'\] asked for.*overwrite=True"):
        clipit.summarize(dataset, "dogs", query="a cat", encoder=encoder)
    with pytest.raises(UsageError, match=r"resize\(\) needs no new scores"):
        clipit.summarize(dataset, "dogs", query="a dog", budget=0.5, encoder=encoder)
    assert dataset.distinct("dogs.detections.label") == ["a dog"]


def test_overwriting_a_view_replaces_its_values_only(dataset, encoder):
    clipit.summarize(dataset, "dogs", query="a dog", encoder=encoder)
    kept = dataset.skip(1).values("frames.dogs")
    run = clipit.summarize(dataset.limit(1), "dogs", query="a cat", encoder=encoder, frames="sampled", overwrite=True)
    assert [set(labels) for labels in dataset.values("dogs.detections.label")] == [{"a cat"}, {"a dog"}, {"a dog"}]
    assert dataset.skip(1).values("frames.dogs") == kept
    # Nothing is left of the frames that the new configuration does not score.
    assert dataset.limit(1).count("frames.dogs") == 12
    assert run.config["query"] == ["a cat"]
    assert [old["config"]["query"] for old in run.results["earlier"]] == [["a dog"]]


def test_stopping_keeps_what_is_done(dataset, encoder):
    def stop(bar):
        if bar.iteration >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clipit.summarize(dataset, "dogs", encoder=encoder, num_workers=1, progress=stop)
    (run,) = clipit.list_summaries(dataset)
    assert run.status == "stopped"
    assert run.results["totals"]["videos"] == dataset.count("dogs_relevance") >= 1
    assert clipit.summarize(dataset, "dogs", encoder=encoder).status == "done"
