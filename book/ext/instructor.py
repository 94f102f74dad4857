"""The instructor's part: lesson plans, walkthroughs and answers, made from data that are checked against the book.

- `{lesson-plan} 45` is one plan of `book/instructor/plans.yaml`;
- `{walkthrough} tour` is `book/instructor/walkthroughs/tour.yaml`: its steps with what to say, and what presents them;
- `{self-test-answers}` sets `book/instructor/answers.yaml` beside the questions of the chapters;
- `{prediction-answers}` asks every prediction of the catalog.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from explorers import FOLDER, assets_of, data, markup, rich, scripts
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from podsim import explorers
from podsim.explorers import declarations
from podsim.explorers.declared import DeclarationError

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTOR = ROOT / "book" / "instructor"
NOTEBOOKS = ROOT / "notebooks"
ZOOMS = ("all", "start", "near")
STEP = {"explorer", "at", "say"}
STEP_MAY = STEP | {"set", "zoom", "lane", "ask"}
EXERCISE = {"minutes", "do", "check"}
EXERCISE_MAY = EXERCISE | {"chapter", "explorer", "preset", "prediction", "ask", "believe"}
QUESTIONS = re.compile(r"^## Check yourself\n+((?:\d+\. .*\n?)+)", re.MULTILINE)

Json = dict[str, Any]


class WrongPlan(ValueError):  # noqa: N818 - says what is wrong with data
    """A plan, a walkthrough or an answer that asks for what the book does not have."""


def chapters() -> dict[str, Json]:
    """Name of a notebook -> its `title`, its self-test's `questions`, the `explorers` and `predictions` that it places."""
    return {path.stem: chapter(path) for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))}


def chapter(path: Path) -> Json:
    """One notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    asked = QUESTIONS.search(prose)
    return {
        "title": re.search(r"^# (.+)$", prose, re.MULTILINE)[1],  # type: ignore[index]
        "questions": re.findall(r"^\d+\. (.*)$", asked[1], re.MULTILINE) if asked else [],
        "explorers": [cell["metadata"]["explorer"] for cell in cells if "explorer" in cell["metadata"]],
        "predictions": [cell["metadata"]["prediction"] for cell in cells if "prediction" in cell["metadata"]],
    }


def read(name: str) -> Any:
    """A data file of the instructor's part."""
    return yaml.safe_load((INSTRUCTOR / f"{name}.yaml").read_text(encoding="utf-8"))


def beliefs() -> dict[int, str]:
    """What learners usually believe, by the number that predictions give."""
    return dict(read("beliefs"))


def plan(minutes: int) -> list[Json]:
    """The exercises of a lesson, with what they name looked up; WrongPlan for what the book does not have."""
    exercises = read("plans")[minutes]
    if (planned := sum(one["minutes"] for one in exercises)) != minutes:
        raise WrongPlan(f"the exercises of the plan for {minutes} min take {planned} min")
    return [looked_up(one, f"plan for {minutes} min, exercise {n}") for n, one in enumerate(exercises, start=1)]


def looked_up(exercise: Json, where: str) -> Json:
    """An exercise with its chapter's title, the preset's, and the question and the belief of its prediction."""
    if wrong := (EXERCISE - exercise.keys()) | (exercise.keys() - EXERCISE_MAY):
        raise WrongPlan(f"{where}: {', '.join(sorted(wrong))}")
    found = dict(exercise)
    if "chapter" in exercise:
        there = chapters().get(exercise["chapter"])
        if there is None:
            raise WrongPlan(f"{where}: there is no chapter {exercise['chapter']}")
        found["title"] = there["title"]
        for kind in ("explorer", "prediction"):
            if kind in exercise and exercise[kind] not in there[f"{kind}s"]:
                raise WrongPlan(f"{where}: {exercise['chapter']} has no {kind} {exercise[kind]}")
    if "preset" in exercise:
        titles = {preset["id"]: preset["title"] for preset in declared(exercise["explorer"])["presets"]}
        if exercise["preset"] not in titles:
            raise WrongPlan(f"{where}: {exercise['explorer']} has no preset {exercise['preset']}")
        found["preset"] = titles[exercise["preset"]]
    if "prediction" in exercise:
        _, asked = declarations.asked(exercise["prediction"])
        found |= {"question": asked.question["en"], "believe": exercise.get("believe", beliefs()[asked.misconception])}
    return found


def declared(explorer_id: str) -> Json:
    """The declaration of an explorer."""
    return next(entry for entry in explorers.catalog() if entry["id"] == explorer_id)


