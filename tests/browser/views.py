"""Six figures as they should look, without their words: fonts differ from machine to machine, lanes, bars, patterns and marks do not.

`make references` takes them anew; look at each before you commit it.
"""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, executable, serving
from tests.browser.reading import CRASH_LOOP, LANDING

FOLDER = Path(__file__).with_name("references")
PANELS = FOLDER / "panels.json"
LIVE = 60_000  # ms
WORDLESS = """.stage :is(text, .gut, .flag, .knob, .curtain *) { visibility: hidden !important; }
.stage *, .stage *::before, .stage *::after { color: transparent !important; transition: none !important; }"""
# left edge and width of each part, in px of its frame, from top to bottom
MEASURE = """frame => {
    const parts = [".head", ".presets", ".controls", ".figure", ".stage", ".transport", ".ask", ".left", ".term", ".because", ".box.yaml", ".tabs", ".foot"];
    const own = frame.getBoundingClientRect();
    return parts.map(part => [part, [...frame.querySelectorAll(part)].find(e => e.checkVisibility())?.getBoundingClientRect()])
        .filter(([, box]) => box).sort(([, a], [, b]) => a.top - b.top || a.left - b.left)
        .map(([part, box]) => [part, Math.round(box.left - own.left), Math.round(box.width)]);
}"""
WHOLE = """stage => {
    stage.style.marginTop = "0";
    const top = stage.getBoundingClientRect().top + scrollY;
    stage.style.marginTop = `${Math.ceil(top) - top}px`;
}"""
# the part of two pictures' pixels of which a channel differs by more than `step`; 1 where their sizes differ
DIFFERENCE = """async ([one, other, step]) => {
    const pixels = async data => {
        const picture = Object.assign(new Image(), {src: "data:image/png;base64," + data});
        await picture.decode();
        const {width, height} = picture;
        const paper = new OffscreenCanvas(width, height).getContext("2d");
        paper.drawImage(picture, 0, 0);
        return {width, height, data: paper.getImageData(0, 0, width, height).data};
    };
    const [a, b] = [await pixels(one), await pixels(other)];
    if (a.width !== b.width || a.height !== b.height) return 1;
    let differ = 0;
    for (let i = 0; i < a.data.length; i += 4) differ += [0, 1, 2].some(c => Math.abs(a.data[i + c] - b.data[i + c]) > step);
    return differ / (a.width * a.height);
}"""

Panels = list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class View:
    path: str
    element: str
    width: int = 1280
    scheme: str = "light"


VIEWS = {
    "landing": View(LANDING, "pod-explorer"),
    "restarts": View(CRASH_LOOP, "pod-explorer[explorer=crash-loop]"),
    "restarts-dark": View(CRASH_LOOP, "pod-explorer[explorer=crash-loop]", scheme="dark"),
    "restarts-phone": View(CRASH_LOOP, "pod-explorer[explorer=crash-loop]", width=360),
    "prediction": View(CRASH_LOOP, "pod-prediction[prediction=exit-zero]", width=768),
    "playground": View("book/playground.html", "pod-playground"),
}


def opened(browser: Browser, origin: str, view: View) -> Page:
    """The view's page, drawn, without the words in its figures."""
    page = browser.new_page(viewport={"width": view.width, "height": 900}, color_scheme=view.scheme)
    page.goto(f"{origin}/{view.path}", wait_until="domcontentloaded")
    page.locator(":is(pod-explorer, pod-playground):not([data-state=live])").first.wait_for(state="detached", timeout=LIVE)
    page.locator(f"{view.element} .stage.drawn").wait_for()
    page.add_style_tag(content=WORDLESS)
    return page


def figure(page: Page, view: View) -> bytes:
    """The figure's pixels; the letters above it must not move it by a part of one."""
    stage = page.locator(f"{view.element} .stage")
    stage.evaluate(WHOLE)
    return stage.screenshot(animations="disabled")


def panels(page: Page, view: View) -> Panels:
    return [(part, left, width) for part, left, width in page.locator(view.element).evaluate(MEASURE)]


def difference(page: Page, one: bytes, other: bytes, step: int) -> float:
    return float(page.evaluate(DIFFERENCE, [base64.b64encode(one).decode(), base64.b64encode(other).decode(), step]))


def main() -> None:
    """Writes what the views look like now."""
    FOLDER.mkdir(exist_ok=True)
    running = serving()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    measured = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for name, view in VIEWS.items():
            page = opened(browser, f"http://127.0.0.1:{running.server_port}", view)
            page.wait_for_timeout(1000)  # until nothing is drawn any more
            (FOLDER / f"{name}.png").write_bytes(figure(page, view))
            measured[name] = panels(page, view)
            page.close()
            print(name, flush=True)
        browser.close()
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in measured.items())
    PANELS.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    running.shutdown()


if __name__ == "__main__":
    main()
