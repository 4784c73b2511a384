"""The usual HDF5 structure: read for training, written from features."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import h5py
import numpy as np
import pytest

from fiftyone_clipit.errors import UsageError, VideoError
from fiftyone_clipit.evaluation import read_summe
from fiftyone_clipit.features.types import VideoFeatures
from fiftyone_clipit.media.timeline import Timeline
from fiftyone_clipit.media.video import VideoInfo
from fiftyone_clipit.training import read_examples, write_features_h5
from fiftyone_clipit.training.h5_origin import Origin, read_origin


def video(name: str, *, n_samples: int = 40, step: int = 15, seed: int = 0) -> VideoFeatures:
    """A video of scenes of ten samples at 30 frames a second, sampled twice a second."""
    generator = np.random.default_rng(seed)
    scenes = np.repeat(generator.normal(size=(-(-n_samples // 10), 16)), 10, axis=0)[:n_samples]
    features = scenes + 0.05 * generator.normal(size=scenes.shape)
    features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float16)
    n_frames = n_samples * step
    numbers = np.arange(n_samples) * step + 1
    return VideoFeatures(
        path=f"/videos/{name}.mp4",
        features=features,
        frame_numbers=numbers,
        times=(numbers - 1) / 30,
        timeline=Timeline(np.arange(n_frames), Fraction(1, 30), Fraction(n_frames, 30)),
        info=VideoInfo(f"/videos/{name}.mp4", 64, 36, 0, "h264", Fraction(30), None, None, False),
    )


def test_what_is_written_has_the_usual_structure(tmp_path):
    path = tmp_path / "features.h5"
    assert write_features_h5(path, [video("one"), video("two", n_samples=25, seed=1)]) == ["video_1", "video_2"]
    with h5py.File(path) as file:
        group = file["video_2"]
        assert group["features"].dtype == np.float32
        assert group["features"].shape == (25, 16)
        assert group["picks"][:3].tolist() == [0, 15, 30]
        assert (group["n_frames"][()], group["n_steps"][()], group["fps"][()]) == (375, 25, 30.0)
        assert group["video_name"].asstr()[()] == "two"
        points = group["change_points"][()]
        assert points.tolist() == [[0, 149], [150, 299], [300, 374]]
        assert group["n_frame_per_seg"][()].tolist() == [150, 150, 75]


def test_what_is_written_can_be_read_for_training(tmp_path):
    source = video("one")
    write_features_h5(tmp_path / "features.h5", [source])
    example = read_examples(tmp_path / "features.h5")["video_1"]
    np.testing.assert_array_equal(example.features, source.features.astype(np.float32))
    assert (example.targets, example.text) == (None, None)
    assert (example.n_frames, example.fps) == (600, 30.0)


def annotate(path, name: str, n_frames: int, **datasets) -> None:
    with h5py.File(path, "a") as file:
        group = file.create_group("video_7")
        group["video_name"], group["n_frames"] = name, n_frames
        for key, value in datasets.items():
            group[key] = value


def test_peoples_labels_are_taken_over_at_our_own_samples(tmp_path):
    """From one's own videos and the published annotations to a file that the benchmark reads."""
    people = np.zeros((2, 601), dtype=np.uint8)
    people[:, 150:300] = 1
    people[0, 300:450] = 1
    annotate(tmp_path / "summe.h5", "one", 601, user_summary=people, change_points=np.array([[0, 149], [150, 600]]))
    path = tmp_path / "features.h5"
    assert write_features_h5(path, [video("one")], annotations=tmp_path / "summe.h5") == ["video_7"]
    targets = read_examples(path)["video_7"].targets
    assert targets.tolist() == [0.0] * 10 + [1.0] * 10 + [0.5] * 10 + [0.0] * 10
    assert read_summe(path)[0].change_points.tolist() == [[0, 149], [150, 600]]


