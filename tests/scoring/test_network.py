"""The CLIP-It network: shapes, masks, windows, and that language reaches the scores."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from torch.nn.functional import normalize

from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring import ClipIt, ClipItConfig
from fiftyone_clipit.scoring.network_config import PRESETS
from fiftyone_clipit.scoring.network_windows import Windows, window_starts
from fiftyone_clipit.training.validation import spearman
from tests.training import test_trainer as training

DIM = 32


def small(preset: str, **changes) -> ClipIt:
    torch.manual_seed(0)
    shape = {"width": 48, "layers": 2, "heads": 4, "head_dim": 12, "feed_forward": 64, "text_heads": 2}
    return ClipIt(ClipItConfig(preset=preset, dim=DIM, **{**shape, "text_head_dim": 16, **changes})).eval()


def vectors(*shape: int, seed: int = 0) -> torch.Tensor:
    return normalize(torch.randn(*shape, DIM, generator=torch.Generator().manual_seed(seed)), dim=-1)


@pytest.fixture(params=sorted(PRESETS))
def preset(request) -> str:
    return request.param


@torch.inference_mode()
def test_scores_and_reconstruction_have_the_frames_shape(preset):
    out = small(preset)(vectors(2, 9), vectors(2, 3, seed=1))
    assert out.scores.shape == (2, 9)
    assert ((out.scores > 0) & (out.scores < 1)).all()
    assert out.reconstruction.shape == (2, 9, DIM)
    assert small(preset)(vectors(2, 9), reconstruct=False).reconstruction is None


@torch.inference_mode()
def test_padding_changes_no_score_and_no_reconstruction(preset):
    """Padded frames and sentences hold huge values here, so that any leak would show."""
    model = small(preset)
    frames, text = vectors(1, 11), vectors(1, 2, seed=1)
    alone = model(frames, text)
    padded = torch.cat([frames, torch.full((1, 6, DIM), 1e3)], dim=1)
    more_text = torch.cat([text, torch.full((1, 3, DIM), -1e3)], dim=1)
    batch = model(
        torch.cat([padded, vectors(1, 17, seed=2)]),
        torch.cat([more_text, vectors(1, 5, seed=3)]),
        torch.arange(17) < torch.tensor([[11], [17]]),
        torch.arange(5) < torch.tensor([[2], [5]]),
    )
    torch.testing.assert_close(batch.scores[0, :11], alone.scores[0], atol=1e-6, rtol=0)
    torch.testing.assert_close(batch.reconstruction[0, :11], alone.reconstruction[0], atol=1e-5, rtol=0)
    assert not batch.scores[0, 11:].any()
    assert not batch.reconstruction[0, 11:].any()


@torch.inference_mode()
@pytest.mark.parametrize("padding", [1e3, float("nan")])
@pytest.mark.parametrize("places", [[0, 1, 2], [1, 2, 4], [2, 3, 5]])
def test_sentences_that_are_masked_out_change_nothing_wherever_they_stand(preset, places, padding):
    model = small(preset)
    frames, text = vectors(2, 11), vectors(2, 3, seed=1)
    alone = model(frames, text)
    wide = torch.full((2, 6, DIM), padding)
    wide[:, places] = text
    mask = torch.zeros(2, 6, dtype=torch.bool)
    mask[:, places] = True
    among = model(frames, wide, text_mask=mask)
    torch.testing.assert_close(among.scores, alone.scores, atol=1e-6, rtol=0)
    torch.testing.assert_close(among.reconstruction, alone.reconstruction, atol=1e-5, rtol=0)
    mask[1] = False
    torch.testing.assert_close(
        model(frames, wide, text_mask=mask).scores[1:], model(frames[1:]).scores, atol=1e-6, rtol=0
    )


@torch.inference_mode()
def test_frames_after_padding_are_refused(preset):
    """Positions and windows are counted from the first frame on: scores would be of another video."""
    mask = torch.tensor([[True, True, False, True]])
    with pytest.raises(UsageError, match="frame_mask has frames after padding"):
        small(preset)(vectors(1, 4), frame_mask=mask)


@torch.inference_mode()
def test_a_query_changes_the_ranking(preset):
    """Two queries must order the same frames differently, not only shift all scores."""
    model = small(preset)
    frames = vectors(1, 60)
    a, b = (model(frames, vectors(1, 1, seed=seed)).scores[0].numpy() for seed in (1, 2))
    assert (np.argsort(a) != np.argsort(b)).any()
    if preset != "modelscope":  # one key by design: its query moves all frames by the same vector
        assert spearmanr(a, b).statistic < 0.99


@torch.inference_mode()
@pytest.mark.parametrize("preset", ["paper", "cosine"])
@pytest.mark.parametrize("n_sentences", [1, 4])
def test_language_attention_does_not_degenerate_to_a_constant(preset, n_sentences):
    """What a frame takes from a sentence must depend on the frame, also for a single sentence."""
    assert_attention_depends_on_the_frame(small(preset), vectors(1, 60), vectors(1, n_sentences, seed=1))


def assert_attention_depends_on_the_frame(model: ClipIt, frames: torch.Tensor, text: torch.Tensor) -> None:
    """Neither what frames attend to may be the same for all of them, nor what they take from it."""
    weights = model.language_attention(frames, text)
    assert weights.shape == (1, 2, frames.shape[1], text.shape[1] + 1)
    torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]))
    assert (weights.std(dim=2) > 0.02).all()
    keys, mask = model.body.text(text, None)
    added = model.body.language(model.body.frame_in(normalize(frames, dim=-1)), keys, mask)
    assert added.std(dim=1).mean() > 0.1 * added.abs().mean()


@pytest.mark.parametrize("preset", ["paper", "cosine"])
@pytest.mark.parametrize("n_sentences", [1, 3])
def test_language_attention_does_not_degenerate_to_a_constant_in_training(tmp_path, preset, n_sentences):
    """Training is free to move away from the alignment that attention begins with: it must not lose the frames."""

    def asked(example):
        others = np.random.default_rng(len(example.name)).normal(size=(n_sentences - 1, training.DIM))
        return replace(example, text=np.concatenate([example.text, others.astype(np.float32)]))

    learn, new = ([asked(each) for each in training.videos(count, seed=seed)] for count, seed in ((24, 0), (6, 1)))
    network = ClipItConfig(preset=preset, text_head_dim=16, **training.SMALL)
    training.train(tmp_path, learn, network=network, epochs=8, learning_rate=2e-3)
    model = ClipIt.from_pretrained(tmp_path)
    fits = []
    with torch.inference_mode():
        for each in new:
            frames, text = torch.from_numpy(each.features)[None], torch.from_numpy(each.text)[None]
            assert_attention_depends_on_the_frame(model, frames, text)
            fits.append(spearman(model(frames, text).scores[0].numpy(), each.targets))
    assert np.mean(fits) > 0.5  # it has learned something


@torch.inference_mode()
def test_without_the_null_key_one_sentence_would_say_the_same_to_every_frame():
    """The trap that the null key avoids: softmax over one key is 1. The test above would catch it."""
    model = small("paper", null_key=False)
    assert (model.language_attention(vectors(1, 60), vectors(1, 1, seed=1)) == 1).all()
    with pytest.raises(UsageError, match="null key"):
        model(vectors(1, 5))


@torch.inference_mode()
@pytest.mark.parametrize("preset", ["paper", "cosine"])
def test_frames_that_fit_the_sentence_attend_to_it_before_any_training(preset):
    """Attention starts from the encoder's alignment: an unseen word attracts the frames that show it."""
    model = small(preset, width=DIM, text_heads=1, text_head_dim=DIM)
    text = vectors(1, 1, seed=1)
    frames = vectors(1, 40)
    frames[0, 7] = text[0, 0]
    weights = model.language_attention(frames, text)[0, 0, :, 0]
    assert weights.argmax() == 7
    similarity = (frames @ text[0, 0])[0]
    assert spearmanr(weights, similarity).statistic > 0.95


