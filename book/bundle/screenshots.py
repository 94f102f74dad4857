"""Pictures of the built book, at three widths, light and dark; the README's picture is one of them. And the picture of social cards.

python book/bundle/screenshots.py build/_build/html build/screenshots book/screenshot.png book/assets/card.png
"""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

from browser import ARGUMENTS, executable
from playwright.sync_api import Browser, sync_playwright
from serve import server

from podsim import explorers
from podsim.timeline import svg

PAGES = {"landing": "book/index.html", "create": "notebooks/02-create-to-running.html", "restarts": "notebooks/06-restarts.html"}
WIDTHS = {360: 780, 768: 1024, 1280: 900}
README_PICTURE = "restarts-1280-light.png"
CARD = {"width": 1200, "height": 630}
MARGIN = 60
LANES = ["world", "phase", "status", "condition/Ready", "containers", "ending"]
HEAD = f"""<!doctype html><style>
body {{ margin: {MARGIN}px; font-family: system-ui, sans-serif; color: #222832; background: #fff; }}
h1 {{ font-size: 60px; margin: 0; }} p {{ font-size: 28px; margin: 8px 0 28px; }}
svg {{ width: {CARD["width"] - 2 * MARGIN}px; height: auto; }}
</style><h1>The Life of a Pod</h1><p>An explorable book about Kubernetes Pods</p>"""


def card(browser: Browser, target: Path) -> None:
    """The book's name above the landing page's figure."""
    page = browser.new_page(viewport=CARD)  # type: ignore[arg-type]
    page.set_content(HEAD + svg.draw(explorers.evaluate("life", {})["timeline"], 700, lanes=LANES, standalone=True))
    page.screenshot(path=target)
    page.close()


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
        if len(sys.argv) > 4:
            card(browser, Path(sys.argv[4]))
        browser.close()
    running.shutdown()
    if len(sys.argv) > 3:
        shutil.copy(out / README_PICTURE, sys.argv[3])


if __name__ == "__main__":
    main()
