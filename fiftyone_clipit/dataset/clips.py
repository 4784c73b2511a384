"""What a summary shows, as clips."""

from __future__ import annotations

from fiftyone.core.clips import ClipsView
from fiftyone.core.collections import SampleCollection

from fiftyone_clipit.dataset import runs
from fiftyone_clipit.dataset.fields import SummaryFields, require_fields
from fiftyone_clipit.dataset.videos import videos_of


def summary_clips(samples: SampleCollection, key: str) -> ClipsView:
    """The segments of a summary as clips: one sample each, in the order of videos and time.

    Args:
        samples: a dataset or view that has the summary.
        key: the summary's key.

    Raises:
        UsageError: there is no such summary, or somebody deleted fields of it.
    """
    dataset = videos_of(samples).dataset
    runs.require(dataset, key)
    require_fields(dataset, key)
    return samples.to_clips(SummaryFields(key).summary)
