"""The people of the sample school: all made up, none drawn from anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from edujournal.model.people import Account, Assignment, Membership, RoleSpan
from edujournal.samples.frame import CLASSES, SPLIT, STREAM, STREAMED
from edujournal.samples.timetable import HANDED_OVER, HOMEROOM, TEACHERS

#: The teacher who came inside the quarter, and one who left before the year began.
NEW: Final = ("t-belov", date(2026, 10, 1))
LEFT: Final = ("t-grishin", date(2026, 6, 1))

#: Who changed class, left or came: pupil → ((class, since, until), …).
CHANGED: Final[dict[str, tuple[tuple[str, date | None, date | None], ...]]] = {
    "p-18": (("7A", None, date(2026, 10, 12)), ("7B", date(2026, 10, 12), None)),
    "p-33": (("7B", None, date(2026, 10, 1)),),
    "p-84": (("3A", date(2026, 9, 21), None),),
}

#: How many pupils of each tenth class chose the stream.
STREAM_OF: Final = {"10A": 6, "10B": 5}

STAFF: Final = {
    "head": ("head", "Акимова Татьяна Павловна"),
    "deputy": ("deputy", "Рябова Ольга Николаевна"),
    "support": ("support", "Громов Илья Сергеевич"),
    "importer": ("importer", "Перенос данных"),
}

_TEACHERS: Final = {
    "t-belov": "Белов Антон Игоревич",
    "t-egorova": "Егорова Светлана Викторовна",
    "t-fedorova": "Фёдорова Анна Леонидовна",
    "t-grishin": "Гришин Пётр Иванович",
    "t-ivanova": "Иванова Мария Петровна",
    "t-kuznetsov": "Кузнецов Денис Олегович",
    "t-lebedev": "Лебедев Сергей Юрьевич",
    "t-morozova": "Морозова Елена Аркадьевна",
    "t-novikova": "Новикова Ирина Михайловна",
    "t-orlova": "Орлова Наталья Дмитриевна",
    "t-petrova": "Петрова Людмила Андреевна",
    "t-popova": "Попова Вера Степановна",
    "t-sidorov": "Сидоров Алексей Борисович",
    "t-smirnova": "Смирнова Юлия Романовна",
    "t-volkov": "Волков Роман Евгеньевич",
    "t-zaitseva": "Зайцева Дарья Константиновна",
}

_SURNAMES: Final = (
    "Абрамов Баранов Быков Власов Галкин Давыдов Дроздов Ершов Жуков Зимин Калинин Карпов Комаров "
    "Куликов Ларин Макаров Назаров Носов Осипов Панин Родин Савин Соболев Суханов Тихонов Ушаков "
    "Фомин Чернов Шилов Щукин Юдин"
)
_GIRLS: Final = (
    "Алина Анна Варвара Вероника Дарья Ева Елизавета Злата Кира Ксения Мария Милана Полина София"
)
_BOYS: Final = (
    "Александр Артём Богдан Глеб Даниил Егор Иван Кирилл Лев Макар Матвей Михаил Роман Тимофей"
)


def pupils() -> Iterator[tuple[str, str]]:
    """Every pupil with the class that it began the year in, or joined."""
    for class_, (_, _, _, first, last, _) in CLASSES.items():
        for number in range(first, last + 1):
            yield f"p-{number}", class_


def pupil_name(pupil: str) -> str:
    """A pupil's name: a boy and a girl take turns, and no two names are the same."""
    number = int(pupil.removeprefix("p-"))
    girl = number % 2 == 1
    given = (_GIRLS if girl else _BOYS).split()
    surnames = _SURNAMES.split()
    surname = surnames[(number * 7) % len(surnames)]
    return f"{surname}{'а' if girl else ''} {given[(number * 5) % len(given)]}"


def names(classes: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Names of pupils and accounts; those of groups and subjects are in the calendar."""
    found = {("account", id): name for id, (_, name) in STAFF.items()}
    found |= {("account", id): name for id, name in _TEACHERS.items()}
    for pupil, class_ in pupils():
        if class_ in classes:
            found["pupil", pupil] = pupil_name(pupil)
            found["account", _guardian(pupil)] = f"Законный представитель: {pupil_name(pupil)}"
    return found


def accounts(classes: tuple[str, ...]) -> Iterator[Account]:
    """Staff, teachers, and a guardian for each pupil."""
    for id, (role, _) in STAFF.items():
        yield Account(id, person=f"person-{id}", roles=(RoleSpan(role),))
    since, until = {NEW[0]: NEW[1]}, {LEFT[0]: LEFT[1]}
    for id in _TEACHERS:
        yield Account(id, person=f"person-{id}", since=since.get(id), until=until.get(id))
    for pupil, class_ in pupils():
        if class_ in classes:
            yield Account(_guardian(pupil), person=f"person-{_guardian(pupil)}", pupils=(pupil,))


def assignments(classes: tuple[str, ...]) -> Iterator[Assignment]:
    """Who teaches what, and who leads which class."""
    for account, taught in TEACHERS.items():
        for group, subjects in taught.items():
            if _is_open(group, classes):
                for subject in subjects.split():
                    yield Assignment(account, group, subject)
    group, subject, before, after, day = HANDED_OVER
    if group in classes:
        yield Assignment(before, group, subject, until=day)
        yield Assignment(after, group, subject, since=day)
    for class_, account in HOMEROOM.items():
        if class_ in classes:
            yield Assignment(account, class_, role="homeroom")


def memberships(classes: tuple[str, ...]) -> Iterator[Membership]:
    """Who belongs to which class, subgroup and stream, and when."""
    for pupil, class_ in pupils():
        for group, since, until in CHANGED.get(pupil, ((class_, None, None),)):
            if group not in classes:
                continue
            yield Membership(pupil, group, since, until)
            number = int(pupil.removeprefix("p-"))
            if group in SPLIT:
                yield Membership(pupil, f"{group}-{2 - number % 2}", since, until)
            if group in STREAM_OF and set(STREAMED) <= set(classes):
                first = CLASSES[group][3]
                if number < first + STREAM_OF[group]:
                    yield Membership(pupil, STREAM, since, until)


def _guardian(pupil: str) -> str:
    return f"g-{pupil.removeprefix('p-')}"


def _is_open(group: str, classes: tuple[str, ...]) -> bool:
    if group == STREAM:
        return set(STREAMED) <= set(classes)
    class_ = "10A" if group.startswith("plan-") else group.partition("-")[0]
    return class_ in classes
