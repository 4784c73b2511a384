"""The drawn world: its pictures are deterministic and its sentences true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiftyone_clipit.drawn.captions import a, caption, full_caption, full_claim, neutral, plural, unknown
from fiftyone_clipit.drawn.layout import arrange
from fiftyone_clipit.drawn.palette import COLOURS
from fiftyone_clipit.drawn.picture import draw
from fiftyone_clipit.drawn.scene import Claim, Group, Mention, View, random_view
from fiftyone_clipit.drawn.settings import SETTINGS, backdrop
from fiftyone_clipit.drawn.sprites import OBJECTS, sprite
from fiftyone_clipit.drawn.words import OBJECT_WORDS, PLACES, SCENERY


def test_the_world_is_as_wide_as_promised():
    assert len(OBJECTS) >= 10
    assert len(COLOURS) >= 10
    assert len(SETTINGS) >= 8


def test_everything_in_the_world_has_words():
    assert set(OBJECT_WORDS) == set(OBJECTS)
    assert set(PLACES) == set(SCENERY) == set(SETTINGS)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_sprite_is_mostly_of_its_colour(name):
    pixels = np.asarray(sprite(name, "blue")).astype(int)
    solid = pixels[pixels[..., 3] > 200]
    assert 0.06 < len(solid) / pixels[..., 3].size < 0.95
    bluish = (solid[:, 2] > solid[:, 0] + 30) & (solid[:, 2] > solid[:, 1])
    assert bluish.mean() > 0.4


@pytest.mark.parametrize("name", SETTINGS)
def test_a_backdrop_fills_any_shape_of_picture_and_varies_with_its_seed(name):
    for size in ((96, 64), (64, 96)):
        image = backdrop(name, size, 3)
        assert image.size == size
        assert np.array_equal(image, backdrop(name, size, 3))
        assert not np.array_equal(image, backdrop(name, size, 4))
    assert np.asarray(image).std() > 4


def test_the_same_seed_draws_the_same_picture_and_another_one_another():
    view = View("snow", (Group("star", "red", 2, 0.3), Group("cup", "blue", 1, 0.2)))
    first = np.asarray(draw(view, (120, 90), 5, wear=True))
    assert np.array_equal(first, np.asarray(draw(view, (120, 90), 5, wear=True)))
    assert not np.array_equal(first, np.asarray(draw(view, (120, 90), 6, wear=True)))


def test_a_thing_is_seen_where_it_was_put():
    view = View("night", (Group("ball", "yellow", 1, 0.5),))
    seed = 11
    picture = np.asarray(draw(view, (160, 120), seed)).astype(int)
    yellow = (picture[..., 0] > 150) & (picture[..., 1] > 120) & (picture[..., 2] < 110)
    assert 0.06 < yellow.mean() < 0.2


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**31))
def test_a_caption_is_true_of_its_view_and_says_no_more_than_the_full_one(seed):
    rng = np.random.default_rng(seed)
    view = random_view(rng)
    text, claim = caption(view, rng)
    assert text.strip() == text
    assert "  " not in text
    assert "{" not in text
    assert claim.fits(view)
    assert full_claim(view).fits(view)
    if claim.setting is not None:
        elsewhere = next(name for name in SETTINGS if name != view.setting)
        assert not claim.fits(View(elsewhere, view.groups))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.5, 1.0, 4 / 3, 2.0]), st.booleans())
def test_things_are_placed_inside_the_picture(seed, aspect, staged):
    rng = np.random.default_rng(seed)
    view = random_view(rng)
    places = arrange(view, aspect, rng, staged=staged)
    assert len(places) == sum(group.count for group in view.groups)
    assert all(0 <= place.x <= aspect and 0 <= place.y <= 1 for place in places)


def test_what_a_claim_leaves_open_does_not_matter_and_what_it_says_does():
    view = View("snow", (Group("star", "red", 3, 0.2),))
    assert Claim().fits(view)
    assert Claim((Mention("star"),)).fits(view)
    assert Claim((Mention(colour="red"),), "snow").fits(view)
    assert Claim((Mention("star", at_least=3, at_most=3, size="small"),)).fits(view)
    assert not Claim((Mention("star", "blue"),)).fits(view)
    assert not Claim((Mention("star", at_least=5),)).fits(view)
    assert not Claim((Mention("star", size="big"),)).fits(view)
    assert not Claim((Mention("star"), Mention("cup"))).fits(view)


def test_thing_and_colour_of_a_mention_must_meet_in_one_group():
    view = View("snow", (Group("star", "red"), Group("cup", "blue")))
    assert Claim((Mention("star", "red"), Mention("cup", "blue"))).fits(view)
    assert not Claim((Mention("star", "blue"),)).fits(view)


def test_neutral_sentences_fit_everything_and_unknown_ones_nothing():
    rng = np.random.default_rng(0)
    view = random_view(rng)
    assert neutral(rng)[1].fits(view)
    assert not unknown(rng)[1].fits(view)


def test_full_captions_read_well():
    assert full_caption(View("snow", (Group("star", "red"),))) == "a red star on the snow"
    assert full_caption(View("water", (Group("boat", "orange", 1),))) == "an orange boat on the water"
    assert full_caption(View("sky", (Group("butterfly", "blue", 2),))) == "two blue butterflies in the sky"
    assert full_caption(View("room", (Group("fish", "grey", 7),))) == "many grey fish in a room"
    assert plural("cross") == "crosses"
    assert a("umbrella") == "an umbrella"
