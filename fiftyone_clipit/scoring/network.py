"""CLIP-It: a network that scores the frames of a video, guided by language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import ModelHubMixin
from torch import Tensor, nn
from torch.nn import functional

from fiftyone_clipit.errors import CheckpointError, UsageError
from fiftyone_clipit.scoring.network_config import ClipItConfig
from fiftyone_clipit.scoring.network_cosine import CosineBody
from fiftyone_clipit.scoring.network_files import CONFIG, WEIGHTS, load_weights, locate, read_config
from fiftyone_clipit.scoring.network_layers import LanguageAttention
from fiftyone_clipit.scoring.network_saving import save_folder
from fiftyone_clipit.scoring.network_text import SentenceKeys, evenly
from fiftyone_clipit.scoring.network_transformer import ClipItOutput, TransformerBody
from fiftyone_clipit.scoring.network_windows import Windows

_HUB_OPTIONS = ("revision", "cache_dir", "force_download", "local_files_only", "token")
_SAMPLES_AT_ONCE = 16384
# How many frames and sentences are compared to find how far their cosines spread: 256 MB at most.
_ALIGNED_FRAMES, _ALIGNED_SENTENCES = 4096, 16384


class ClipIt(
    nn.Module,
    ModelHubMixin,
    library_name="fiftyone-clipit",
    tags=["video-summarization", "clip"],
    paper_url="https://arxiv.org/abs/2107.00650",
):
    """The network of "CLIP-It! Language-Guided Video Summarization" (Narasimhan et al. 2021), and variants.

    Frames attend to sentences, then to each other; each gets a score in [0, 1]. The presets are described at
    `ClipItConfig`. A new network is in training mode, a loaded one in evaluation mode.

    Example:
        >>> model = ClipIt(ClipItConfig(preset="paper", dim=512)).eval()
        >>> out = model(frames, text)          # (1, T, 512) and (1, S, 512)
        >>> out.scores                         # (1, T)

    Args:
        config: what to build; a mapping of its fields does, too. The paper's network when absent.
    """

    def __init__(self, config: ClipItConfig | Mapping[str, Any] | None = None) -> None:
        super().__init__()
        if not isinstance(config, ClipItConfig):
            config = ClipItConfig.from_dict(config or {})
        self.config = config
        self._hub_mixin_config = config
        self.body = CosineBody(config) if config.preset == "cosine" else TransformerBody(config)

    def forward(
        self,
        frames: Tensor,
        text: Tensor | None = None,
        frame_mask: Tensor | None = None,
        text_mask: Tensor | None = None,
        *,
        reconstruct: bool = True,
    ) -> ClipItOutput:
        """Scores every frame of a batch of videos.

        Videos longer than the configuration's `max_length` go through overlapping windows, and what the
        windows say is blended. Padding, of frames or of sentences, changes no score, whatever it holds.

        Args:
            frames: features of the sampled frames, float (B, T, dim).
            text: features of the sentences, float (B, S, dim); None without language.
            frame_mask: bool (B, T), True where there is a frame; frames come first, padding after. None: all.
            text_mask: bool (B, S), True where there is a sentence; sentences may stand anywhere. None: all.
            reconstruct: whether to rebuild the features, too; without it the decoder does not run.

        Raises:
            UsageError: a shape that does not fit the network, or frames after padding.
        """
        text = self._check(frames, text, frame_mask, text_mask)
        if frames.shape[1] <= self.config.max_length:
            logits, rebuilt = self.body(frames, text, frame_mask, text_mask, reconstruct)
        else:
            logits, rebuilt = self._by_windows(frames, text, frame_mask, text_mask, reconstruct)
        logits = logits.float()
        scores = logits.sigmoid()
        if frame_mask is not None:
            scores, logits = scores * frame_mask, logits * frame_mask
            rebuilt = None if rebuilt is None else rebuilt * frame_mask[..., None]
        return ClipItOutput(scores, rebuilt, logits)

    def language_attention(self, frames: Tensor, text: Tensor | None = None, text_mask: Tensor | None = None) -> Tensor:
        """How much each frame attends to each sentence: (B, heads, T, S + 1), the null key last.

        A network with concatenated sentences has one key, (B, heads, T, 1).
        """
        return self.body.language_weights(frames, self._check(frames, text, None, text_mask), text_mask)

    def prepare_text(self, text: Tensor) -> Tensor:
        """Brings the sentences of one video (S, dim) to the form in which this network wants them.

        Separate keys: as they are. Concatenated: the wanted number of them, evenly chosen and repeated where
        there are fewer, scaled so that their concatenation has unit length.
        """
        wanted = self.config.sentences
        if not wanted or not len(text):
            return text
        text = text[evenly(torch.tensor(len(text)), wanted).to(text.device)]
        return functional.normalize(text.flatten(), dim=0).view_as(text)

    @torch.no_grad()
    def align(self, frames: Tensor, text: Tensor) -> None:
        """Starts the language attention of an untrained network from the features it will be trained on.

        The null key becomes the mean sentence, so that a frame attends to a sentence as far as that sentence
        fits it better than an average one; the temperature makes those differences count.

        Args:
            frames: a selection of frames of many videos (N, dim).
            text: the sentences of the training set (S, dim). Nothing happens without any, or with one key. The
                temperature goes by some of them where there are very many.
        """
        keys, language = self.body.text, self.body.language
        if not isinstance(keys, SentenceKeys) or not isinstance(language, LanguageAttention) or keys.null is None:
            return
        if not len(text) or not len(frames):
            return
        frames, text = functional.normalize(frames, dim=-1), functional.normalize(text, dim=-1)
        keys.null.copy_(text.mean(0))
        # Of very many, some spread evenly tell as much: all pairs of a large training set fill any memory.
        if len(text) > _ALIGNED_SENTENCES:
            text = _some(text.unique(dim=0), _ALIGNED_SENTENCES)
        spread = (_some(frames, _ALIGNED_FRAMES) @ (text - keys.null).T).std()
        if torch.isfinite(spread) and spread > 1e-6:
            log_temperature = (2 / spread).log().clamp(max=5.0)
            language.log_temperature.fill_(log_temperature)
            if isinstance(self.body, CosineBody):
                self.body.log_scale.fill_(log_temperature)

    def save_pretrained(self, save_directory: str | os.PathLike[str], **options: Any) -> str | None:
        """Writes config.json, model.safetensors and a model card; a folder never holds half of them.

        Args:
            save_directory: the folder, made where missing; what an earlier call wrote there is replaced.
            options: as in huggingface_hub's mixin (`push_to_hub`, `repo_id`, ...).

        Raises:
            UsageError: `save_directory` is a file.
        """
        if options.get("push_to_hub"):
            options.setdefault("repo_id", Path(save_directory).name)
        with save_folder(Path(save_directory)) as folder:
            return super().save_pretrained(folder, **options)

    def _save_pretrained(self, save_directory: Path) -> None:
        from safetensors.torch import save_file

        weights = {name: value.detach().cpu().contiguous() for name, value in self.weights().items()}
        save_file(weights, save_directory / "model.safetensors", metadata={"format": "pt"})

    def weights(self) -> dict[str, Tensor]:
        """The parameters by name, each once, as a checkpoint stores them."""
        return dict(self.named_parameters())

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike[str], **options: Any) -> ClipIt:
        """Loads what `save_pretrained` or training wrote.

        Args:
            pretrained_model_name_or_path: the folder, or the name of a repository on the Hugging Face hub.
            options: `map_location`; and as in huggingface_hub's mixin (`revision`, `cache_dir`, ...).

        Returns:
            The network in evaluation mode.

        Raises:
            CheckpointError: there is no such checkpoint, or it is damaged.
        """
        name = os.fspath(pretrained_model_name_or_path)
        folder = locate(name, **{key: value for key, value in options.items() if key in _HUB_OPTIONS})
        read_config(folder / CONFIG)
        try:
            return super().from_pretrained(str(folder), **options)
        except UsageError as error:
            raise CheckpointError(f"{name}: its {CONFIG} cannot be used: {error}") from error
        except (TypeError, ValueError) as error:
            raise CheckpointError(f"{name}: its {CONFIG} is no configuration of a CLIP-It network ({error})") from error

    @classmethod
    def _from_pretrained(
        cls, *, model_id: str, config: Any = None, map_location: str = "cpu", **options: Any
    ) -> ClipIt:
        with torch.random.fork_rng([]):  # first weights that nobody keeps must not move the user's random numbers
            model = cls(config)
        load_weights(model, Path(model_id) / WEIGHTS)
        return model.to(map_location).eval()

    @classmethod
    def from_modelscope(
        cls, path: str | os.PathLike[str], config: Mapping[str, Any] | str | os.PathLike[str] | None = None
    ) -> ClipIt:
        """Reads a checkpoint of ModelScope's language-guided video summarization.

        Args:
            path: its `pytorch_model.bin` (read without running any code in it), a safetensors file of the same
                names, or the folder that holds either.
            config: ModelScope's own arguments (`num_sentence`, `txt_atten_head`, `d_frame_vec`, `d_model`,
                `d_inner`, `n_layers`, `n_head`, `d_k`, `d_v`, `n_position`), as a mapping or a JSON file; those
                of its published checkpoint where absent.

        Returns:
            The network in evaluation mode: `model(frames (1, T, d), text (1, 7, d))`.

        Raises:
            CheckpointError: no such file, not a state dict, or one of another shape.
        """
        from fiftyone_clipit.scoring.modelscope import load_modelscope

        return load_modelscope(cls, path, config)

    def _by_windows(
        self, frames: Tensor, text: Tensor, frame_mask: Tensor | None, text_mask: Tensor | None, reconstruct: bool
    ) -> tuple[Tensor, Tensor | None]:
        n_samples, size = frames.shape[1], self.config.max_length
        lengths = [n_samples] * len(frames) if frame_mask is None else frame_mask.sum(1).tolist()
        windows = Windows.over(lengths, n_samples, size, frames.device)
        logits, rebuilt = [], []
        # A few windows at a time: the memory for a ten-hour video is that for a short one.
        for part in windows.parts(max(_SAMPLES_AT_ONCE // size, 1)):
            sentences = None if text_mask is None else text_mask[part.video]
            mask = None if part.mask.all() else part.mask
            scored, features = self.body(part.cut(frames), text[part.video], mask, sentences, reconstruct)
            logits.append(scored.float())
            rebuilt.append(features)
        blended = windows.blend(torch.cat(logits))
        return blended, windows.blend(torch.cat(rebuilt)) if reconstruct else None

    def _check(
        self, frames: Tensor, text: Tensor | None, frame_mask: Tensor | None, text_mask: Tensor | None
    ) -> Tensor:
        dim = self.config.dim
        if frames.ndim != 3 or frames.shape[-1] != dim or not frames.shape[1]:
            raise UsageError(f"frames have shape {tuple(frames.shape)}: expected (videos, samples, {dim})")
        if text is None:
            text = frames.new_zeros(len(frames), 0, dim)
        if text.ndim != 3 or text.shape[-1] != dim or len(text) != len(frames):
            raise UsageError(f"text has shape {tuple(text.shape)}: expected ({len(frames)}, sentences, {dim})")
        for name, mask, values in (("frame_mask", frame_mask, frames), ("text_mask", text_mask, text)):
            if mask is not None and (mask.dtype != torch.bool or mask.shape != values.shape[:2]):
                raise UsageError(f"{name} is {mask.dtype} {tuple(mask.shape)}: expected bool {tuple(values.shape[:2])}")
        # Positions and windows are counted from a video's first frame on.
        if frame_mask is not None and bool((frame_mask[:, 1:] & ~frame_mask[:, :-1]).any()):
            raise UsageError("frame_mask has frames after padding: expected each video's frames first")
        # Attention gives padding the weight 0, and 0 times NaN is NaN.
        return text if text_mask is None else text.masked_fill(~text_mask[..., None], 0.0)


def _some(rows: Tensor, most: int) -> Tensor:
    """At most so many rows, spread evenly over all."""
    return rows if len(rows) <= most else rows[evenly(torch.tensor(len(rows)), most).to(rows.device)]