@torch.inference_mode()
def test_every_frame_keeps_its_own_content_beside_the_text(preset):
    """The residual around the language attention: without it scores would ignore the video."""
    model = small(preset)
    text = vectors(1, 1, seed=1)
    a, b = (model(vectors(1, 30, seed=seed), text).scores[0].numpy() for seed in (5, 6))
    assert abs(spearmanr(a, b).statistic) < 0.9


@torch.inference_mode()
def test_an_untrained_cosine_network_ranks_as_plain_similarity():
    model = small("cosine")
    model.body.text.null.zero_()
    frames, text = vectors(1, 50), vectors(1, 1, seed=1)
    scores = model(frames, text).scores[0].numpy()
    assert spearmanr(scores, (frames @ text[0, 0])[0].numpy()).statistic > 0.999


@torch.inference_mode()
def test_a_batch_may_mix_videos_with_and_without_sentences(preset):
    model = small(preset)
    frames, text = vectors(2, 9), vectors(2, 2, seed=1)
    mixed = model(frames, text, text_mask=torch.tensor([[True, True], [False, False]]))
    torch.testing.assert_close(mixed.scores[0], model(frames[:1], text[:1]).scores[0], atol=1e-6, rtol=0)
    torch.testing.assert_close(mixed.scores[1], model(frames[1:]).scores[0], atol=1e-6, rtol=0)


