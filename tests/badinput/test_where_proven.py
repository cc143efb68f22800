"""Bad input, and where it is proven that it is answered well: no line of the list may point nowhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

#: A situation, and the tests that show what a user is told in it.
PROVEN = {
    "an unknown pupil, lesson, work kind, scale, marker": [
        "journals/test_record.py::test_what_nobody_knows_is_an_error_that_names_the_nearest",
        "badinput/test_at_the_shell.py::test_an_unknown_name_is_told_with_the_nearest_and_nothing_is_written",
        "badinput/test_at_the_shell.py::test_an_unknown_marker_is_told_with_the_nearest",
        "exchange/csvset/test_faults.py::test_one_change_is_told_with_its_place_and_nothing_else_is",
    ],
    "a value outside its scale": [
        "journals/test_record.py::test_what_is_not_allowed_is_refused_and_logged",
        "badinput/test_at_the_shell.py::test_a_value_outside_the_scale_is_a_refusal",
    ],
    "a pupil who is not on the roll that day; a mark before its lesson": [
        "journals/test_record.py::test_what_is_not_allowed_is_refused_and_logged",
    ],
    "a mark in the future": [
        "journals/test_record.py::test_evidence_from_the_future_is_refused",
        "exchange/csvset/test_faults.py::test_one_change_is_told_with_its_place_and_nothing_else_is",
    ],
    "a value of another type: in a draft, inside a draft, in a correction, as an argument": [
        "journals/test_wrong_types.py::test_a_wrong_type_in_a_draft_is_told_with_its_place",
        "journals/test_wrong_types.py::test_what_is_wrong_inside_is_told_by_its_path",
        "journals/test_wrong_types.py::test_a_correction_holds_its_values_to_their_types",
        "journals/test_wrong_types.py::test_a_wrong_argument_is_told_with_its_name",
        "journals/test_wrong_types.py::test_what_is_no_draft_is_told_and_nothing_is_written",
    ],
    "a naive datetime": [
        "journals/test_record.py::test_a_naive_datetime_is_no_moment",
        "badinput/test_at_the_shell.py::test_a_moment_without_an_offset_is_no_moment",
    ],
    "an unknown time zone": [
        "badinput/test_at_the_shell.py::test_an_unknown_time_zone_is_told_with_the_nearest",
    ],
    "a regulation with a misspelt field, an unknown anchor, an empty window": [
        "rules/test_loading.py::test_a_mistake_is_told_with_its_place",
        "badinput/test_at_the_shell.py::test_a_faulty_regulation_is_told_with_the_path_of_the_fault",
    ],
    "a store that was cut": [
        "stores/test_files_faults.py::test_every_prefix_of_a_log_is_damage_with_its_place",
        "badinput/test_at_the_shell.py::test_a_store_that_was_cut_is_damage_and_is_left_alone",
    ],
    "a store that was edited": [
        "journals/test_record.py::test_an_edited_store_is_found_when_it_is_read",
        "stores/test_files_damage.py::test_every_flipped_bit_is_detected",
        "stores/test_sql.py::test_an_edited_database_is_located",
        "badinput/test_at_the_shell.py::test_a_store_that_was_edited_is_damage",
    ],
    "a store that another process has locked": [
        "stores/test_sql.py::test_a_database_that_another_process_writes_is_busy",
        "stores/test_files.py::test_a_book_that_another_process_writes_is_busy",
    ],
    "a database that may only be read, or is full": [
        "stores/test_sql.py::test_a_read_only_database_is_read_and_not_written",
        "stores/test_sql.py::test_a_full_database_takes_nothing",
        "stores/test_files_faults.py::test_a_full_read_only_or_broken_disk_is_named",
        "badinput/test_at_the_shell.py::test_a_database_that_may_only_be_read_is_read",
    ],
    "the same key with another body": [
        "journals/test_record.py::test_the_same_key_with_another_body_is_an_error",
    ],
    "two writers on one head": [
        "journals/test_record.py::test_two_writers_on_one_head_lose_nothing",
        "journals/test_record.py::test_a_stale_head_is_told_when_tries_run_out",
        "stores/test_files_faults.py::test_a_writer_overtaken_at_any_moment_is_never_acknowledged",
    ],
    "an import that is faulty, was imported before, broke off, or contradicts the journals": [
        "exchange/csvset/test_faults.py::test_faults_of_all_files_are_in_one_list_and_nothing_comes_in",
        "exchange/csvset/test_commit.py::test_a_second_run_changes_nothing",
        "exchange/csvset/test_commit.py::test_what_broke_off_is_completed",
        "exchange/csvset/test_commit.py::test_a_row_that_the_journals_refuse_keeps_the_set_out",
    ],
}


@pytest.mark.parametrize("situation", PROVEN)
def test_what_is_told_is_tested_where_the_list_says(situation):
    """Each test that the list names is there, under that name."""
    for name in PROVEN[situation]:
        file, _, test = name.partition("::")
        tree = ast.parse((TESTS / file).read_text("utf-8"))
        names = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        assert test in names, name
