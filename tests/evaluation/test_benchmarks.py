"""The benchmarks: known figures from the annotations alone, and files that lack what is needed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.evaluation import (
    f_score,
    from_json,
    read_qfvs,
    read_summe,
    read_tvsum,
    run_benchmark,
    save_report,
    to_json,
    to_markdown,
)
from fiftyone_clipit.evaluation.baselines import measure_scores

h5py = pytest.importorskip("h5py")


@pytest.fixture(scope="module")
def summe(shared_data):
    return run_benchmark("summe", shared_data / "benchmarks" / "summe.h5", seeds=3)


@pytest.fixture(scope="module")
def qfvs(shared_data):
    return run_benchmark("qfvs", shared_data / "qfvs", seeds=1)


def write_video(file, key: str = "video_1", **changes) -> None:
    group = file.create_group(key)
    content = {
        "n_frames": 40,
        "picks": np.arange(0, 40, 5),
        "change_points": np.array([[0, 4], [5, 24], [25, 39]]),
        "user_summary": np.eye(2, 40, dtype=np.float32),
        "user_scores": np.tile(np.arange(40) % 5, (2, 1)),
        **changes,
    }
    for name, value in content.items():
        if value is not None:
            group[name] = value


@pytest.fixture
def small(tmp_path):
    """Writes an HDF5 file of one video, some things changed or (None) left out."""

    def write(**changes):
        with h5py.File(tmp_path / "small.h5", "w") as file:
            write_video(file, **changes)
        return tmp_path / "small.h5"

    return write


def test_summe_baselines_have_their_known_values(summe):
    """Published for all 25 videos: random 41, people 54 (F1, max); people .210 and .296 (tau, by both definitions)."""
    assert 38 < summe.mean("random")["f1"] < 42
    assert summe.mean("human")["f1"] == pytest.approx(54, abs=1.5)
    assert summe.mean("human")["tau_mean_over_users"] == pytest.approx(0.210, abs=0.015)
    assert summe.mean("human")["tau_with_mean_user"] == pytest.approx(0.296, abs=0.015)
    assert abs(summe.mean("random")["tau_mean_over_users"]) < 0.02
    assert summe.mean("constant")["tau_mean_over_users"] == 0
    assert summe.mean("uniform")["f1"] < summe.mean("random")["f1"]
    assert all(len(videos) == 21 for videos in summe.methods.values())


def test_tvsum_baselines_have_their_known_values(shared_data):
    """Published: random about 57, people 54 (F1, mean): chance does not lose. Here with other shots."""
    videos = read_tvsum(shared_data / "benchmarks" / "tvsum.h5")
    human = [
        f_score(video.user_summary[i], np.delete(video.user_summary, i, axis=0)) for video in videos for i in range(20)
    ]
    assert np.mean(human) == pytest.approx(54, abs=2)
    rng = np.random.default_rng(0)
    drawn = [measure_scores(video, rng.random(len(video.picks)), 0.15)["f1"] for video in videos]
    assert np.mean(drawn) == pytest.approx(57, abs=3)


def test_the_query_focused_oracle_stands_far_above_chance(qfvs):
    assert set(qfvs.methods["oracle"]) == {"P01", "P02", "P03"}
    assert qfvs.mean("oracle")["f1_users"] > qfvs.mean("human")["f1_users"] > qfvs.mean("random")["f1_users"] + 5
    assert qfvs.mean("oracle")["f1_users"] == pytest.approx(76.3, abs=0.1)
    for video in ("P01", "P02", "P03"):
        assert qfvs.methods["oracle"][video]["f1_users"] > qfvs.methods["random"][video]["f1_users"] + 15


def test_query_focused_scores_are_measured_beside_the_baselines(shared_data):
    """Scores that know the oracle must come out on top. (A few oracles are smaller than the summary.)"""

    def knows(video, query):
        scores = np.zeros(len(video.concepts))
        scores[video.oracle[query]] = 1
        return scores

    result = run_benchmark("qfvs", shared_data / "qfvs", scores=knows, label="knows", seeds=1, keys=["P03"])
    assert next(iter(result.methods)) == "knows"
    assert result.mean("knows")["precision"] > 99.9
    assert result.mean("knows")["f1"] > result.mean("human")["f1"]


def test_the_files_hold_what_they_should(shared_data):
    videos = read_tvsum(shared_data / "benchmarks" / "tvsum.h5")
    assert [video.key for video in videos[:3]] == ["video_1", "video_2", "video_3"]
    assert all(video.user_summary.shape == (20, video.n_frames) for video in videos)
    shares = np.array([video.user_summary.mean() for video in videos])
    assert ((shares > 0.10) & (shares <= 0.15)).all()
    queries = read_qfvs(shared_data / "qfvs")
    assert [(video.key, len(video.oracle), len(video.names)) for video in queries] == [
        ("P01", 45, 48),
        ("P02", 45, 48),
        ("P03", 45, 48),
    ]
    assert all(len(users) == 3 for video in queries for users in video.users.values())


def test_the_same_run_gives_the_same_numbers(small):
    first, second = (run_benchmark("summe", small(), seeds=2) for _ in range(2))
    assert first.methods == second.methods


def test_scores_may_come_by_video_or_from_a_function(small):
    path = small()
    by_video = run_benchmark("summe", path, scores={"video_1": np.arange(8.0)})
    by_function = run_benchmark("summe", path, scores=lambda video: np.arange(float(len(video.picks))))
    assert by_video.methods["scores"] == by_function.methods["scores"]
    assert list(by_video.methods) == ["scores", "random", "constant", "uniform", "human"]


@pytest.mark.parametrize("baseline", ["random", "constant", "uniform", "human"])
def test_a_method_may_not_take_a_baselines_name(small, baseline):
    """The baseline would be gone from the table, and nobody would know."""
    with pytest.raises(UsageError, match=f"label '{baseline}' is a baseline's name"):
        run_benchmark("summe", small(), scores={"video_1": np.arange(8.0)}, label=baseline)
    assert baseline in run_benchmark("summe", small(), label=baseline, seeds=1).methods


def test_where_one_person_marked_the_videos_nobody_is_held_against_others(small, tmp_path):
    one = {"user_summary": np.eye(1, 40), "user_scores": np.tile(np.arange(40) % 5, (1, 1))}
    for name in ("summe", "tvsum"):
        result = run_benchmark(name, small(**one), scores={"video_1": np.arange(8.0)}, seeds=1)
        assert list(result.methods) == ["scores", "random", "constant", "uniform"]
        assert "human" not in to_markdown(result)
        save_report(result, tmp_path)


def test_people_count_where_there_are_several(tmp_path):
    with h5py.File(tmp_path / "two.h5", "w") as file:
        write_video(file)
        write_video(file, "video_2", user_summary=np.eye(1, 40))
    result = run_benchmark("summe", tmp_path / "two.h5", seeds=1)
    assert result.methods["human"]["video_2"] == {}
    assert result.mean("human") == result.methods["human"]["video_1"]
    save_report(result, tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"picks": None}, "video_1 lacks picks; it has change_points, n_frames, user_scores, user_summary"),
        ({"change_points": None}, "lacks change_points"),
        ({"user_summary": None}, "lacks user_summary"),
        ({"user_summary": np.ones((2, 39))}, "n_frames is 40, but user_summary has 39"),
    ],
)
def test_summe_files_that_lack_something_say_what(small, changes, message):
    with pytest.raises(UsageError, match=message):
        read_summe(small(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"change_points": None}, "lacks change_points .or one data set of shots named kts"),
        ({"user_summary": None, "user_scores": None}, "lacks user_scores or user_summary"),
    ],
)
def test_tvsum_files_that_lack_something_say_what(small, changes, message):
    with pytest.raises(UsageError, match=message):
        read_tvsum(small(**changes))


def test_tvsum_without_scores_goes_by_the_summaries(small):
    (video,) = read_tvsum(small(user_scores=None))
    assert video.user_scores.tolist() == video.user_summary[:, ::5].tolist()


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({}, "no scores for video_1; expected 8"),
        ({"video_1": np.ones(7)}, "one score for each of the 8 picks"),
        ({"video_1": np.full(8, np.nan)}, "8 NaN"),
    ],
)
def test_scores_that_do_not_fit_say_what_was_expected(small, scores, message):
    with pytest.raises(UsageError, match=message):
        run_benchmark("summe", small(), scores=scores)


def test_query_scores_that_do_not_fit_say_what_was_expected(shared_data):
    with pytest.raises(UsageError, match=r"no scores for P01, Book_Street; expected 2783"):
        run_benchmark("qfvs", shared_data / "qfvs", scores={"P01": {}})
    with pytest.raises(UsageError, match=r"expected 2783 finite scores"):
        run_benchmark("qfvs", shared_data / "qfvs", scores=lambda video, query: np.ones(3))


def test_files_that_are_no_benchmark_say_so(tmp_path, shared_data):
    text = tmp_path / "text.h5"
    text.write_text("hello")
    empty = tmp_path / "empty.h5"
    h5py.File(empty, "w").close()
    for path, message in ((text, "is no HDF5 file"), (empty, "holds no group"), (tmp_path / "no.h5", "no such file")):
        with pytest.raises(UsageError, match=message):
            read_summe(path)
    with pytest.raises(UsageError, match=r"no such file: .*Dictionary\.txt"):
        read_qfvs(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "imagenet"}, "there are summe, tvsum, qfvs"),
        ({"budget": 1.5}, "budget must be a share"),
        ({"seeds": 0}, "seeds"),
        ({"keys": ["video_9"]}, "does not hold video_9; it has video_1"),
    ],
)
def test_wrong_use_says_what_is_wrong(small, arguments, message):
    with pytest.raises(UsageError, match=message):
        run_benchmark(**{"name": "summe", "path": small(), **arguments})


def test_a_report_has_numbers_a_table_and_a_picture(small, tmp_path):
    result = run_benchmark("summe", small(), scores={"video_1": np.arange(8.0)}, label="ours", seeds=2)
    files = save_report(result, tmp_path / "report")
    assert [file.name for file in files] == ["summe.json", "summe.md", "summe.png"]
    data = json.loads(files[0].read_text())
    assert data["means"]["ours"]["f1"] == pytest.approx(result.mean("ours")["f1"])
    assert from_json(to_json(result)) == result
    rows = files[1].read_text().splitlines()
    assert (
        rows[2]
        == "| | F1 % | tau, mean over users | rho, mean over users | tau, with mean user | rho, with mean user |"
    )
    assert [row.split("|")[1].strip() for row in rows[4:9]] == ["ours", "random", "constant", "uniform", "human"]
    assert files[2].read_bytes().startswith(b"\x89PNG")
    assert files[2].stat().st_size > 10_000


def test_a_report_goes_home_and_into_no_file(small, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    result = run_benchmark("summe", small(), seeds=1)
    assert [file.parent for file in save_report(result, "~/report")] == [tmp_path / "report"] * 3
    assert not (tmp_path / "~").exists()
    (tmp_path / "file").touch()
    for folder in ("file", "file/inside"):
        with pytest.raises(UsageError, match="cannot write the report into file"):
            save_report(result, folder)


def test_a_query_focused_table_names_what_it_compares_with(qfvs):
    assert "| F1 % | F1 % with each user | precision % | recall % |" in to_markdown(qfvs)


def test_only_results_are_read_as_results():
    with pytest.raises(UsageError, match="not a benchmark result"):
        from_json("{}")
    with pytest.raises(UsageError, match="not a benchmark result"):
        from_json("hello")