@torch.inference_mode()
def test_windows_give_long_videos_scores_that_padding_does_not_move(preset):
    model = small(preset, max_length=16)
    long, short = vectors(1, 61), vectors(1, 20, seed=2)
    text = vectors(2, 2, seed=1)
    padded = torch.cat([short, torch.full((1, 41, DIM), 7.0)], dim=1)
    batch = model(torch.cat([long, padded]), text, torch.arange(61) < torch.tensor([[61], [20]]))
    torch.testing.assert_close(batch.scores[:1], model(long, text[:1]).scores, atol=1e-6, rtol=0)
    torch.testing.assert_close(batch.scores[1:, :20], model(short, text[1:]).scores, atol=1e-6, rtol=0)
    torch.testing.assert_close(batch.reconstruction[1:, :20], model(short, text[1:]).reconstruction, atol=1e-5, rtol=0)


@given(length=st.integers(1, 500), size=st.integers(2, 64))
@settings(deadline=None)
def test_windows_cover_everything_and_blending_keeps_what_all_windows_agree_on(length, size):
    starts, used = window_starts(length, size)
    assert used <= size
    covered = np.zeros(length, dtype=int)
    for start in starts:
        covered[start : start + used] += 1
    assert covered.min() >= 1
    assert starts == sorted(set(starts))
    values = torch.arange(float(length))[None, :, None]
    windows = Windows.over([length], length, size, torch.device("cpu"))
    torch.testing.assert_close(windows.blend(windows.cut(values)), values, rtol=1e-5, atol=1e-4)


@torch.inference_mode()
def test_groups_of_windows_give_what_all_at_once_gives(monkeypatch):
    model = small("paper", max_length=16)
    frames = vectors(1, 200)
    at_once = model(frames).scores
    monkeypatch.setattr("fiftyone_clipit.scoring.network._SAMPLES_AT_ONCE", 48)
    torch.testing.assert_close(model(frames).scores, at_once, atol=1e-6, rtol=0)


def test_gradients_reach_every_parameter_that_a_loss_needs(preset):
    model = small(preset, max_length=16).train()
    out = model(vectors(2, 30), vectors(2, 2, seed=1), text_mask=torch.tensor([[True, True], [False, False]]))
    (out.scores.sum() + out.reconstruction.square().sum()).backward()
    assert [name for name, parameter in model.named_parameters() if parameter.grad is None] == []


@torch.inference_mode()
@pytest.mark.parametrize(("given", "taken"), [(1, [0] * 7), (2, [0, 0, 0, 0, 1, 1, 1]), (7, range(7))])
def test_modelscope_takes_seven_sentences_repeated_in_order_where_fewer(given, taken):
    text = vectors(given)
    chosen = small("modelscope").prepare_text(text)
    torch.testing.assert_close(chosen, text[list(taken)] / 7**0.5)


@torch.inference_mode()
def test_modelscope_takes_seven_sentences_evenly_from_many():
    text = vectors(25)
    chosen = small("modelscope").prepare_text(text) * 7**0.5
    torch.testing.assert_close(chosen, text[[0, 4, 8, 12, 16, 20, 24]])
    assert chosen.flatten().norm().item() == pytest.approx(7**0.5)


def test_aligning_makes_the_mean_sentence_the_null_key():
    model = small("paper")
    text = vectors(5, seed=1)
    model.align(vectors(100), text)
    torch.testing.assert_close(model.body.text.null.detach(), text.mean(0))


