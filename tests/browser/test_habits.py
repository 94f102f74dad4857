"""Which test shows which habit that readers may expect of every explorer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HABITS = {
    "useful untouched": ["every_explorer::it_is_useful_untouched", "pages::nothing_moves_while_a_page_comes_alive"],
    "edit to picture at once": ["book::a_key_on_a_control_redraws_the_figure_and_the_table"],  # how fast: benchmarks/page.py
    "sliders with number boxes and units": ["every_explorer::numbers_have_a_slider_a_box_and_their_unit"],
    "events of the world are dragged on the timeline": [
        "book::a_pointer_drags_the_playhead_and_the_worlds_flag",
        "comparing::a_list_of_runs_is_edited_by_keys_and_its_first_end_is_dragged",
    ],
    "one playhead for all lanes, by mouse, touch and keys": [
        "book::a_pointer_drags_the_playhead_and_the_worlds_flag",
        "inclusive::a_finger_moves_the_playhead_sideways_and_still_scrolls_the_page",
        "every_explorer::keys_move_the_playhead_and_all_readouts_follow",
    ],
    "play, pause, speed": ["playhead::the_keys_of_the_playhead_go_where_the_map_says", "inclusive::the_speed_of_play_can_be_chosen"],
    "next and previous transition": ["every_explorer::keys_move_the_playhead_and_all_readouts_follow", "playhead::the_keys_of_the_playhead_go_where_the_map_says"],
    "a link to an instant": ["comparing::a_shared_comparison_opens_as_a_comparison"],
    "press a transition for its why": ["playhead::pressing_the_start_of_a_bar_tells_why_that_lane_changed"],
    "a why is followed back through its causes, and lights its lanes": [
        "playhead::a_why_can_be_followed_back_and_returned_from_by_keys",
        "playhead::pointing_at_a_clause_lights_its_lane",
        "playhead::moving_the_playhead_by_hand_forgets_the_way_back",
    ],
    "the YAML line lights up with its control": [
        "every_explorer::each_control_is_changed_by_keys_lights_its_line_and_is_undone_and_done_again",
        "playhead::what_a_control_writes_lights_up_in_excerpt_manifest_and_stored_object",
    ],
    "phase, conditions, container states and STATUS as lanes": ["pages::nothing_leaves_the_frame_and_no_lane_name_is_cut", "views::a_view_looks_as_its_reference_in_any_font"],
    "kubectl get, describe, events and YAML at the playhead": [
        "book::kubectl_follows_the_playhead",
        "every_explorer::keys_move_the_playhead_and_all_readouts_follow",
        "playhead::describe_is_what_python_prints_at_every_instant",
        "playhead::the_lines_of_describe_that_the_last_transition_changed_are_marked",
    ],
    "the manifest as written and as stored": ["every_explorer::the_manifest_stands_beside_what_is_stored", "playhead::the_manifest_says_who_added_a_line_and_why"],
    "compare A and B on one axis": ["every_explorer::two_runs_can_be_compared", "comparing::two_runs_stand_on_one_axis_with_the_difference_in_a_sentence"],
    "a preset for each misconception": ["every_explorer::each_preset_shows_its_run_at_its_instant"],
    "share link": [
        "every_explorer::a_link_holds_what_differs_from_the_page",
        "comparing::a_shared_comparison_opens_as_a_comparison",
        "comparing::a_bad_link_is_told_and_changes_nothing",
    ],
    "reset, undo and redo": [
        "every_explorer::each_control_is_changed_by_keys_lights_its_line_and_is_undone_and_done_again",
        "comparing::what_is_undone_is_done_again_by_keys",
        "book::undo_takes_a_change_back",
    ],
    "predict before you see": ["predict::nothing_tells_before_it_is_locked", "predict::a_marker_is_placed_and_locked_with_keys_alone"],
    "full keyboard, told behind ?": [
        "layout::tab_walks_from_the_head_to_the_readouts_and_every_stop_shows_it",
        "playhead::every_key_is_told_behind_a_question_mark_and_the_focus_comes_back",
        "every_explorer::each_control_is_changed_by_keys_lights_its_line_and_is_undone_and_done_again",
    ],
    "a text table of the same facts": ["every_explorer::its_table_tells_what_python_tells_and_a_time_in_it_moves_the_playhead"],
    "nothing by colour alone": ["inclusive::no_two_tones_look_alike_in_grey", "inclusive::with_the_readers_own_colours_the_playhead_and_what_is_chosen_are_still_seen"],
    "reduced motion": ["inclusive::without_motion_play_goes_from_transition_to_transition", "predict::a_dragged_marker_is_right_within_its_tolerance"],
    "200 % zoom": ["inclusive::letters_of_twice_the_size_fit", "pages::nothing_leaves_the_frame_and_no_lane_name_is_cut"],
    "360 px and touch": ["pages::a_finger_hits_every_control_on_a_phone", "pages::no_page_scrolls_sideways"],
    "light and dark": ["pages::axe_finds_nothing", "views::a_view_looks_as_its_reference_in_any_font"],
    "present on a projector": ["layout::presenting_fills_the_window_and_keeps_keys_inside"],
    "print": ["inclusive::paper_is_light_and_shows_what_a_screen_unfolds"],
    "a picture with a table without JavaScript": ["book::without_javascript_there_are_a_picture_and_a_table"],
    "the recorded run without Python": ["states::without_python_the_recorded_run_can_still_be_read", "arrival::a_visited_page_is_live_without_a_network"],
    "version and what is not modelled": ["every_explorer::version_and_limits_are_told"],
    "the same in notebooks": ["jupyterlab::a_reader_does_the_same_in_the_site_and_in_jupyter"],
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_is_shown_by_tests_that_exist(habit: str) -> None:
    assert HABITS[habit]
    for named in HABITS[habit]:
        file, _, test = named.partition("::")
        tree = ast.parse(Path(__file__).with_name(f"test_{file}.py").read_text("utf-8"))
        assert f"test_{test}" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