def test_scores_from_one_to_five_become_targets_from_zero_to_one(tmp_path):
    people = np.array([[1] * 300 + [5] * 300, [1] * 300 + [3] * 300])
    annotate(tmp_path / "tvsum.h5", "one", 600, user_scores=people, kts_something=np.array([[0, 599]]))
    write_features_h5(tmp_path / "features.h5", [video("one")], annotations=tmp_path / "tvsum.h5")
    assert read_examples(tmp_path / "features.h5")["video_7"].targets.tolist() == [0.0] * 20 + [0.75] * 20


def test_annotations_for_another_video_are_refused(tmp_path):
    annotate(tmp_path / "summe.h5", "one", 900, user_summary=np.zeros((2, 900)), change_points=np.array([[0, 899]]))
    with pytest.raises(VideoError, match="600 frames, but its annotations are for 900"):
        write_features_h5(tmp_path / "a.h5", [video("one")], annotations=tmp_path / "summe.h5")
    with pytest.raises(VideoError, match="holds no video named 'two'; it has one"):
        write_features_h5(tmp_path / "a.h5", [video("two")], annotations=tmp_path / "summe.h5")
    assert not list(tmp_path.glob("*a.h5*"))


def test_a_video_that_the_annotations_do_not_fit_costs_the_others_nothing(tmp_path):
    annotate(tmp_path / "summe.h5", "one", 600, user_summary=np.zeros((2, 600)), change_points=np.array([[0, 599]]))
    failures = []
    videos = [video("two"), video("one", n_samples=90), video("one")]
    written = write_features_h5(
        tmp_path / "a.h5", videos, annotations=tmp_path / "summe.h5", on_failure=failures.append
    )
    assert written == ["video_7"]
    assert [failure.path for failure in failures] == ["/videos/two.mp4", "/videos/one.mp4"]
    assert "1350 frames, but its annotations are for 600" in failures[1].reason
    with pytest.raises(UsageError, match=r"one\.mp4 and .*one\.mp4 are both video_7"):
        write_features_h5(tmp_path / "b.h5", [video("one"), video("one")], annotations=tmp_path / "summe.h5")


def test_what_made_the_features_stands_in_the_file(tmp_path, shared_data):
    write_features_h5(tmp_path / "a.h5", [video("one")], encoder="clipit-tiny", fps=2)
    assert read_origin(tmp_path / "a.h5") == Origin("clipit-tiny", 2.0)
    write_features_h5(tmp_path / "b.h5", [video("one")])
    assert read_origin(tmp_path / "b.h5") == Origin("", None)
    assert read_origin(shared_data / "benchmarks" / "summe_dino_vitb16.h5") == Origin("", None)


def test_sentences_and_their_vectors_are_written_and_learned_from(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(2, 16)).astype(np.float32)
    words = {"one": (("a dog", "a café"), vectors)}

    def said(given: VideoFeatures):
        name = Path(given.path).stem
        if name not in words:
            raise VideoError(given.path, "no subtitles")
        return words[name]

    failures = []
    videos = [video("two"), video("one")]
    write_features_h5(tmp_path / "a.h5", videos, words=said, on_failure=failures.append)
    assert [failure.reason for failure in failures] == ["no subtitles"]
    (example,) = read_examples(tmp_path / "a.h5").values()
    np.testing.assert_array_equal(example.text, vectors)
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["video_2/sentences"].asstr()[()].tolist() == ["a dog", "a café"]


def test_a_place_that_cannot_be_written_is_a_message(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"x\.h5 cannot be written: folder .*file: (Not a directory|File exists)"):
        write_features_h5(tmp_path / "file" / "x.h5", [video("one")])
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="it is a folder"):
        write_features_h5(tmp_path / "folder", [video("one")], overwrite=True)
    assert write_features_h5(tmp_path / "no" / "such" / "x.h5", [video("one")]) == ["video_1"]


