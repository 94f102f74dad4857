"""Pictures of the built book, at three widths, light and dark; the README's picture is one of them.

python book/bundle/screenshots.py build/_build/html build/screenshots
"""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

from browser import ARGUMENTS, executable
from playwright.sync_api import sync_playwright
from serve import server

PAGES = {"landing": "book/index.html", "create": "notebooks/02-create-to-running.html", "restarts": "notebooks/06-restarts.html"}
WIDTHS = {360: 780, 768: 1024, 1280: 900}
README_PICTURE = "restarts-1280-light.png"


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    running = server(folder, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for theme in ("light", "dark"):
            for width, height in WIDTHS.items():
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1)
                context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
                for name, path in PAGES.items():
                    page = context.new_page()
                    page.goto(f"http://127.0.0.1:{running.server_port}/{path}")
                    page.locator("pod-explorer[data-state=live]").first.wait_for(timeout=60_000)
                    page.wait_for_timeout(300)
                    page.screenshot(path=out / f"{name}-{width}-{theme}.png", full_page=width != 1280)
                    page.close()
                    print(f"{name}-{width}-{theme}.png", flush=True)
                context.close()
        browser.close()
    running.shutdown()
    if len(sys.argv) > 3:
        shutil.copy(out / README_PICTURE, sys.argv[3])


if __name__ == "__main__":
    main()