def test_aligning_with_very_many_sentences_needs_no_more_memory_than_with_many(monkeypatch):
    """All pairs of 20,000 frames and sentences would take gigabytes; some of them say the same."""
    frames, text = vectors(60), vectors(40, seed=1)
    exact, bounded, again = small("paper"), small("paper"), small("paper")
    exact.align(frames, text)
    compared = []
    spread = torch.Tensor.std
    monkeypatch.setattr(torch.Tensor, "std", lambda values: compared.append(values.shape) or spread(values))
    monkeypatch.setattr("fiftyone_clipit.scoring.network._ALIGNED_FRAMES", 30)
    monkeypatch.setattr("fiftyone_clipit.scoring.network._ALIGNED_SENTENCES", 20)
    for model in (bounded, again):
        model.align(frames, text.repeat(50, 1))
    small("paper").align(frames[:25], text[:5].repeat(50, 1))
    assert compared == [(30, 20), (30, 20), (25, 5)]
    torch.testing.assert_close(bounded.body.text.null, exact.body.text.null)
    temperatures = [model.body.language.log_temperature for model in (exact, bounded, again)]
    torch.testing.assert_close(temperatures[1], temperatures[0], atol=0.1, rtol=0)
    assert torch.equal(temperatures[1], temperatures[2])


def test_saving_and_loading_gives_the_same_network(preset, tmp_path):
    model = small(preset, encoder="clipit-tiny")
    model.save_pretrained(tmp_path / "saved")
    again = ClipIt.from_pretrained(tmp_path / "saved")
    assert again.config == model.config
    assert not again.training
    with torch.inference_mode():
        frames, text = vectors(1, 9), vectors(1, 3, seed=1)
        assert torch.equal(again(frames, text).scores, model(frames, text).scores)
    assert json.loads((tmp_path / "saved" / "config.json").read_text())["preset"] == preset
    assert not list(tmp_path.glob(".saved-*"))


def test_a_failed_save_leaves_the_earlier_checkpoint_whole(tmp_path, monkeypatch):
    """A full disk or a kill while writing must not cost what was there before."""
    small("cosine").save_pretrained(tmp_path / "saved")
    before = {path.name: path.read_bytes() for path in (tmp_path / "saved").iterdir()}

    def full_disk(weights, path, metadata):
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", full_disk)
    with pytest.raises(OSError, match="no space"):
        small("paper").save_pretrained(tmp_path / "saved")
    assert {path.name: path.read_bytes() for path in (tmp_path / "saved").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "papr"}, "unknown preset 'papr': expected one of cosine, modelscope, paper"),
        ({"width": 0}, "width is 0"),
        ({"heads": 2.5}, "heads is 2.5"),
        ({"dropout": 1.0}, r"dropout is 1.0: expected a number in \[0, 1\)"),
        ({"sentences": 7}, "null_key"),
        ({"preset": "cosine", "sentences": 7, "null_key": False}, "cosine"),
        ({"preset": "cosine", "unit_norm": False}, "cosine preset compares directions: leave unit_norm at True"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused_with_the_reason(arguments, message):
    with pytest.raises(UsageError, match=message):
        ClipItConfig(**arguments)


def test_a_configuration_survives_json(preset):
    config = ClipItConfig(preset=preset, dim=DIM, layers=3)
    assert ClipItConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    with pytest.raises(UsageError, match="no field 'depth'"):
        ClipItConfig.from_dict({"depth": 3})


@pytest.mark.parametrize(
    ("frames", "text", "message"),
    [
        (torch.zeros(5, DIM), None, "frames have shape"),
        (torch.zeros(1, 5, DIM + 1), None, "frames have shape"),
        (torch.zeros(1, 0, DIM), None, "frames have shape"),
        (torch.zeros(1, 5, DIM), torch.zeros(2, 3, DIM), "text has shape"),
        (torch.zeros(1, 5, DIM), torch.zeros(1, 3, DIM - 1), "text has shape"),
    ],
)
def test_a_wrong_shape_is_named(frames, text, message):
    with pytest.raises(UsageError, match=message):
        small("cosine")(frames, text)


def test_damaged_weights_are_named(tmp_path):
    model = small("cosine")
    for change, message in itertools.chain(
        [({"body.bias": torch.zeros(3)}, "body.bias has shape"), ({"extra": torch.zeros(1)}, "holds extra")],
        [({"body.bias": torch.tensor([0.0, torch.nan])}, "NaN"), ({"body.bias": None}, "lacks body.bias")],
    ):
        from safetensors.torch import save_file

        model.save_pretrained(tmp_path / "saved")
        weights = {**{name: value.detach() for name, value in model.weights().items()}, **change}
        save_file({k: v for k, v in weights.items() if v is not None}, tmp_path / "saved" / "model.safetensors")
        with pytest.raises(CheckpointError, match=message):
            ClipIt.from_pretrained(tmp_path / "saved")
