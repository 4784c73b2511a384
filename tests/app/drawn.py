"""The videos of the browser tests: three that are drawn and one that is none, with two summaries."""

from __future__ import annotations

from pathlib import Path

RATE, WIDTH, HEIGHT = 12, 240, 136
SCENES = {
    "winter": (("tree", "green", "snow", 5), ("star", "red", "snow", 4), ("cup", "white", "room", 6)),
    "seaside": (("boat", "blue", "water", 6), ("ball", "red", "grass", 5), ("star", "red", "night", 4)),
    "journey": (("car", "red", "city", 5), ("moon", "white", "space", 5), ("cup", "black", "room", 5)),
}


def make_dataset(folder: Path, name: str):
    """Draws the videos and summarizes them: in general, and for a question."""
    import fiftyone as fo

    import fiftyone_clipit as clipit
    from fiftyone_clipit.drawn.videos import draw_video, scene

    paths = []
    for number, (video, scenes) in enumerate(SCENES.items()):
        paths.append(folder / f"{video}.mp4")
        draw_video(paths[-1], [scene(*parts) for parts in scenes], rate=RATE, size=(WIDTH, HEIGHT), seed=number)
    broken = folder / "broken.mp4"
    broken.write_text("no video")
    dataset = fo.Dataset(name)
    # Without ffmpeg the App shows no grid with a video of unknown size and rate. Summarizing fills them in; nothing can
    # for a file that is no video.
    metadata = fo.VideoMetadata(frame_width=WIDTH, frame_height=HEIGHT, frame_rate=RATE)
    dataset.add_samples([fo.Sample(filepath=str(path)) for path in paths])
    dataset.add_sample(fo.Sample(filepath=str(broken), metadata=metadata))
    clipit.summarize(dataset, "gist", encoder="clipit-tiny", budget=0.2)
    clipit.summarize(dataset, "red_star", query="a red star", encoder="clipit-tiny", budget="4s")
    return dataset


def only(dataset, video: str):
    """A view of one of the videos."""
    from fiftyone import ViewField

    return dataset.match(ViewField("filepath").ends_with(f"{video}.mp4"))


def supports(dataset, key: str, video: str) -> list[list[int]]:
    """The segments that the dataset has for a video now, as first and last frames in time order."""
    dataset.reload()
    return sorted(segment.support for segment in only(dataset, video).first()[key].detections)


def summaries(dataset) -> dict[str, str]:
    """The summaries that the dataset has now, with their status."""
    import fiftyone_clipit as clipit

    dataset.reload()
    return {run.key: run.status for run in clipit.list_summaries(dataset)}
