"""What the variants of a 12 megapixel photograph cost, against only decoding it.

    uv run --frozen python bench/images.py [--pictures 10] [--file photo.jpg]

Prints, for each kind of upload, milliseconds through the pool of one child and the child's peak
memory, each beside a plain full decode of the same bytes by the same library in a process of its
own, and the ratio of the two times. Both sides run on one thread.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rostra.outside.images.workers import ImageWorkers
from rostra.settings import Settings

# libvips stays out of this process, as it does out of the server's.
_LIBVIPS = "import resource, statistics, sys, time, pyvips; pyvips.cache_set_max(0);"
_PHOTO = (
    _LIBVIPS + "xyz = pyvips.Image.xyz(4000, 3000);"
    "grain = pyvips.Image.gaussnoise(1000, 750, mean=128, sigma=40).gaussblur(2).resize(4);"
    "bands = grain.bandjoin([xyz[0] * 0.06, xyz[1] * 0.08]).cast('uchar');"
    "image = bands.copy(interpretation='srgb');"
    "sys.stdout.buffer.write(image.jpegsave_buffer(Q=90))"
)
_DECODE = (
    _LIBVIPS
    + """
data, spans = sys.stdin.buffer.read(), []
for _ in range(int(sys.argv[1])):
    started = time.perf_counter()
    pyvips.Image.new_from_buffer(data, "", access="sequential").copy_memory()
    spans.append(time.perf_counter() - started)
print(statistics.median(spans) * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
)


def alone(code: str, given: bytes = b"", *arguments: str) -> bytes:
    """Run code in a fresh interpreter with one libvips thread; what it printed."""
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
    return subprocess.run(
        command, input=given, env=environment, check=True, stdout=subprocess.PIPE
    ).stdout


def peak_of_children() -> int:
    """The highest memory (kB) among the child processes of this one that still run."""
    peaks = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        if fields["PPid"].strip() == str(os.getpid()):
            peaks.append(int(fields.get("VmHWM", "0 kB").split()[0]))
    return max(peaks)


async def through_the_pool(kind: str, data: bytes, pictures: int) -> tuple[float, int, str]:
    """Median milliseconds, peak kB, and what came out."""
    pool = ImageWorkers(Settings())
    made = await getattr(pool, kind)(data)  # the child starts with the first picture
    spans = []
    for _ in range(pictures):
        started = time.perf_counter()
        made = await getattr(pool, kind)(data)
        spans.append(time.perf_counter() - started)
    peak = peak_of_children()
    await pool.close()
    sizes = (f"{v.width}x{v.height} {len(v.data) // 1024} kB" for v in made.variants.values())
    return statistics.median(spans) * 1000, peak, ", ".join(sizes)


async def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pictures", type=int, default=10)
    arguments.add_argument("--file", type=Path, help="a photograph; without it one is made")
    asked = arguments.parse_args()
    data = asked.file.read_bytes() if asked.file else alone(_PHOTO)
    plain_ms, plain_kb = map(float, alone(_DECODE, data, str(asked.pictures)).split())
    print(f"upload: {len(data) // 1024} kB")
    print(f"{'plain decode':12} {plain_ms:7.0f} ms  peak {plain_kb / 1024:5.0f} MB")
    for kind in ("attachment", "avatar", "header"):
        ms, kb, sizes = await through_the_pool(kind, data, asked.pictures)
        print(
            f"{kind:12} {ms:7.0f} ms  peak {kb / 1024:5.0f} MB  ratio {ms / plain_ms:.2f}  {sizes}"
        )


if __name__ == "__main__":
    asyncio.run(main())
