"""Drawn videos: the scenes are where the plan says, and move."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest

from fiftyone_clipit.drawn.captions import full_claim
from fiftyone_clipit.drawn.videos import SOUND_RATE, draw_video, random_scenes, scene, scene_frames, tone_pitch
from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.media.video import FrameSampler


def frames_of(path):
    with FrameSampler(path, fps=1000) as sampler:
        return [frame.image.astype(int) for frame in sampler]


def test_scenes_begin_and_end_at_the_planted_frames(tmp_path):
    path = tmp_path / "video.mp4"
    scenes = [
        scene("boat", "red", "water", 1.0),
        scene("cat", "black", "snow", 0.7),
        scene("moon", "blue", "brick", 0.5),
    ]
    planted = draw_video(path, scenes, rate=10, size=(160, 120))
    assert [(p.first_frame, p.last_frame) for p in planted] == [(1, 10), (11, 17), (18, 22)]
    assert [(p.start, p.end) for p in planted] == [(0.0, 1.0), (1.0, 1.7), (1.7, 2.2)]
    assert [p.caption for p in planted][1] == "a black cat on the snow"
    frames = frames_of(path)
    assert len(frames) == 22
    changes = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert sorted(np.argsort(changes)[-2:] + 2) == [11, 18]


def test_the_same_seed_gives_the_same_file(tmp_path):
    scenes = [scene("star", "pink", "night", 0.5)]
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        draw_video(tmp_path / name, scenes, rate=8, size=(96, 64), seed=seed)
    a, b, c = (frames_of(tmp_path / name) for name in "abc")
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_each_scene_has_its_tone(tmp_path):
    path = tmp_path / "video.mp4"
    scenes = [scene("star", "pink", "night", 1.0), scene("cup", "red", "room", 0.5), scene("car", "blue", "city", 1.0)]
    planted = draw_video(path, scenes, rate=8, size=(96, 64), audio="tones")
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert len(sound) == pytest.approx(2.5 * SOUND_RATE, abs=2048)
    for index, one in enumerate(planted):
        middle = round((one.start + one.end) / 2 * SOUND_RATE)
        spectrum = np.abs(np.fft.rfft(sound[middle - 2400 : middle + 2400]))
        assert np.argmax(spectrum) * SOUND_RATE / 4800 == pytest.approx(tone_pitch(index), abs=6)


def test_a_scene_moves_smoothly():
    one = scene("car", "green", "city", 3.0)
    frames = [np.asarray(f).astype(int) for f in scene_frames(one, 36, rate=Fraction(12), size=(160, 120), seed=4)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert min(steps) > 0.2
    assert max(steps) < 4 * float(np.median(steps))
    assert np.abs(frames[-1] - frames[0]).mean() > 2 * float(np.median(steps))


@pytest.mark.parametrize("seed", range(20))
def test_only_the_answer_fits_the_question(seed):
    scenes, answer = random_scenes(seed, 7, seconds=(2.0, 3.0))
    assert len(scenes) == 7
    claim = full_claim(scenes[answer].view)
    assert [claim.fits(one.view) for one in scenes] == [k == answer for k in range(7)]
    assert len({one.view.setting for one in scenes}) == 7
    assert all(2.0 <= one.seconds <= 3.0 for one in scenes)
    asked = scenes[answer].view.groups[0]
    others = [one.view.groups[0] for k, one in enumerate(scenes) if k != answer]
    assert any(group.thing == asked.thing for group in others)
    assert any(group.colour == asked.colour for group in others)


def test_random_scenes_depend_on_the_seed_alone():
    assert random_scenes(5) == random_scenes(5)
    assert random_scenes(5) != random_scenes(6)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda path: draw_video(path, []), "at least one scene"),
        (lambda path: draw_video(path, [scene("star", "red", "snow", 0.001)]), "less than a frame"),
        (lambda path: scene("dragon", "red", "snow", 1.0), "no thing 'dragon'"),
        (lambda path: scene("star", "mauve", "snow", 1.0), "no colour 'mauve'"),
        (lambda path: scene("star", "red", "moonbase", 1.0), "no setting 'moonbase'"),
        (lambda path: random_scenes(0, 2), "at least 3"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path, wrong, says):
    with pytest.raises(UsageError, match=says):
        wrong(tmp_path / "video.mp4")
    assert not list(tmp_path.iterdir())
