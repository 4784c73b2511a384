"""Encoders: what any open_clip model gives, that batching changes nothing, and what is said when loading fails."""

from __future__ import annotations

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.errors import EncoderError, UsageError
from tests.small_clip import write_small_clip


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> str:
    return write_small_clip(tmp_path_factory.mktemp("clip"))


def _pictures(count: int, seed: int = 0) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [generator.integers(0, 256, (40, 60, 3), np.uint8) for _ in range(count)]


def test_vectors_are_float16_and_of_unit_length(small):
    vectors = load_encoder(small, device="cpu").encode_images(_pictures(5))
    assert vectors.dtype == np.float16
    assert vectors.shape == (5, 24)
    np.testing.assert_allclose(np.linalg.norm(vectors.astype(np.float64), axis=1), 1, atol=2e-3)


def test_company_in_the_batch_changes_no_bit(small):
    """Batches have one shape, so a picture's vector depends on nothing but the picture."""
    encoder = load_encoder(small, device="cpu", batch_size=8)
    pictures = _pictures(19)
    together = encoder.encode_images(pictures)
    alone = np.concatenate([encoder.encode_images([picture]) for picture in pictures])
    np.testing.assert_array_equal(together, alone)


def test_no_pictures_and_no_sentences_give_empty_arrays(small):
    encoder = load_encoder(small, device="cpu")
    assert encoder.encode_images([]).shape == (0, 24)
    assert encoder.encode_texts([]).shape == (0, 24)


def test_texts_are_unit_vectors_and_differ(small):
    vectors = load_encoder(small, device="cpu").encode_texts(["a dog", "a cat on a mat"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1])


@pytest.mark.parametrize("mode", ["shortest", "longest", "squash"])
@pytest.mark.parametrize("shape", [(48, 80), (80, 48), (32, 32), (31, 33)])
def test_preprocessing_agrees_with_open_clip(tmp_path, mode, shape):
    """Crop, padding, scale and normalization follow the model's own configuration."""
    preprocess = {
        "size": 32,
        "mean": [0.4, 0.5, 0.6],
        "std": [0.2, 0.3, 0.4],
        "interpolation": "bilinear",
        "resize_mode": mode,
    }
    name = write_small_clip(tmp_path / mode, preprocess=preprocess)
    ours = load_encoder(name, device="cpu").preprocess
    theirs = open_clip.create_model_and_transforms(name)[2]
    generator = np.random.default_rng(1)
    picture = np.asarray(
        Image.fromarray(generator.integers(0, 256, (6, 6, 3), np.uint8)).resize(shape[::-1], Image.BICUBIC)
    )
    pixels = ours.normalize(torch.from_numpy(ours.fit(picture)[None].copy()))[0]
    torch.testing.assert_close(pixels, theirs(Image.fromarray(picture)), atol=1e-5, rtol=0)


def test_a_picture_scaled_by_the_decoder_is_not_scaled_again(small):
    encoder = load_encoder(small, device="cpu")
    width, height = encoder.resize(640, 360)
    assert (width, height) == (56, 32)
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    np.testing.assert_array_equal(encoder.preprocess.fit(picture), picture[:, 12:44])


def test_a_very_wide_video_is_not_blown_up(small):
    width, height = load_encoder(small, device="cpu").resize(20_000, 2)
    assert width <= 8 * 32
    assert height == 32


def test_openai_weights_get_the_activation_that_they_were_trained_with(tmp_path, monkeypatch):
    """open_clip only warns when ViT-B-32 is built without QuickGELU for weights that need it."""
    from safetensors.torch import save_file

    weights = tmp_path / "weights.safetensors"
    save_file(open_clip.create_model("ViT-B-32").state_dict(), weights)
    monkeypatch.setattr("open_clip.factory.download_pretrained", lambda *_, **__: str(weights))
    encoder = load_encoder("ViT-B-32/openai", device="cpu")
    activations = {type(m).__name__ for m in encoder._model.modules() if "GELU" in type(m).__name__}
    assert activations == {"QuickGELU"}
    assert encoder.dim == 512
    assert encoder.preprocess.mean == (0.48145466, 0.4578275, 0.40821073)


def test_fingerprint_follows_the_weights_not_the_name(tmp_path):
    one = load_encoder(write_small_clip(tmp_path / "a", seed=1), device="cpu").fingerprint
    same = load_encoder(write_small_clip(tmp_path / "b", seed=1), device="cpu").fingerprint
    other = load_encoder(write_small_clip(tmp_path / "c", seed=2), device="cpu").fingerprint
    assert one == same != other


def test_weights_that_cannot_be_downloaded_name_the_ways_out(monkeypatch):
    def fail(*_, **__):
        raise ConnectionError("no route to the hub")

    monkeypatch.setattr("open_clip.factory.download_pretrained", fail)
    with pytest.raises(EncoderError, match=r"ViT-B-16/openai.*no route to the hub.*path-of-the-file.*clipit-tiny"):
        load_encoder("ViT-B-16/openai", device="cpu")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ViT-B-23/openai", r"no model 'ViT-B-23' \(close: .*ViT-B-32"),
        ("ViT-B-32/opnai", r"no weights 'opnai'.*known tags: .*openai"),
        ("ViT-B-32", "weights must be named"),
        ("local-dir:/does/not/exist", "not a folder with an open_clip_config.json"),
        ("", "open_clip has no model ''"),
    ],
)
def test_a_wrong_name_says_what_would_be_right(name, message):
    with pytest.raises(EncoderError, match=message):
        load_encoder(name, device="cpu")


def test_a_folder_without_weights_is_refused_rather_than_random(tmp_path):
    name = write_small_clip(tmp_path)
    (tmp_path / "open_clip_model.safetensors").unlink()
    with pytest.raises(EncoderError, match="could not be loaded"):
        load_encoder(name, device="cpu")


def test_a_device_that_is_not_there_is_a_clear_error(small):
    with pytest.raises(UsageError, match="device 'cuda:77'"):
        load_encoder(small, device="cuda:77")
