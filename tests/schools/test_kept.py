"""School and regulation beside the books, and in tables: kept, replaced, missed and found damaged."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mysql

import edujournal as ej
from edujournal.adapters.schools import (
    PlainSchool,
    keep,
    keep_regulations,
    kept_regulations,
    kept_school,
)
from edujournal.adapters.schools.sql import SqlSchool, save
from edujournal.adapters.stores.memory import MemoryStore


@pytest.fixture
def school():
    """A small school."""
    return ej.samples.school(["7A"])


def renamed(school, id):
    """The same school under another id: without its years, that is."""
    return PlainSchool(id, (), (), (), (), school.accounts())


def test_the_only_school_of_a_store_need_not_be_named(school):
    """What was kept is given back; with a second school one must say which is meant."""
    store = MemoryStore()
    with pytest.raises(ej.Unknown, match="an empty store"):
        kept_school(store)
    keep(store, school)
    assert school == kept_school(store) == kept_school(store, school.id)
    keep(store, renamed(school, "s-27"))

    with pytest.raises(
        ej.BadInput, match=r"several schools in one store, expected one id, found s-26, s-27"
    ):
        kept_school(store)
    with pytest.raises(ej.Unknown, match=r"unknown school 's-28' @ school.json. Did you mean"):
        kept_school(store, "s-28")


def test_documents_that_are_not_what_was_kept_are_damage(school):
    """A store whose documents were changed by another hand is not believed."""
    store = MemoryStore()
    store.keep("s-26", "school.json", b"{}")
    with pytest.raises(ej.StoreDamaged, match="no id of the school"):
        kept_school(store, "s-26")
    store.keep("s-26", "regulation.toml", b"id = 5")
    with pytest.raises(ej.StoreDamaged):
        kept_regulations(store, "s-26")


def test_a_school_without_its_data_is_unknown():
    """Books alone do not tell of a school."""
    store = MemoryStore()
    store.keep("s-26", "note.txt", b"x")
    with pytest.raises(ej.Unknown, match="unknown school 's-26'"):
        kept_school(store)


def test_regulations_are_kept_as_their_texts_and_replaced_whole(tmp_path):
    """Ids of shipped ones and paths of files; fewer of them take the place of more."""
    store = MemoryStore()
    assert () == kept_regulations(store, "s-26")
    own = tmp_path / "own.toml"
    own.write_text(
        'format = 1\nid = "own"\ntitle = { ru = "Свой", en = "Own" }\nsource = "x"\n'
        '[[clauses]]\nnumber = "1"\ngist = { ru = "п", en = "p" }\n',
        "utf-8",
    )
    keep_regulations(store, "s-26", ["ru-school26-2023", own])
    assert ["ru-school26-2023", "own"] == [one.id for one in kept_regulations(store, "s-26")]
    keep_regulations(store, "s-26", own)
    assert ["own"] == [one.id for one in kept_regulations(store, "s-26")]

    with pytest.raises(ej.BadRegulation):
        keep_regulations(store, "s-26", tmp_path / "none.toml")
    with pytest.raises(ej.Unknown, match="Did you mean 'ru-school26-2023'"):
        keep_regulations(store, "s-26", "ru-school26-2022")
    assert ["own"] == [one.id for one in kept_regulations(store, "s-26")]


def test_a_store_of_four_methods_keeps_no_documents(school):
    """It says so, and what to do instead."""
    with pytest.raises(ej.BadInput, match="a store that keeps no documents"):
        keep(object(), school)


# -- tables ----------------------------------------------------------------------------------------


def test_a_school_that_the_tables_do_not_have(school):
    """The nearest one is named; tables that are not there are an error of the store."""
    engine = create_engine("sqlite://")
    with pytest.raises(ej.StoreError, match="does not answer"):
        SqlSchool(engine, school.id)
    save(engine, school)
    with pytest.raises(ej.Unknown, match=r"unknown school 's-25'.* Did you mean 's-26'"):
        SqlSchool(engine, "s-25")
    engine.dispose()


def test_tables_of_a_later_version_are_refused(school):
    """What a later library wrote may mean something else."""
    engine = create_engine("sqlite://")
    save(engine, school)
    with engine.begin() as connection:
        connection.execute(text("UPDATE edujournal_school_schools SET version = 99"))
    with pytest.raises(ej.StoreTooNew, match="99"):
        SqlSchool(engine, school.id)
    engine.dispose()


@pytest.mark.parametrize("table", ["format", "schools"])
def test_nothing_is_saved_into_tables_of_a_later_version(school, table):
    """Neither where a school fills them, nor where they only say so and are empty."""
    engine = create_engine("sqlite://")
    save(engine, school)
    with engine.begin() as connection:
        if table == "format":
            connection.execute(text("DELETE FROM edujournal_school_schools"))
        connection.execute(text(f"UPDATE edujournal_school_{table} SET version = 99"))
    with pytest.raises(ej.StoreTooNew, match="99"):
        save(engine, school)
    with pytest.raises(ej.StoreTooNew, match="99"):
        SqlSchool(engine, school.id)
    engine.dispose()


@pytest.mark.parametrize("filled", [True, False])
def test_tables_of_an_older_version_say_how_to_mend_them(school, filled):
    """Also empty ones: what they lack is named, and what to do."""
    engine = create_engine("sqlite://")
    save(engine, school)
    with engine.begin() as connection:
        if not filled:
            connection.execute(text("DELETE FROM edujournal_school_schools"))
        connection.execute(text("DROP TABLE edujournal_school_format"))
        connection.execute(text("ALTER TABLE edujournal_school_lessons DROP COLUMN nonfunctional"))
    for use in (lambda: save(engine, school), lambda: SqlSchool(engine, school.id)):
        with pytest.raises(ej.BadInput, match=r"older version.*lessons\.nonfunctional.*migration"):
            use()
    engine.dispose()


def test_tables_that_say_no_version_and_are_right_are_stamped(school):
    """Tables were there before they said their version."""
    engine = create_engine("sqlite://")
    save(engine, school)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE edujournal_school_format"))
    assert SqlSchool(engine, school.id).id == school.id
    save(engine, school)
    with engine.begin() as connection:
        asked = connection.execute(text("SELECT name, version FROM edujournal_school_format"))
        assert [("schools", 1)] == [tuple(row) for row in asked]
    engine.dispose()


def test_a_save_that_fails_leaves_what_was_there(school):
    """The tables are the host's: without them nothing is made, and nothing is lost."""
    engine = create_engine("sqlite://")
    with pytest.raises(ej.StoreError, match="does not answer"):
        save(engine, school, create=False)
    save(engine, school)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE edujournal_school_names"))
    with pytest.raises(ej.StoreError):
        save(engine, renamed(school, school.id), create=False)

    found = {lesson.id: lesson for lesson in SqlSchool(engine, school.id).lessons()}
    assert {lesson.id: lesson for lesson in school.lessons()} == found
    engine.dispose()


def test_a_database_that_cannot_unfold_a_list_is_asked_in_parts(school, monkeypatch):
    """Where one parameter cannot stand for many ids, some hundred are named at a time."""
    engine = create_engine("sqlite://")
    save(engine, school)
    found = SqlSchool(engine, school.id)
    ids = [lesson.id for lesson in school.lessons()]
    monkeypatch.setattr(engine.dialect, "name", mysql.dialect.name)
    monkeypatch.setattr("edujournal.adapters.schools.sql.CHUNK", 50)

    assert sorted(ids) == sorted(lesson.id for lesson in found.lessons(ids=[*ids, "none"]))
    assert () == found.lessons(ids=[])
    engine.dispose()


def test_names_in_tables_are_those_of_the_school(school):
    """A group without a name has its title; an id that nobody named is its own name."""
    engine = create_engine("sqlite://")
    save(engine, school)
    found = SqlSchool(engine, school.id)
    asked = [("account", "t-ivanova"), ("group", "7A"), ("subject", "alg"), ("pupil", "p-999")]

    assert [school.name(*one) for one in asked] == [found.name(*one) for one in asked]
    assert school.lacks == found.lacks
    engine.dispose()
