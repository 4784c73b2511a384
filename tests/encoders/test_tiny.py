"""clipit-tiny: small enough to ship, loads as any open_clip model, and finds what it never saw in training."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.encoders.names import TINY, TINY_FOLDER
from fiftyone_clipit.encoders.tiny.evaluate import planted, probability, retrieval


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(TINY, device="cpu")


@pytest.fixture(scope="module")
def open_clip_parts():
    import open_clip

    name = f"local-dir:{TINY_FOLDER}"
    return open_clip.create_model(name, require_pretrained=True).eval(), open_clip.get_tokenizer(name)


def test_its_files_stay_small():
    sizes = {path.name: path.stat().st_size for path in TINY_FOLDER.iterdir()}
    assert sizes["open_clip_model.safetensors"] <= 8_000_000
    assert sum(sizes.values()) <= 8_200_000


def test_the_report_of_its_training_meets_the_bar():
    report = json.loads((TINY_FOLDER / "training.json").read_text())
    assert report["recall_at_1_text_to_picture"] >= 0.9
    assert report["recall_at_1_picture_to_text"] >= 0.9
    assert report["draw_seconds"] + report["train_seconds"] <= 3600


def test_it_finds_unseen_combinations_among_100(encoder):
    measured = retrieval(encoder, rounds=2, seed=20_000)
    assert measured["recall_at_1_text_to_picture"] >= 0.9
    assert measured["recall_at_1_picture_to_text"] >= 0.9


def test_it_finds_the_planted_scene_of_a_video_and_is_sure_of_it(encoder):
    measured = planted(encoder, videos=4, seed=20_000)
    assert measured["planted_found"] == 1.0
    assert measured["planted_probability_inside"] > 0.5 > 0.2 > measured["planted_probability_outside"]


def test_a_question_for_what_it_does_not_know_finds_nothing(encoder):
    from fiftyone_clipit.drawn.picture import draw
    from fiftyone_clipit.drawn.scene import random_view

    rng = np.random.default_rng(20_000)
    images = encoder.encode_images([np.asarray(draw(random_view(rng), (160, 120), k)) for k in range(40)])
    texts = encoder.encode_texts(["a dog jumping over a fence", "a woman cooking pancakes in a kitchen"])
    assert probability(encoder, images.astype(np.float32), texts).mean() < 0.1


def test_any_text_has_tokens_and_case_does_not_matter(open_clip_parts):
    _, tokenizer = open_clip_parts
    tokens = tokenizer(["a RED star", "A red Star", "", "zażółć 漢字 🙂", "word " * 100])
    assert tokens.shape == (5, 32)
    assert tokens[0].equal(tokens[1])
    assert tokens.max() < 1536
    assert (tokens[:, 0] == 1).all()
    assert ((tokens == 2).sum(1) == 1).all()


def test_training_encodes_texts_as_the_model_itself_does(open_clip_parts):
    import torch

    from fiftyone_clipit.encoders.tiny.losses import encode_text

    model, tokenizer = open_clip_parts
    tokens = tokenizer(["a red star on the snow", "a boat", "three blue umbrellas in front of a brick wall"])
    with torch.inference_mode():
        assert torch.allclose(encode_text(model, tokens), model.encode_text(tokens), atol=1e-5)


def test_true_sentences_do_not_count_against_a_picture_and_neutral_ones_come_between():
    import torch

    from fiftyone_clipit.encoders.tiny.batches import Batch
    from fiftyone_clipit.encoders.tiny.losses import contrast

    def loss(images, texts, true):
        nothing = np.zeros((2, 2, 6), np.int16)
        batch = Batch(np.arange(2), ["", ""], [""], [""], np.array(true), nothing, nothing)
        return contrast(torch.tensor(20.0), torch.tensor(images), torch.tensor(texts), batch).item()

    images = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    captions = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    middle, unknown = [0.5, 0.5, 0.7], [0.0, 0.0, -1.0]
    good = loss(images, [*captions, middle, unknown], np.eye(2, dtype=bool))
    assert good < 0.01
    assert loss(images, [captions[0], captions[0], middle, unknown], np.eye(2, dtype=bool)) > 5
    assert loss([images[0]] * 2, [captions[0]] * 2 + [middle, unknown], np.ones((2, 2), bool)) < 0.01
    too_near, too_far = [0.9, 0.9, 0.0], [-0.5, -0.5, 0.7]
    assert loss(images, [*captions, too_near, unknown], np.eye(2, dtype=bool)) > good + 0.1
    assert loss(images, [*captions, too_far, unknown], np.eye(2, dtype=bool)) > good + 0.1


def test_training_repeats_from_its_seed():
    from fiftyone_clipit.encoders.tiny.train import train

    options = {"pictures": 40, "steps": 2, "batch": 4, "extra": 2, "rate": 1e-3, "processes": 1}
    first, second, other = (train(**options, seed=seed)[0].state_dict() for seed in (1, 1, 2))
    assert all(first[name].equal(second[name]) for name in first)
    assert not first["visual.conv1.weight"].equal(other["visual.conv1.weight"])
