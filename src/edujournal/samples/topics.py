"""What the sample school teaches: topics by grade and subject, and what is set to do at home."""

from __future__ import annotations

from typing import Final

#: Subject → topics in the order of the thematic plan; a plan begins again when it has come to an end.
TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "alg": (
        "Числовые выражения",
        "Степень с натуральным показателем",
        "Одночлены и действия над ними",
        "Многочлены",
        "Формулы сокращённого умножения",
        "Линейные уравнения",
    ),
    "art": ("Натюрморт", "Линия и пятно", "Цвет осени", "Орнамент"),
    "bio": ("Клетка и её строение", "Ткани", "Размножение клеток", "Среды обитания"),
    "chem": ("Строение атома", "Периодический закон", "Химическая связь", "Типы реакций"),
    "econ": ("Спрос и предложение", "Семейный бюджет", "Издержки", "Рынок труда"),
    "eng": ("My Summer", "Present Tenses", "Travelling", "Reading: a Day in London", "Past Simple"),
    "geo": ("Литосфера", "Рельеф Земли", "Климатообразующие факторы", "Воды суши"),
    "geom": ("Отрезок и угол", "Смежные углы", "Признаки равенства треугольников", "Медиана"),
    "hist": (
        "Источники знаний о прошлом",
        "Великие географические открытия",
        "Начало нового времени",
        "Реформация",
        "Россия в XVI веке",
    ),
    "inf": ("Информация и её виды", "Файлы и папки", "Единицы измерения", "Алгоритмы"),
    "lit": (
        "Устное народное творчество",
        "Былины",
        "А. С. Пушкин. Лирика",
        "М. Ю. Лермонтов. «Родина»",
        "Н. В. Гоголь. Повести",
    ),
    "math": (
        "Натуральные числа",
        "Сложение и вычитание",
        "Умножение и его свойства",
        "Уравнения",
        "Решение задач на движение",
    ),
    "music": ("Песенный жанр", "Балет", "Симфонический оркестр"),
    "pe": ("Бег 60 м", "Прыжок в длину с разбега", "Метание мяча", "Баскетбол: ведение мяча"),
    "phys": ("Физические величины", "Строение вещества", "Скорость", "Плотность", "Сила"),
    "proj": ("Выбор темы", "Источники", "План работы", "Черновик"),
    "read": ("Стихи об осени", "Русские сказки", "Басни И. А. Крылова", "К. Г. Паустовский"),
    "rus": (
        "Повторение изученного",
        "Причастный оборот",
        "Правописание приставок",
        "Деепричастие",
        "Развитие речи: описание",
        "Наречие",
    ),
    "soc": ("Человек и общество", "Деятельность", "Познание", "Духовная культура"),
    "tech": ("Материалы и их свойства", "Чертёж детали", "Техника безопасности"),
    "world": ("Тела и вещества", "Воздух и его охрана", "Вода", "Почва"),
}

#: Subjects in which nothing is set to do at home.
NO_HOMEWORK: Final = frozenset({"art", "music", "pe", "tech"})

#: Subjects whose homework is written, and the manners of it, in turn; then those of all others.
_WRITTEN: Final = frozenset({"alg", "chem", "geom", "inf", "math", "phys", "rus"})
_NATURES: Final = (
    ("устно", "чтение и пересказ", "устно", "сообщение"),
    ("письменно", "письменно, в тетради", "письменно", "устно"),
)


def topic(subject: str, number: int) -> str:
    """Topic of the lesson with that number in its journal, from 0."""
    plan = TOPICS[subject]
    return plan[min(number * len(plan) // 26, len(plan) - 1)]


def task(subject: str, number: int) -> str:
    """Homework set at the lesson with that number in its journal, from 0."""
    return f"§ {number // 2 + 1}, задания {3 * number % 17 + 1}–{3 * number % 17 + 4}"


def nature(subject: str, turn: int) -> str:
    """Manner of homework."""
    return _NATURES[subject in _WRITTEN][turn % 4]
