"""From files to features, against the other ways to get them: ratios in one run, on the same videos.

    python benchmarks/end_to_end.py [--videos 6] [--seconds 60] [--output results.json]

All sides take 2 frames a second from the same drawn 720p videos and encode them with one ViT-B/32 of the same weights
(random ones: speed does not depend on them). The sides:

- ours: `fiftyone_clipit.features.extract`, no cache
- loop: OpenCV and open_clip's own preprocessing, one image at a time
- batches: the same with batches of 32 in float32
- FiftyOne: `to_frames(sample_frames=True)`, then `compute_embeddings` (needs ffmpeg on the PATH)

and the two stages of ours alone, each with all cores, which bound it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from reporting import keep

FPS, RATE, SIZE = 2, 25, (720, 1280)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=6)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), options.videos, options.seconds)
    keep(result, options.output)


def draw(path: Path, seconds: int, seed: int) -> str:
    """Textures that move and change every few seconds, with noise: about as hard to decode as real footage."""
    from fiftyone_clipit.media.writer import VideoWriter

    rng = np.random.default_rng(seed)
    height, width = SIZE
    with VideoWriter(path, rate=RATE) as writer:
        for _ in range(seconds // 5):
            coarse = rng.integers(0, 256, (height // 16 + 20, width // 16 + 20, 3), np.uint8)
            texture = coarse.repeat(16, axis=0).repeat(16, axis=1)
            for frame in range(5 * RATE):
                view = texture[frame : frame + height, 2 * frame : 2 * frame + width]
                grain = rng.integers(0, 12, (height // 4, width // 4, 1), np.uint8).repeat(4, 0).repeat(4, 1)
                writer.write(np.minimum(view, 243) + grain)
    return str(path)


def timed(run: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    count = run()
    return time.perf_counter() - began, count


def measure(folder: Path, count: int, seconds: int) -> dict:
    import open_clip
    import torch
    from safetensors.torch import save_file

    from fiftyone_clipit.encoders.clip import load_encoder

    torch.manual_seed(0)
    weights = folder / "weights.safetensors"
    save_file(open_clip.create_model("ViT-B-32-quickgelu").state_dict(), weights)
    encoder = load_encoder(f"ViT-B-32-quickgelu/{weights}", device="cpu")
    model, _, preprocess = open_clip.create_model_and_transforms("ViT-B-32-quickgelu", pretrained=str(weights))
    videos = [draw(folder / f"{index}.mp4", seconds, index) for index in range(count)]

    # The first products of a kind are slower, whoever does them.
    encode_alone(encoder.batch_size, encoder)
    sides: dict[str, Callable[[], int]] = {
        "ours": lambda: ours(videos, encoder),
        "decoding alone": lambda: decode_alone(videos, encoder),
        "encoding alone": lambda: encode_alone(len(videos) * seconds * FPS, encoder),
        "loop": lambda: loop(videos, model.eval(), preprocess, 1),
        "batches": lambda: loop(videos, model.eval(), preprocess, 32),
    }
    if shutil.which("ffmpeg") and shutil.which("ffprobe"):
        sides["FiftyOne"] = lambda: fiftyone_way(videos, folder, weights)
    taken, frames = {}, {}
    for name, run in sides.items():
        taken[name], frames[name] = timed(run)
    others = {name: taken[name] for name in ("loop", "batches", "FiftyOne") if name in taken}
    best = min(others, key=others.__getitem__)
    # Both stages alone use all cores, so on a processor their times add up.
    limit = taken["decoding alone"] + taken["encoding alone"]
    return {
        "videos": f"{count} of {seconds} s, 720p, {FPS} frames a second taken",
        "seconds": {name: round(value, 2) for name, value in taken.items()},
        "frames": frames,
        "ours against the best of the others": f"{others[best] / taken['ours']:.2f} times as fast as {best}",
        "ours against its two stages, each with all cores": round(limit / taken["ours"], 3),
        "encoding alone against the best of the others": round(others[best] / taken["encoding alone"], 2),
        "precision": str(encoder._dtype).removeprefix("torch."),
        "not measured": [] if "FiftyOne" in taken else ["FiftyOne: no ffmpeg on the PATH"],
    }


def ours(videos: list[str], encoder) -> int:
    from fiftyone_clipit.features.extract import extract

    return sum(len(outcome.features.features) for outcome in extract(videos, encoder, fps=FPS))


def decode_alone(videos: list[str], encoder) -> int:
    """As many threads as `extract` uses, every frame thrown away."""
    from concurrent.futures import ThreadPoolExecutor

    from fiftyone_clipit.media.video import FrameSampler

    def count(path: str) -> int:
        with FrameSampler(path, fps=FPS, resize=encoder.resize) as sampler:
            return sum(1 for _ in sampler)

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(count, videos))


def encode_alone(count: int, encoder) -> int:
    pictures = [np.zeros((224, 398, 3), np.uint8)] * count
    return len(encoder.encode_images(pictures))


def loop(videos: list[str], model, preprocess, batch_size: int) -> int:
    import cv2
    import torch
    from PIL import Image

    count = 0
    with torch.inference_mode():
        for path in videos:
            reader = cv2.VideoCapture(path)
            step = round(reader.get(cv2.CAP_PROP_FPS) / FPS)
            index, batch = 0, []
            while (read := reader.read())[0]:
                if index % step == 0:
                    batch.append(preprocess(Image.fromarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))))
                if len(batch) == batch_size:
                    count += len(model.encode_image(torch.stack(batch), normalize=True))
                    batch.clear()
                index += 1
            if batch:
                count += len(model.encode_image(torch.stack(batch), normalize=True))
    return count


def fiftyone_way(videos: list[str], folder: Path, weights: Path) -> int:
    from fiftyone_clipit.dataset.own_database import start_database

    start_database(folder / "database")
    import fiftyone as fo
    import fiftyone.zoo as foz

    dataset = fo.Dataset(persistent=False)
    dataset.add_samples([fo.Sample(filepath=path) for path in videos])
    dataset.ensure_frames()
    frames = dataset.to_frames(sample_frames=True, fps=FPS, output_dir=str(folder / "frames"))
    model = foz.load_zoo_model("open-clip-torch", clip_model="ViT-B-32-quickgelu", pretrained=str(weights))
    embeddings = frames.compute_embeddings(model, batch_size=32, num_workers=2, skip_failures=False)
    dataset.delete()  # before its database goes
    return sum(vector is not None for vector in embeddings)


if __name__ == "__main__":
    main()
