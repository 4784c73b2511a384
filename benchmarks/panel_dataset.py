"""10,000 videos with summaries, one of them half an hour long: the data of `panel.py`.

The long video is real in all parts: half an hour at 25 frames a second (a minute of drawn scenes, 30 times over),
summarized by the package with clipit-tiny, its 45,000 frames stored, its features in the cache. The others share the
files of eight drawn videos, and their summaries are written in bulk: copies of real ones with a relevance of their
own. They have no frame documents, which the overview does not read.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

VIDEOS, MINUTES, RATE, SIZE = 10_000, 30, 25, (240, 136)
LONG = "half-an-hour"
KEY = "gist"
_FILES = 8


def make_dataset(folder: Path, name: str):
    """Makes and summarizes it.

    Args:
        folder: where the videos go.
        name: the dataset's name.
    """
    import fiftyone as fo

    import fiftyone_clipit as clipit
    from fiftyone_clipit.drawn.videos import draw_video, random_scenes

    paths = []
    for seed in range(_FILES):
        paths.append(folder / f"drawn_{seed}.mp4")
        draw_video(paths[-1], random_scenes(seed, 4, seconds=(3, 6))[0], rate=12, size=SIZE, seed=seed)
    minute = folder / "minute.mp4"
    draw_video(minute, random_scenes(99, 8, seconds=(7.5, 7.5))[0], rate=RATE, size=SIZE, seed=99)
    long = folder / f"{LONG}.mp4"
    repeat(minute, long, MINUTES)
    dataset = fo.Dataset(name)
    dataset.add_samples([fo.Sample(filepath=str(path)) for path in (*paths, long)])
    clipit.summarize(dataset, KEY, encoder="clipit-tiny", budget=0.15)
    _fill(dataset, paths)
    return dataset


def repeat(source: Path, target: Path, times: int) -> None:
    """Writes a video several times over, without encoding it again."""
    with av.open(str(target), "w") as out:
        stream = None
        for turn in range(times):
            with av.open(str(source)) as film:
                video = film.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                shift = turn * round(Fraction(video.duration))
                for packet in film.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = stream
                    out.mux(packet)


def _fill(dataset, paths: list[Path]) -> None:
    """Adds samples until there are enough, with the summaries that their files have."""
    import fiftyone as fo

    from fiftyone_clipit.dataset.fields import SummaryFields
    from fiftyone_clipit.dataset.runs import count_totals, load_summary, save_results

    names = SummaryFields(KEY)
    templates = {sample.filepath: sample for sample in dataset}
    rest = VIDEOS - len(dataset)
    samples = []
    for number in range(rest):
        template = templates[str(paths[number % len(paths)])]
        sample = fo.Sample(filepath=template.filepath, metadata=template.metadata)
        sample[names.summary] = template[names.summary].copy()
        sample[names.shots] = template[names.shots].copy()
        sample[names.relevance] = 0.9 * (number + 1) / rest
        samples.append(sample)
    dataset.add_samples(samples)
    best = next(sample for path, sample in templates.items() if LONG in path)
    best[names.relevance] = 1.0
    best.save()
    results = load_summary(dataset, KEY).results
    save_results(dataset, KEY, {**results, "totals": count_totals(dataset, KEY)})
