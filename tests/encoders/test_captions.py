"""Captioning models: the real transformers classes with random weights, built on the spot."""

from __future__ import annotations

import numpy as np
import pytest

from fiftyone_clipit.encoders.captions import load_captioner
from fiftyone_clipit.errors import EncoderError, UsageError
from tests.small_captioner import write_small_blip, write_small_llava


@pytest.fixture(scope="module")
def blip(tmp_path_factory) -> str:
    return write_small_blip(tmp_path_factory.mktemp("blip"))


@pytest.fixture(scope="module")
def llava(tmp_path_factory) -> str:
    return write_small_llava(tmp_path_factory.mktemp("llava"))


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    generator = np.random.default_rng(0)
    noise = [generator.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(3)]
    return [*noise, np.zeros((48, 64, 3), np.uint8), np.full((100, 30, 3), 255, np.uint8)]


@pytest.mark.parametrize("model", ["blip", "llava"])
def test_pictures_get_a_sentence_each_and_the_same_again(model, pictures, request):
    captioner = load_captioner(request.getfixturevalue(model), max_new_tokens=6, device="cpu")
    sentences = captioner.caption(pictures)
    assert len(sentences) == len(pictures)
    assert len(set(sentences)) > 1, "the pictures must make a difference"
    assert all(len(sentence.split()) <= 6 for sentence in sentences)
    assert captioner.caption(pictures) == sentences


@pytest.mark.parametrize("model", ["blip", "llava"])
def test_batches_keep_the_order(model, pictures, request):
    name = request.getfixturevalue(model)
    one_by_one = load_captioner(name, max_new_tokens=4, batch_size=1, device="cpu").caption(pictures)
    assert load_captioner(name, max_new_tokens=4, batch_size=2, device="cpu").caption(pictures) == one_by_one


@pytest.mark.parametrize("model", ["blip", "llava"])
def test_a_prompt_changes_the_sentence_and_is_no_part_of_it(model, pictures, request):
    name = request.getfixturevalue(model)
    plain = load_captioner(name, max_new_tokens=5, device="cpu").caption(pictures)
    prompted = load_captioner(name, prompt="ba  do", max_new_tokens=5, device="cpu").caption(pictures)
    assert prompted != plain
    assert not any(sentence.startswith("ba do") for sentence in prompted)


def test_the_fingerprint_follows_what_the_sentences_depend_on(blip, tmp_path):
    def fingerprint(name=blip, **options):
        return load_captioner(name, device="cpu", **options).fingerprint

    other_weights = write_small_blip(tmp_path / "other", seed=1)
    different = [fingerprint(), fingerprint(prompt="ba"), fingerprint(max_new_tokens=7), fingerprint(other_weights)]
    assert len(set(different)) == 4
    assert fingerprint(batch_size=3) == different[0]


def test_no_pictures_no_sentences(blip):
    assert load_captioner(blip, device="cpu").caption([]) == []


def test_frames_are_never_kept_larger_than_a_model_looks(blip):
    captioner = load_captioner(blip, device="cpu")
    assert captioner.resize(3840, 2160) == (1024, 576)
    assert captioner.resize(640, 480) == (640, 480)
    assert captioner.resize(1, 5000) == (1, 1024)


def test_a_text_model_is_no_captioner(tmp_path):
    from transformers import BertConfig, BertModel

    small = BertConfig(vocab_size=50, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(small).save_pretrained(tmp_path)
    with pytest.raises(EncoderError, match="is no captioner: models of type 'bert' do not write text about pictures"):
        load_captioner(str(tmp_path), device="cpu")


def test_weights_of_another_task_are_no_captioner(blip, tmp_path):
    """transformers would fill what is missing with random numbers, and the captions would be babble."""
    from transformers import BlipConfig, BlipForImageTextRetrieval, BlipProcessor

    BlipForImageTextRetrieval(BlipConfig.from_pretrained(blip)).save_pretrained(tmp_path)
    BlipProcessor.from_pretrained(blip).save_pretrained(tmp_path)
    with pytest.raises(EncoderError, match=r"its weights lack \d+ tensors"):
        load_captioner(str(tmp_path), device="cpu")


def test_a_model_without_its_processor_says_so(blip, tmp_path):
    from transformers import BlipForConditionalGeneration

    BlipForConditionalGeneration.from_pretrained(blip).save_pretrained(tmp_path)
    with pytest.raises(EncoderError, match="cannot be loaded"):
        load_captioner(str(tmp_path), device="cpu")


def test_a_folder_that_is_no_model_names_the_ways_out(tmp_path):
    with pytest.raises(EncoderError, match="a field that has them, or the videos' subtitles"):
        load_captioner(str(tmp_path), device="cpu")


def test_a_model_that_cannot_be_downloaded_names_the_ways_out(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match=r"captioner 'nobody/nothing' cannot be loaded.*downloaded elsewhere"):
        load_captioner("nobody/nothing", device="cpu")


@pytest.mark.parametrize("options", [{"max_new_tokens": 0}, {"batch_size": 0}, {"max_new_tokens": 2.5}])
def test_options_that_cannot_work(blip, options):
    with pytest.raises(UsageError, match=next(iter(options))):
        load_captioner(blip, device="cpu", **options)


def test_no_name():
    with pytest.raises(UsageError, match="captioner must be a model id or a folder"):
        load_captioner(" ")
