"""How fast a reel is written, against ffmpeg's own re-encoding of the same segments.

    python benchmarks/reel.py --ffmpeg PATH [--output results.json]

ffmpeg is asked in its two exact ways: each segment a seeking input, joined by the concat filter, and the whole video
through the trim filters. Same encoder, quality, preset and sound. The video is made on the spot.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from reporting import keep

from fiftyone_clipit.export import ExportItem, ExportOptions, export_items
from fiftyone_clipit.media.video import scan
from fiftyone_clipit.summary.types import Segment

WIDTH, HEIGHT, RATE, SECONDS = 1280, 720, 30, 40
N_SEGMENTS, LENGTH = 6, 60
CRF, PRESET, SOUND_RATE = 20, "veryfast", 48_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ffmpeg", default=shutil.which("ffmpeg"), help="the program to compare with")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), options.ffmpeg, options.repeats)
    keep(result, options.output)


def measure(folder: Path, ffmpeg: str | None, repeats: int) -> dict:
    source = folder / "source.mp4"
    draw(source)
    timeline = scan(source)
    step = timeline.n_frames // N_SEGMENTS
    ranges = [(i * step + 31, i * step + 30 + LENGTH) for i in range(N_SEGMENTS)]
    segments = [
        Segment(a, b, float(timeline.start(a)), float(timeline.end(b)), 0.5, i + 1, "summary", a)
        for i, (a, b) in enumerate(ranges)
    ]
    tail = segments[-2:]

    def reel(chosen: list[Segment], **known) -> Callable[[Path], None]:
        def write(target: Path) -> None:
            item = ExportItem(str(source), chosen, name="reel", **known)
            options = ExportOptions(crf=CRF, preset=PRESET)
            report = export_items([item], target, ["reel"], options=options)
            assert not report.failures, report.failures

        return write

    ways = {"reel": reel(segments, timeline=timeline), "reel, times unknown": reel(segments)}
    ways["reel, two segments at the end, times unknown"] = reel(tail)
    if ffmpeg:
        ways["ffmpeg, seeking"] = lambda target: seeking(ffmpeg, source, segments, target)
        ways["ffmpeg, trimming"] = lambda target: trimming(ffmpeg, source, segments, target)
        ways["ffmpeg, seeking, two segments at the end"] = lambda target: seeking(ffmpeg, source, tail, target)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    computing: dict[str, list[float]] = {name: [] for name in ways}
    # Turn and turn about, so that what else the machine does hits all alike.
    for repeat in range(repeats):
        for number, (name, write) in enumerate(ways.items()):
            target = folder / f"{repeat}-{number}"
            target.mkdir()
            start, used = time.perf_counter(), processor_seconds()
            write(target)
            seconds[name].append(time.perf_counter() - start)
            computing[name].append(processor_seconds() - used)
            shutil.rmtree(target)
    medians = {name: round(statistics.median(times), 3) for name, times in seconds.items()}
    costs = {name: round(statistics.median(times), 3) for name, times in computing.items()}
    result: dict = {
        "video": f"{SECONDS} s of {WIDTH} x {HEIGHT} at {RATE} frames/s, with sound",
        "segments": f"{N_SEGMENTS} of {LENGTH / RATE} s",
        "processors": os.cpu_count(),
        "seconds": medians,
        "processor seconds": costs,
    }
    if ffmpeg:
        for title, measured in (("times as fast as ffmpeg", medians), ("the same in processor time", costs)):
            best = min(measured["ffmpeg, seeking"], measured["ffmpeg, trimming"])
            result[title] = {name: round(best / measured[name], 2) for name in ("reel", "reel, times unknown")}
        version = subprocess.run([ffmpeg, "-version"], capture_output=True, text=True, check=True).stdout
        result["ffmpeg"] = version.split()[2]
    return result


def processor_seconds() -> float:
    """What this process and those that it waited for have used; tells more than the clock on a busy machine."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def seeking(ffmpeg: str, source: Path, segments: list[Segment], folder: Path) -> None:
    """Each segment an input of its own."""
    inputs = [w for s in segments for w in ("-ss", f"{s.start:.6f}", "-t", f"{s.end - s.start:.6f}", "-i", str(source))]
    pads = "".join(f"[{i}:v][{i}:a]" for i in range(len(segments)))
    run(ffmpeg, [*inputs, "-filter_complex", f"{pads}concat=n={len(segments)}:v=1:a=1[v][a]"], folder)


def trimming(ffmpeg: str, source: Path, segments: list[Segment], folder: Path) -> None:
    """One input, decoded from end to end."""
    n = len(segments)
    parts = [
        f"[0:v]split={n}{''.join(f'[v{i}]' for i in range(n))}",
        f"[0:a]asplit={n}{''.join(f'[a{i}]' for i in range(n))}",
    ]
    for i, s in enumerate(segments):
        parts.append(f"[v{i}]trim=start_frame={s.first_frame - 1}:end_frame={s.last_frame},setpts=PTS-STARTPTS[w{i}]")
        parts.append(f"[a{i}]atrim={s.start:.6f}:{s.end:.6f},asetpts=PTS-STARTPTS[b{i}]")
    parts.append("".join(f"[w{i}][b{i}]" for i in range(n)) + f"concat=n={n}:v=1:a=1[v][a]")
    run(ffmpeg, ["-i", str(source), "-filter_complex", ";".join(parts)], folder)


def run(ffmpeg: str, arguments: list[str], folder: Path) -> None:
    coding = ["-c:v", "libx264", "-crf", str(CRF), "-preset", PRESET, "-pix_fmt", "yuv420p", "-c:a", "aac"]
    command = [ffmpeg, "-v", "error", *arguments, "-map", "[v]", "-map", "[a]", *coding, "-movflags", "+faststart"]
    subprocess.run([*command, str(folder / "reel.mp4")], check=True)


def draw(path: Path) -> None:
    """Something that moves and has grain, with a tone."""
    rng = np.random.default_rng(0)
    large = rng.normal(128, 18, (HEIGHT // 8 + 120, WIDTH // 8 + 120)).clip(0, 255).astype(np.uint8)
    scenery = np.asarray(large).repeat(8, axis=0).repeat(8, axis=1)
    grain = rng.integers(-6, 7, (HEIGHT + 64, WIDTH + 64)).astype(np.int16)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE, options={"crf": "20", "preset": "veryfast"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream("aac", rate=SOUND_RATE)
        sound.layout = "stereo"
        n_samples = SOUND_RATE // RATE
        for number in range(SECONDS * RATE):
            top, left = number * 3 % 900, number * 5 % 900
            gy, gx = rng.integers(0, 64, 2)
            luma = scenery[top : top + HEIGHT, left : left + WIDTH] + grain[gy : gy + HEIGHT, gx : gx + WIDTH]
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = luma.clip(0, 255)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
            wave = 0.2 * np.sin((np.arange(n_samples) + number * n_samples) * 0.06)
            piece = av.AudioFrame.from_ndarray(np.tile(wave.astype(np.float32), (2, 1)), format="fltp", layout="stereo")
            piece.sample_rate, piece.pts, piece.time_base = SOUND_RATE, number * n_samples, Fraction(1, SOUND_RATE)
            container.mux(sound.encode(piece))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))


if __name__ == "__main__":
    main()
