"""A real Superset takes the bundle, and shows it in a real browser."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from followthrough.reports.superset import bundle

HERE = Path(__file__).with_name("superset")
BROWSER = shutil.which("chromium")
SECONDS_TO_START = 180
SECONDS_TO_DRAW = 60
MILLISECONDS_TO_MOVE = 3000
"""Charts grow from nothing after they are loaded."""

pytestmark = pytest.mark.soak


class Superset:
    """An installation in a folder of its own, with one account made for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.password = folder, secrets.token_urlsafe()
        self._bin = folder / "venv" / "bin"
        self._environment = {
            **os.environ,
            "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
            "FLASK_APP": "superset",
            "SUPERSET_TEST_HOME": str(folder),
            "SUPERSET_TEST_KEY": secrets.token_hex(),
        }
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        self.run("pip", "install", "--quiet", "--requirement", str(HERE / "requirements.txt"))
        self.run("superset", "db", "upgrade")
        self.run(
            "superset",
            "fab",
            "create-admin",
            "--username",
            "admin",
            "--firstname",
            "a",
            "--lastname",
            "b",
            "--email",
            "a@example.com",
            "--password",
            self.password,
        )
        self.run("superset", "init")

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of its environment; what it printed."""
        done = subprocess.run(
            [self._bin / program, *arguments], env=self._environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def serve(self, port: int) -> subprocess.Popen[bytes]:
        """Start its web server on the loopback."""
        command = [self._bin / "superset", "run", "-h", "127.0.0.1", "-p", str(port)]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@pytest.fixture(scope="module")
def superset(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Superset:
    """A Superset that has imported the bundle of the sample's first nights."""
    installed = Superset(tmp_path_factory.mktemp("superset"))
    file = published / "published" / "current" / "followthrough.duckdb"
    (installed.folder / "bundle.zip").write_bytes(bundle(f"duckdb:///{file}"))
    return installed


def test_a_bundle_imported_twice_answers_in_every_chart(superset: Superset) -> None:
    told = superset.run("python", str(HERE / "ask.py"), str(superset.folder / "bundle.zip"))
    found = json.loads(told.strip().splitlines()[-1])
    assert {slug for slug, charts in found["dashboards"].items() if charts} == {
        "followthrough-daily",
        "followthrough-customers",
        "followthrough-trust",
    }
    assert sum(found["dashboards"].values()) == len(found["charts"])
    failed = {
        title: answer for title, answer in found["charts"].items() if "success" not in answer[0].lower()
    }
    assert not failed
    assert found["charts"]["净支付额"][1] > 0
    assert found["charts"]["各阶段人数"][1] > 0


@pytest.fixture
def address(superset: Superset) -> Iterator[str]:
    """Where it is served while a test runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server, url = superset.serve(port), f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5)
            break
        except OSError:
            assert time.monotonic() < deadline, "Superset does not answer"
            time.sleep(1)
    yield url
    server.terminate()
    server.wait(30)


@pytest.mark.skipif(BROWSER is None, reason="needs chromium on PATH")
@pytest.mark.parametrize("slug", ["followthrough-daily", "followthrough-customers", "followthrough-trust"])
def test_a_dashboard_is_drawn_without_an_error(
    superset: Superset, address: str, slug: str, tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 1500})
        page.goto(f"{address}/login/")
        page.fill("#username", "admin", timeout=SECONDS_TO_DRAW * 1000)
        page.fill("#password", superset.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=SECONDS_TO_DRAW * 1000)
        page.goto(f"{address}/superset/dashboard/{slug}/")
        page.wait_for_selector(".dashboard-chart", timeout=SECONDS_TO_DRAW * 1000)
        page.wait_for_function(
            "document.querySelectorAll('.dashboard-chart .loading').length === 0",
            timeout=SECONDS_TO_DRAW * 1000,
        )
        page.wait_for_timeout(MILLISECONDS_TO_MOVE)
        page.screenshot(path=tmp_path / f"{slug}.png")
        shown = page.inner_text("body")
        browser.close()
    for wrong in ("Unexpected error", "Error:", "DB engine Error", "undefined", "NaN"):
        assert wrong not in shown