def test_annotations_that_are_none_are_a_message(tmp_path):
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(UsageError, match=r"text\.h5 is not an HDF5 file"):
        write_features_h5(tmp_path / "a.h5", [video("one")], annotations=tmp_path / "text.h5")
    write_features_h5(tmp_path / "x.h5", [video("one")])
    with h5py.File(tmp_path / "x.h5", "a") as file:
        del file["video_1/video_name"]
    with pytest.raises(UsageError, match="names no video; expected groups with video_name or title"):
        write_features_h5(tmp_path / "a.h5", [video("one")], annotations=tmp_path / "x.h5")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"picks": [0, 5], "n_frames": 5}, "video_1 has picks from 0 to 5; expected frames of the video, .* to 4"),
        ({"picks": [-1, 3]}, "video_1 has picks from -1 to 3; expected frames of the video, numbered from 0"),
        ({"picks": [0, 8], "user_summary": np.ones((2, 8)), "n_frames": 9}, "up to frame 8, but .* 8 frames a person"),
        ({"picks": [0, 8], "user_summary": np.ones((2, 8))}, "video_1 has picks from 0 to 8; .* to 7"),
    ],
)
def test_picks_beyond_the_video_are_named(tmp_path, changed, message):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["video_1/features"] = np.ones((2, 4))
        for name, value in changed.items():
            file[f"video_1/{name}"] = value
    with pytest.raises(UsageError, match=message):
        read_examples(tmp_path / "x.h5")


def test_an_existing_file_survives_unless_overwriting(tmp_path):
    path = tmp_path / "features.h5"
    path.write_bytes(b"precious")
    with pytest.raises(UsageError, match="exists"):
        write_features_h5(path, [video("one")])

    def failing():
        yield video("one")
        raise UsageError("the second video is broken")

    with pytest.raises(UsageError, match="broken"):
        write_features_h5(path, failing(), overwrite=True)
    assert path.read_bytes() == b"precious"
    assert [file.name for file in tmp_path.iterdir()] == ["features.h5"]
    write_features_h5(path, [video("one")], overwrite=True)
    assert list(read_examples(path)) == ["video_1"]


def test_the_published_scale_of_scores_is_kept_and_any_other_is_scaled(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for key, scores in (("video_1", [0.2, 0.4]), ("video_2", [1.0, 5.0]), ("video_3", [2.0, 2.0])):
            file[f"{key}/features"], file[f"{key}/gtscore"] = np.ones((2, 4)), scores
    examples = read_examples(tmp_path / "x.h5")
    assert [examples[key].targets.tolist() for key in examples] == [
        pytest.approx([0.2, 0.4]),
        [0.0, 1.0],
        [0.5, 0.5],
    ]


def test_real_features_are_read_in_the_order_of_their_numbers(shared_data):
    examples = read_examples(shared_data / "benchmarks" / "summe_dino_vitb16.h5")
    assert list(examples)[:3] == ["video_2", "video_3", "video_8"]
    assert {example.dim for example in examples.values()} == {768}
    assert all(example.targets is not None for example in examples.values())


def test_a_file_without_features_says_so(shared_data, tmp_path):
    with pytest.raises(UsageError, match=r"video_1 has no features.*expected float"):
        read_examples(shared_data / "benchmarks" / "summe.h5")
    with pytest.raises(UsageError, match="no such file"):
        read_examples(tmp_path / "absent.h5")
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(UsageError, match="is not an HDF5 file"):
        read_examples(tmp_path / "text.h5")
    with pytest.raises(UsageError, match="does not hold video_99"):
        read_examples(shared_data / "benchmarks" / "summe_dino_vitb16.h5", keys=["video_99"])


def test_nan_features_are_named(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["video_1/features"] = np.array([[1.0, 2.0], [np.nan, 1.0]])
    with pytest.raises(UsageError, match="video_1: features hold NaN or infinity in row 1"):
        read_examples(tmp_path / "x.h5")
