"""The loss of a batch: the parts that count, weighed."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from torch import Tensor
from torch.nn import functional

from fiftyone_clipit.scoring.network import ClipIt
from fiftyone_clipit.training import losses
from fiftyone_clipit.training.batches import Batch
from fiftyone_clipit.training.config import LossWeights


@dataclass(frozen=True)
class Objective:
    """What training minimizes.

    Attributes:
        weights: of the losses.
        class_weights: of important and unimportant samples, for the classification loss.
        share: of a video that should be selected, for the length loss.
    """

    weights: LossWeights
    class_weights: tuple[float, float]
    share: float

    def __call__(self, model: ClipIt, batch: Batch) -> tuple[Tensor, dict[str, float], Tensor]:
        """The total, its parts before weighing, and the scores (B, T)."""
        weights = self.weights
        rebuild = bool(weights.reconstruction or weights.contrastive)
        out = model(batch.frames, batch.text, batch.frame_mask, batch.text_mask, reconstruct=rebuild)
        parts: dict[str, Tensor] = {}
        if weights.classification:
            parts["classification"] = losses.classification(
                out.logits, batch.targets, batch.labelled, self.class_weights
            )
        if weights.regression:
            parts["regression"] = losses.regression(out.scores, batch.targets, batch.labelled)
        seen = functional.normalize(batch.frames, dim=-1) if model.config.unit_norm else batch.frames
        rebuilt = None if out.reconstruction is None else out.reconstruction.float()
        if weights.diversity:
            # The paper compares rebuilt features. Only the reconstruction loss ties these to the video: without it
            # the decoder could make any frames look different, so the video's own features are compared.
            compared = seen if rebuilt is None or not weights.reconstruction else rebuilt
            parts["diversity"] = losses.diversity(compared, out.scores, batch.mask)
        if rebuilt is not None:
            if weights.reconstruction:
                parts["reconstruction"] = losses.reconstruction(rebuilt, seen, out.scores, batch.mask)
            if weights.contrastive and batch.text is not None and batch.text_mask is not None:
                parts["contrastive"] = losses.contrastive(rebuilt, out.scores, batch.text, batch.text_mask)
        if weights.length:
            parts["length"] = losses.length(out.scores, batch.mask, self.share)
        factor = asdict(weights)
        total = sum((factor[name] * value for name, value in parts.items()), out.scores.sum() * 0)
        return total, {name: float(value.detach()) for name, value in parts.items()}, out.scores