def plan_text(minutes: int) -> Iterator[str]:
    """A plan as lines of Markdown: one term for each exercise."""
    begins = 0
    for one in plan(minutes):
        ends = begins + one["minutes"]
        link = f"[{one['title']}](../../notebooks/{one['chapter']}.ipynb)" if "chapter" in one else ""
        yield f"{begins} to {ends} min ({one['minutes']} min){': ' if link else ''}{link}"
        parts = {
            "Do": one["do"],
            "Figure": figure_of(one),
            "They predict": one.get("question"),
            "Ask": one.get("ask"),
            "They often believe": one.get("believe"),
            "Check": one["check"],
        }
        yield from (f": **{name}**: {text}" for name, text in parts.items() if text)
        yield ""
        begins = ends


def figure_of(exercise: Json) -> str | None:
    """The explorer, and the preset that it stands at."""
    if "explorer" not in exercise:
        return None
    at = f", preset *{exercise['preset']}*" if "preset" in exercise else ""
    return f"*{declared(exercise['explorer'])['title']}*{at}"


def answers_text() -> Iterator[str]:
    """The self-tests with their answers, as lines of Markdown."""
    there, answers = chapters(), read("answers")
    for name, found in there.items():
        given = answers.get(name, [])
        if len(given) != len(found["questions"]):
            raise WrongPlan(f"{name} asks {len(found['questions'])} questions, answers.yaml answers {len(given)}")
        if given:
            yield from (f"## [{found['title']}](../../notebooks/{name}.ipynb)", "")
            for question, answer in zip(found["questions"], given, strict=True):
                yield from (f"1. {question}", "", f"   → {answer.strip()}", "")
    if unknown := answers.keys() - there.keys():
        raise WrongPlan(f"answers.yaml answers what no chapter asks: {', '.join(sorted(unknown))}")


def predictions_text() -> Iterator[str]:
    """Every prediction as lines of Markdown: one term for each, in the order of the beliefs that they correct."""
    places = {asked: f"[{found['title']}](../../notebooks/{name}.ipynb)" for name, found in chapters().items() for asked in found["predictions"]}
    asked = [question["id"] for entry in explorers.catalog() for question in entry["predictions"]]
    played = [explorers.play(prediction) for prediction in asked]
    for one in sorted(played, key=lambda one: (one["prediction"]["misconception"], one["prediction"]["id"])):
        question, answer = one["prediction"], one["answer"]
        number, source = question["misconception"], answer["source"]
        parts = {
            "Question": question["question"],
            "Answer": answer["text"],
            "Because": answer["because"],
            "Source": f"<{source}>" if source.startswith("https://") else f"`{source}`",
            "Chapter": places.get(question["id"]),
        }
        yield f"{number} · {beliefs()[number]}"
        yield from (f": **{name}**: {' '.join(text.split())}" for name, text in parts.items() if text)
        yield ""


def walkthroughs() -> list[str]:
    """The names of the walkthroughs there are."""
    return sorted(path.stem for path in (INSTRUCTOR / "walkthroughs").glob("*.yaml"))


def walkthrough(name: str) -> Json:
    """{"title", "minutes", "steps"}; a step is {"explorer", "title", "values", "set", "at", "lane", "zoom", "say", "ask"}.

    `values` are those of all controls, `set` what the step says of them in words. Raises WrongPlan and DeclarationError.
    """
    given = read(f"walkthroughs/{name}")
    if given.keys() != {"title", "minutes", "steps"} or not given["steps"]:
        raise WrongPlan(f"{name}: a walkthrough has title, minutes and steps")
    return given | {"steps": [step(one, f"{name}, step {n}") for n, one in enumerate(given["steps"], start=1)]}


def step(given: Json, where: str) -> Json:
    """One step, its values checked by the explorer that it shows."""
    if wrong := (STEP - given.keys()) | (given.keys() - STEP_MAY):
        raise WrongPlan(f"{where}: {', '.join(sorted(wrong))}")
    try:
        shown = declarations.load(given["explorer"])
        result = explorers.evaluate(given["explorer"], given.get("set", {}))
    except DeclarationError as error:
        raise WrongPlan(f"{where}: {error}") from error
    if result["error"]:
        raise WrongPlan(f"{where}: {result['error']['message']}")
    timeline, lane, zoom = result["timeline"], given.get("lane"), given.get("zoom", "all")
    if not 0 <= given["at"] <= timeline["horizon"]:
        raise WrongPlan(f"{where}: the run goes from 0 to {timeline['horizon']:g} s, not to {given['at']} s")
    if lane is not None and lane not in (lanes := [one["id"] for one in timeline["lanes"]]):
        raise WrongPlan(f"{where}: lane {lane!r} is not one of {', '.join(lanes)}")
    if zoom not in ZOOMS:
        raise WrongPlan(f"{where}: zoom {zoom!r} is not one of {', '.join(ZOOMS)}")
    return {
        "explorer": shown.id,
        "title": shown.title["en"],
        "values": result["parameters"],
        "set": words(shown.id, given.get("set", {})),
        "at": given["at"],
        "lane": lane,
        "zoom": zoom,
        "say": " ".join(given["say"].split()),
        "ask": " ".join(given.get("ask", "").split()),
    }


