"""The best frame of each segment as an image."""

from __future__ import annotations

from PIL import Image

from fiftyone_clipit.export.formats import Job
from fiftyone_clipit.export.frames import fit_into


def write_keyframe(job: Job) -> list[str]:
    """Writes the most important frame of one stretch as JPEG."""
    stretch, options = job.video.stretches[job.index or 0], job.options

    def resize(width: int, height: int) -> tuple[int, int]:
        return fit_into((width, height), options.size, enlarge=False)

    (image,) = job.video.images([stretch.peak_frame], resize)
    Image.fromarray(image).save(
        job.targets[0], format="JPEG", quality=options.jpeg_quality, subsampling=0, optimize=True
    )
    return []
