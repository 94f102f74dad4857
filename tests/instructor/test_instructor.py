"""Plans, walkthroughs and answers name what the book has; what they get wrong is said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from podsim import explorers
from podsim.explorers.prediction import MISCONCEPTIONS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "ext"))

import instructor  # noqa: E402

PAGES = ROOT / "book" / "instructor"
Json = dict[str, Any]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Lets a data file hold something else."""
    read = instructor.read

    def replace(name: str, content: Any) -> None:
        monkeypatch.setattr(instructor, "read", lambda wanted: content if wanted == name else read(wanted))

    return replace


@pytest.mark.parametrize("minutes", [45, 90, 180])
def test_a_plan_fills_its_minutes_with_what_the_chapters_have(minutes: int) -> None:
    exercises = instructor.plan(minutes)
    assert sum(one["minutes"] for one in exercises) == minutes
    assert sum("prediction" in one for one in exercises) >= sum("chapter" in one for one in exercises) / 2
    assert [one["do"] for one in exercises if "chapter" in one and not one.get("believe")] == []


def test_every_chapter_has_a_place_in_the_longest_plan() -> None:
    assert instructor.chapters().keys() - {one.get("chapter") for one in instructor.plan(180)} == set()


@pytest.mark.parametrize(
    ("exercise", "complaint"),
    [
        ({"chapter": "13-gone"}, "there is no chapter 13-gone"),
        ({"chapter": "06-restarts", "explorer": "life"}, "06-restarts has no explorer life"),
        ({"chapter": "06-restarts", "prediction": "half-pending"}, "06-restarts has no prediction half-pending"),
        ({"chapter": "06-restarts", "explorer": "crash-loop", "preset": "gone"}, "crash-loop has no preset gone"),
        ({"chaptre": "06-restarts"}, "chaptre"),
        ({"minutes": 44}, "take 44 min"),
    ],
)
def test_a_plan_with_anything_else_is_refused(given: Callable[[str, Any], None], exercise: Json, complaint: str) -> None:
    given("plans", {45: [{"minutes": 45, "do": "Look.", "check": "They look."} | exercise]})
    with pytest.raises(instructor.WrongPlan, match=complaint):
        instructor.plan(45)


def test_the_plan_says_what_they_predict_and_believe() -> None:
    text = "\n".join(instructor.plan_text(45))
    assert "30 to 36 min (6 min): [Images](../../notebooks/05-images.ipynb)" in text
    assert ": **They often believe**: `ErrImagePull` and `ImagePullBackOff` are two different errors." in text
    assert ": **They predict**: The registry refuses every pull." in text


def test_every_belief_has_a_sentence() -> None:
    assert sorted(instructor.beliefs()) == list(range(1, MISCONCEPTIONS + 1))


def test_every_question_of_a_chapter_has_an_answer() -> None:
    answers = yaml.safe_load((PAGES / "answers.yaml").read_text(encoding="utf-8"))
    there = instructor.chapters()
    assert {name: len(answers.get(name, [])) for name in there} == {name: len(found["questions"]) for name, found in there.items()}
    assert all(len(found["questions"]) == 3 for found in there.values())
    assert answers.keys() <= there.keys()


def test_a_missing_answer_stops_the_build(given: Callable[[str, Any], None]) -> None:
    given("answers", {"06-restarts": ["Yes."]})
    with pytest.raises(instructor.WrongPlan, match="asks 3 questions"):
        list(instructor.answers_text())


def test_no_page_for_students_holds_an_answer_to_the_self_tests() -> None:
    answers = [answer for given in yaml.safe_load((PAGES / "answers.yaml").read_text(encoding="utf-8")).values() for answer in given]
    pages = [*(ROOT / "notebooks").glob("*.ipynb"), ROOT / "book" / "index.md", *(ROOT / "book" / "reference").glob("*.md")]
    assert [page.name for page in pages for answer in answers if answer[:60] in page.read_text(encoding="utf-8")] == []


def test_every_prediction_of_the_catalog_is_answered_once() -> None:
    lines = list(instructor.predictions_text())
    asked = [question for entry in explorers.catalog() for question in entry["predictions"]]
    assert [int(line.split()[0]) for line in lines if line[:1].isdigit()] == sorted(question["misconception"] for question in asked)
    assert sorted(line for line in lines if line.startswith(": **Question**")) == sorted(f": **Question**: {question['question']}" for question in asked)
    first = lines.index("8 · The first restart has to wait.")
    assert lines[first + 2] == ": **Answer**: It does not wait"
    assert lines[first + 5] == ": **Chapter**: [Restarts and back-off](../../notebooks/06-restarts.ipynb)"


def test_three_walkthroughs_can_be_presented() -> None:
    assert len(instructor.walkthroughs()) >= 3


@pytest.mark.parametrize("name", instructor.walkthroughs())
def test_a_walkthrough_shows_what_the_explorers_can(name: str) -> None:
    shown = instructor.walkthrough(name)
    assert any(one["ask"] for one in shown["steps"])
    assert 1 <= shown["minutes"] / len(shown["steps"]) <= 5
    assert f"```{{walkthrough}} {name}\n" in (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"book/instructor/{name}\n" in (ROOT / "_toc.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ({"explorer": "gone"}, "gone"),
        ({"set": {"exit-cod": 1}}, "exit-cod"),
        ({"set": {"exit-code": 2}}, "exit-code"),
        ({"set": {"run-length": 5000}}, "run-length"),
        ({"at": 1300}, "from 0 to 1200 s"),
        ({"lane": "gone"}, "lane 'gone'"),
        ({"zoom": "far"}, "zoom 'far'"),
        ({"note": "…"}, "note"),
    ],
)
def test_a_step_that_cannot_be_shown_is_refused(given: Callable[[str, Any], None], step: Json, complaint: str) -> None:
    whole = {"explorer": "crash-loop", "at": 5, "say": "Look."} | step
    given("walkthroughs/short", {"title": "Short", "minutes": 1, "steps": [whole]})
    with pytest.raises(instructor.WrongPlan, match=complaint):
        instructor.walkthrough("short")


def test_a_step_without_words_is_refused(given: Callable[[str, Any], None]) -> None:
    given("walkthroughs/short", {"title": "Short", "minutes": 1, "steps": [{"explorer": "crash-loop", "at": 5}]})
    with pytest.raises(instructor.WrongPlan, match="say"):
        instructor.walkthrough("short")


def test_a_step_names_its_values_as_the_controls_do() -> None:
    assert instructor.words("crash-loop", {"run-length": 660, "oom": True}) == "each run lasts: 660 s, memory runs out: yes"


def test_the_example_for_authors_is_a_walkthrough(given: Callable[[str, Any], None]) -> None:
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    given("walkthroughs/example", yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0]))
    assert [one["values"]["exit-code"] for one in instructor.walkthrough("example")["steps"]] == [1, 0]
