"""The first screen of a page as a PNG for the group chat, drawn by an installed headless Chromium."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
WIDTH, SCALE = 540, 2
"""540 points at double density give 1080 pixels, readable on a phone."""

TALLEST = 6000
MOST_BYTES = 2_000_000
"""The limit of a WeCom group robot is 2 MB."""

_TIMEOUT_SECONDS = 60


def browser(wanted: str) -> str:
    """The configured browser, or the first one found; "" if there is none."""
    for name in (wanted,) if wanted else BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    return ""


def picture(program: str, page: Path, target: Path, scale: int = SCALE, tallest: int = TALLEST) -> str:
    """Draw the page's first screen into ``target``; return "", or one line on why there is no picture.

    ``scale`` is pixels per point; everything below ``tallest`` points is cut off.
    """
    address = f"{page.resolve().as_uri()}#picture"
    with tempfile.TemporaryDirectory() as profile:
        beside = Path(profile) / "picture.png"
        try:
            height = min(_height(_run(program, profile, TALLEST, scale, "--dump-dom", address)), tallest)
            _run(program, profile, height, scale, f"--screenshot={beside}", address)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            return f"none: {Path(program).name} failed ({type(error).__name__})"
        if not beside.exists() or beside.stat().st_size > MOST_BYTES:
            return f"none: {Path(program).name} made none below {MOST_BYTES:,} bytes"
        content = beside.read_bytes()
    from followthrough.paths import write_atomically

    write_atomically(target, content, mode=0o644)
    return ""


def _height(dom: str) -> int:
    """The height that the page's script writes to its root element."""
    start = dom.index('data-height="') + len('data-height="')
    return int(dom[start : dom.index('"', start)])


def _run(program: str, profile: str, height: int, scale: int, *arguments: str) -> str:
    command = [
        program,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-extensions",
        "--hide-scrollbars",
        f"--user-data-dir={profile}",
        f"--force-device-scale-factor={scale}",
        f"--window-size={WIDTH},{height}",
        *arguments,
    ]
    if os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    done = subprocess.run(  # noqa: S603 the program is the setting's or found on PATH
        command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=True
    )
    return done.stdout
