"""The browser that tests, benchmarks and screenshots use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# --no-sandbox: containers and CI run as root; the rest keeps the browser from calling home
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ADVICE = "no Chromium was found, and none could be downloaded: install one (Debian: apt-get install chromium-headless-shell), or set CHROMIUM to its path"


def executable() -> str | None:
    """Path of a system browser, or None where Playwright's own one is installed. Exits with advice where there is neither."""
    given = os.environ.get("CHROMIUM")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return None
    print("no Chromium on this machine: downloading Playwright's", flush=True)
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if done.returncode:
        raise SystemExit(ADVICE)
    return None


if __name__ == "__main__":
    print(executable() or "Playwright's own Chromium")