def words(explorer_id: str, values: Json) -> str:
    """`each run lasts: 30 s, exit code: 0`."""
    controls = {control["id"]: control for control in declared(explorer_id)["controls"]}

    def said(control: Json, value: Any) -> str:
        choice = next((choice["label"] for choice in control["choices"] or [] if choice["value"] == value), None)
        plain = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        return f"{control['label']}: {choice or plain}{' ' + control['unit'] if control['unit'] else ''}"

    return ", ".join(said(controls[name], value) for name, value in values.items())


class Made(SphinxDirective):
    """A directive whose content is Markdown that is made from data."""

    def parsed(self, lines: Iterator[str]) -> list[nodes.Node]:
        for file in (*INSTRUCTOR.rglob("*.yaml"), *NOTEBOOKS.glob("*.ipynb")):
            self.env.note_dependency(str(file))
        holder = nodes.Element()
        try:
            self.state.nested_parse(StringList(list(lines), self.env.docname), self.content_offset, holder, match_titles=True)
        except (WrongPlan, DeclarationError) as wrong:
            raise self.error(str(wrong)) from wrong
        return list(holder.children)


class LessonPlan(Made):
    """`{lesson-plan} 45`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return self.parsed(plan_text(int(self.arguments[0])))


class SelfTestAnswers(Made):
    """`{self-test-answers}`."""

    def run(self) -> list[nodes.Node]:
        return self.parsed(answers_text())


class PredictionAnswers(Made):
    """`{prediction-answers}`."""

    def run(self) -> list[nodes.Node]:
        return self.parsed(predictions_text())


class presented(nodes.General, nodes.Element):  # noqa: N801 - docutils' way
    """The place of a walkthrough; `name` names it."""


class WalkthroughDirective(SphinxDirective):
    """`{walkthrough} NAME`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(INSTRUCTOR / "walkthroughs" / f"{self.arguments[0]}.yaml"))
        try:
            walkthrough(self.arguments[0])
        except (WrongPlan, FileNotFoundError) as wrong:
            raise self.error(str(wrong)) from wrong
        return [presented(name=self.arguments[0])]


def visit_presented(translator: Any, node: presented) -> None:
    translator.body.append(presentation(walkthrough(node["name"]), translator.builder.config.language))
    raise nodes.SkipNode


def skip_presented(_translator: Any, _node: presented) -> None:
    raise nodes.SkipNode


def presentation(shown: Json, language: str) -> str:
    """The element, useful as it stands: the steps with what to say, and the explorers that they show."""
    steps = "".join(
        f"<li><p><b>{escape(one['title'])}</b> at {one['at']:g} s{' · ' + escape(one['set']) if one['set'] else ''}</p><p>{rich(one['say'])}</p>"
        f"{'<p><b>Ask:</b> ' + rich(one['ask']) + '</p>' if one['ask'] else ''}</li>"
        for one in shown["steps"]
    )
    figures = "".join(markup(explorer, language, inputs=True) for explorer in dict.fromkeys(one["explorer"] for one in shown["steps"]))
    return f'<pod-walkthrough>\n<script type="application/json" data-part="walkthrough">{data(shown)}</script>\n<ol class="steps">{steps}</ol>\n{figures}</pod-walkthrough>\n'


def add_presenter(app: Sphinx, page: str, _template: str, context: Json, doctree: nodes.document | None) -> None:
    """The loader and the presenter's styles, on pages with a walkthrough."""
    if doctree is None or not any(True for _ in doctree.findall(presented)):
        return
    folder = f"{'../' * page.count('/')}{FOLDER}/{assets_of(app).name}"
    own = f'<link rel="stylesheet" href="{folder}/walkthrough.css">\n'
    context["metatags"] = context.get("metatags", "") + scripts(app, page) + own


def setup(app: Sphinx) -> Json:
    """Registers the directives."""
    app.add_node(
        presented,
        html=(visit_presented, None),
        **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip_presented, None)),  # type: ignore[arg-type]
    )
    app.add_directive("lesson-plan", LessonPlan)
    app.add_directive("self-test-answers", SelfTestAnswers)
    app.add_directive("prediction-answers", PredictionAnswers)
    app.add_directive("walkthrough", WalkthroughDirective)
    app.connect("html-page-context", add_presenter)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
