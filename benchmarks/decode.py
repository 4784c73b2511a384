"""What each way to decode a video for sampling costs, and what it does to the features: ratios in one run.

    python benchmarks/decode.py [VIDEO ...] [--seconds 15] [--repeats 3] [--output results.json]

Without videos it draws 720p ones of 25 frames a second: as x264 makes them, with a restart point each second,
without B-frames, and at low quality. Sampling is at 2 frames a second to 224 x 224. The ways, all with PyAV and one
thread a file unless said otherwise:

- full size: every frame decoded, sampled ones converted at full size and then resized (Pillow, bicubic)
- resize while converting: every frame decoded, sampled ones converted and resized in one step
- sampler: `FrameSampler`, which also leaves undecoded what no sample needs; pixels are those of the line above
- sampler, 2 threads a file; two files at once: what a second core gives, used either way (speed of two files)
- sampler, no loop filter: `deblock=False`; pixels deviate

`cosine` is the lowest cosine between clipit-tiny's features (float16) of a frame and those of the same frame from the
first way, `pixels` the mean deviation of the worst frame from there, of 255.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image
from reporting import keep

from fiftyone_clipit.encoders.clip import load_encoder
from fiftyone_clipit.media.video import FrameSampler

FPS, RATE, SIZE, TARGET = Fraction(2), 25, (720, 1280), (224, 224)
QUALITY = Interpolation.BICUBIC | Interpolation.FULL_CHR_H_INT | Interpolation.ACCURATE_RND
STREAMS = {"x264": {}, "restart each second": {"g": "25"}, "no B-frames": {"bf": "0"}, "low quality": {"crf": "38"}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("videos", nargs="*", type=Path)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        videos = {path.name: path for path in options.videos}
        if not videos:
            for name, coding in STREAMS.items():
                videos[name] = draw(Path(folder) / f"{name}.mp4", options.seconds, coding)
        for name, path in videos.items():
            result[name] = measure(path, options.repeats)
            print(json.dumps({name: result[name]}, indent=1), flush=True)
    keep(result, options.output)


def draw(path: Path, seconds: int, coding: dict[str, str]) -> Path:
    """Textures that move and change every few seconds, with grain: about as hard to decode as real footage."""
    rng = np.random.default_rng(0)
    height, width = SIZE
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "20", "preset": "fast", **coding})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for second in range(seconds):
            if second % 5 == 0:
                coarse = rng.integers(0, 256, (height // 16 + 20, width // 16 + 20, 3), np.uint8)
                texture = coarse.repeat(16, axis=0).repeat(16, axis=1)
            for frame in range(second % 5 * RATE, (second % 5 + 1) * RATE):
                view = texture[frame : frame + height, 2 * frame : 2 * frame + width]
                grain = rng.integers(0, 12, (height // 4, width // 4, 1), np.uint8).repeat(4, 0).repeat(4, 1)
                image = av.VideoFrame.from_ndarray(np.minimum(view, 243) + grain, format="rgb24")
                container.mux(stream.encode(image))
        container.mux(stream.encode(None))
    return path


def measure(path: Path, repeats: int) -> dict[str, object]:
    encoder = load_encoder("clipit-tiny", device="cpu")
    ways: dict[str, Callable[[], list[np.ndarray]]] = {
        "full size": lambda: list(decode(path, small=False)),
        "resize while converting": lambda: list(decode(path)),
        "sampler": lambda: sample(path),
        "sampler, no loop filter": lambda: sample(path, deblock=False),
    }
    seconds = {name: min(timed(way) for _ in range(repeats)) for name, way in ways.items()}
    pixels = list(decode(path, small=False))
    exact = encoder.encode_images(pixels).astype(np.float32)
    base = seconds["full size"]
    result: dict[str, object] = {"seconds of full size": round(base, 3)}
    for name, way in ways.items():
        images = way()
        cosine = float((encoder.encode_images(images).astype(np.float32) * exact).sum(axis=1).min())
        deviation = max(np.abs(a.astype(int) - b).mean() for a, b in zip(images, pixels, strict=True))
        result[name] = {
            "times as fast": round(base / seconds[name], 2),
            "cosine": round(min(cosine, 1.0), 4),
            "pixels": round(float(deviation), 2),
        }
    with FrameSampler(path, fps=FPS, resize=lambda width, height: TARGET) as sampler:
        n_samples = sum(1 for _ in sampler)
        result["frames"] = sampler.timeline.n_frames
        result["frames left undecoded"] = sampler.n_left_out
        result["samples"] = n_samples
    pair = {
        "sampler, one file after the other": lambda: [sample(path) for _ in range(2)],
        "sampler, 2 threads a file": lambda: [sample(path, threads=2) for _ in range(2)],
        "sampler, two files at once": lambda: at_once(path),
    }
    for name, run in pair.items():
        result[name] = {"times as fast": round(2 * base / min(timed(run) for _ in range(repeats)), 2)}
    return result


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def sample(path: Path, **options: int) -> list[np.ndarray]:
    with FrameSampler(path, fps=FPS, resize=lambda width, height: TARGET, **options) as sampler:
        return [frame.image for frame in sampler]


def at_once(path: Path) -> list[list[np.ndarray]]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(sample, [path, path]))


def decode(path: Path, *, small: bool = True) -> Iterator[np.ndarray]:
    """Every frame decoded with PyAV alone."""
    reformatter, k = VideoReformatter(), 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            time_ = (frame.pts - (stream.start_time or 0)) * stream.time_base
            if time_ * FPS < k:
                continue
            k = int(time_ * FPS) + 1
            width, height = TARGET if small else (frame.width, frame.height)
            image = reformatter.reformat(
                frame, width=width, height=height, format="rgb24", interpolation=QUALITY, threads=1
            ).to_ndarray()
            if small:
                yield image
            else:
                yield np.asarray(Image.fromarray(image).resize(TARGET, Image.Resampling.BICUBIC))


if __name__ == "__main__":
    main()
