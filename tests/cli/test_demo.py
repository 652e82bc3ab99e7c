"""`stillup demo` as a newcomer meets it: everything shows that it is simulated, and nothing is left behind."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent


def patient_get(url: str) -> httpx.Response:
    """What a page that may not be there yet says in the end."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = httpx.get(url, headers={"accept": "*/*" if "/api/" in url else "text/html"})
        except httpx.TransportError:
            continue
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
    raise TimeoutError(url)


def test_everything_says_that_it_is_simulated_and_is_gone_afterwards(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "demo", "--port", "0", "--speed", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
    ) as process:
        try:
            assert process.stdout
            told = ""
            while "Stop with" not in told and (line := process.stdout.readline()):
                told += line
            match = re.search(r"the dashboard +(http://127\.0\.0\.1:\d+)", told)
            assert match, told
            base = match[1]
            for path in ("/", "/services/sim-chatgpt", "/methodology", "/no-such-page"):
                page = patient_get(base + path).text
                assert "<title>Simulated: " in page
                assert "<strong>Simulated.</strong>" in page
            assert " (simulated)</title>" in patient_get(f"{base}/badge/sim-chatgpt.svg").text
            for path in ("services", "services/sim-chatgpt", "services/sim-chatgpt/history"):
                assert patient_get(f"{base}/api/v1/{path}").json()["simulated"] is True
            process.send_signal(signal.SIGINT)
            _, complaints = process.communicate(timeout=30)
        finally:
            process.kill()
    assert "Traceback" not in complaints
    assert list(tmp_path.iterdir()) == []
