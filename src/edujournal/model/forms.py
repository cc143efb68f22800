"""Forms: whether a value that was handed in is of the type its place declares. One definition for all.

Annotations are the declaration: a draft's fields and a public function's arguments say what they take,
and here is what is done with that. Who hands in something else gets :class:`~edujournal.BadInput`
with the place, what was expected and what was found, before anything else happens.
"""

from __future__ import annotations

import inspect
import reprlib
import types
from collections import abc
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, wraps
from pathlib import Path
from typing import (
    Any,
    Final,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from attrs import Attribute, has

from edujournal.errors import BadInput
from edujournal.model.ids import JournalId
from edujournal.model.time import instant

_T = TypeVar("_T")

#: Shortens what was found; a value whose own ``repr`` fails is shown by its type.
_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60

#: What a mark's value may be is asked of a float so often that it is told what to do.
_EXACT: Final = "Floats are not exact; pass Decimal('4.5') or '4.5'."


def shown(value: object) -> str:
    """Give *value* as an error shows it: short, and never failing."""
    return _SHORT.repr(value)


class Form(NamedTuple):
    """What a declared type asks of a value.

    Attributes:
        fits: Whether a value is of the type, as far as its outside tells.
        said: The type in words.
        mend: What whoever handed in another one should do.
        inside: Looks into a value that fits and gives it as it is kept; None takes it as it is.
    """

    fits: Callable[[Any], bool]
    said: str
    mend: str = ""
    inside: Callable[[Any, str], Any] | None = None


def taken(forms: Sequence[Form], value: Any, where: str, *, hidden: bool = False) -> Any:
    """Give *value* if it has one of *forms*: text and numbers as just that, an iterable as a tuple.

    Args:
        forms: What the place takes, as :func:`forms_of` gives it.
        value: What was handed in.
        where: Its place, such as ``Mark.pupil``.
        hidden: What was typed about a person: an error names its type only.

    Raises:
        BadInput: It has none of them.
    """
    for form in forms:
        if form.fits(value):
            return value if form.inside is None else form.inside(value, where)
    raise BadInput(
        "a value of another type",
        where=where,
        expected=" or ".join(dict.fromkeys(form.said for form in forms)),
        found=type(value).__name__ if hidden else shown(value),
        mend=_EXACT
        if isinstance(value, float) and any(form is _KNOWN[Decimal] for form in forms)
        else next((form.mend for form in forms if form.mend), ""),
    )


def formed(cls: type, fields: list[Attribute[Any]]) -> list[Attribute[Any]]:
    """Let attrs hold each field of *cls* to its declared type: for ``field_transformer``."""
    hints = get_type_hints(cls)

    def holding(one: Attribute[Any]) -> Attribute[Any]:
        forms, where = forms_of(hints[one.name]), f"{cls.__name__}.{one.name}"
        before: Any = one.converter

        def hold(value: Any) -> Any:
            return taken(
                forms, value if before is None else before(value), where, hidden=one.repr is False
            )

        hold.__annotations__["value"] = one.type  # what the signature of the class shows
        return one.evolve(converter=hold)

    return [holding(one) for one in fields]


def listed(values: Any) -> Any:
    """Give several values as a tuple, a single text as one; what is neither stays, to be told of."""
    if isinstance(values, str | JournalId):
        return (values,)
    return tuple(values) if _is_iterable(values) else values


# -- types -----------------------------------------------------------------------------------------


def _is_iterable(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping)


def _moment(value: datetime, where: str) -> datetime:
    try:
        instant(value)
    except BadInput as error:
        (problem,) = error.problems
        raise BadInput(
            problem.what, where=where, expected=problem.expected, found=problem.found,
            mend=problem.mend,
        ) from None  # fmt: skip
    return value


_KNOWN: Final[Mapping[Any, Form]] = {
    Any: Form(lambda _: True, "anything"),
    object: Form(lambda _: True, "anything"),
    None: Form(lambda value: value is None, "None"),
    type(None): Form(lambda value: value is None, "None"),
    str: Form(
        lambda value: isinstance(value, str),
        "text",
        "Pass ids, codes and texts as strings.",
        # Bodies keep text and nothing that only behaves like it, such as a member of an enum.
        lambda value, _: value if type(value) is str else str.__str__(value),
    ),
    bytes: Form(lambda value: isinstance(value, bytes), "bytes"),
    bool: Form(lambda value: type(value) is bool, "True or False"),
    int: Form(
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        "a whole number",
        "Pass the number itself; a truth value is none.",
        lambda value, _: value if type(value) is int else int(value),
    ),
    Decimal: Form(lambda value: isinstance(value, Decimal), "a Decimal"),
    date: Form(
        lambda value: isinstance(value, date) and not isinstance(value, datetime),
        "a day",
        "Pass a datetime.date, such as date(2026, 9, 15).",
    ),
    datetime: Form(
        lambda value: isinstance(value, datetime),
        "an aware datetime",
        "Pass a datetime.datetime with its zone.",
        _moment,
    ),
    Path: Form(lambda value: isinstance(value, Path), "a path"),
}


@cache
def forms_of(hint: Any) -> tuple[Form, ...]:
    """The forms that the type *hint* allows, one for each of its alternatives."""
    if hint in _KNOWN:
        return (_KNOWN[hint],)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return tuple(form for one in get_args(hint) for form in forms_of(one))
    if origin is None:
        return (_of_class(hint),)
    if not isinstance(origin, type):  # a type variable, a literal: nothing more is known of it
        return (_KNOWN[Any],)
    if issubclass(origin, Mapping):
        return (_of_mapping(*get_args(hint)),)
    if origin is tuple or issubclass(origin, Collection):
        return (_of_several(get_args(hint)[0]),)
    if issubclass(origin, Iterable):
        return (_of_several(get_args(hint)[0]),)
    return (_of_class(origin),)


def _of_class(hint: Any) -> Form:
    if hint is abc.Callable:
        return Form(callable, "something to call")
    if not isinstance(hint, type):
        return _KNOWN[Any]
    name = hint.__name__
    said = f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    if getattr(hint, "_is_protocol", False):
        asked = _members(hint)

        def answers(value: object) -> bool:
            # A class is no draft: its instances are.
            return not isinstance(value, type) and all(hasattr(value, one) for one in asked)

        return Form(answers, said, f"It needs {', '.join(asked)}.")
    if has(hint) and all(map(_is_plain, get_type_hints(hint).values())):
        fields = {one: forms_of(declared) for one, declared in get_type_hints(hint).items()}

        def inside(value: Any, where: str) -> Any:
            for one, forms in fields.items():
                taken(forms, getattr(value, one), f"{where}.{one}")
            return value

        return Form(lambda value: isinstance(value, hint), said, "", inside)
    return Form(lambda value: isinstance(value, hint), said)


def _is_plain(hint: Any) -> bool:
    """Whether *hint* is made of plain types only: a value class with such fields is looked into."""
    parts = get_args(hint)
    return all(map(_is_plain, parts)) if parts else hint in _KNOWN


def _members(protocol: type) -> tuple[str, ...]:
    own = (name for base in protocol.__mro__[:-1] for name in vars(base))
    return tuple(sorted({name for name in own if not name.startswith("_")}))


def _of_mapping(key: Any, item: Any) -> Form:
    keys, items = forms_of(key), forms_of(item)

    def inside(value: Mapping[Any, Any], where: str) -> Mapping[Any, Any]:
        return {
            taken(keys, name, f"{where}: a key"): taken(items, one, f"{where}[{shown(name)}]")
            for name, one in value.items()
        }

    return Form(lambda value: isinstance(value, Mapping), "a mapping", "Pass a dict.", inside)


def _of_several(item: Any) -> Form:
    forms = forms_of(item)

    def inside(value: Iterable[Any], where: str) -> tuple[Any, ...]:
        return tuple(taken(forms, one, f"{where}[{place}]") for place, one in enumerate(value))

    said = " or ".join(dict.fromkeys(form.said for form in forms))
    return Form(
        _is_iterable, f"several, each {said}", "Pass a list, also where there is only one.", inside
    )


# -- functions -------------------------------------------------------------------------------------


def called(function: _T) -> _T:
    """Let a public function hold each argument to its declared type before it runs.

    Iterables are gone through once, before the call, and reach the function as tuples.
    """
    asked = cast("Callable[..., Any]", function)
    name = asked.__qualname__.removesuffix(".__init__")
    order = tuple(inspect.signature(asked).parameters)

    @cache
    def known() -> Mapping[str, Sequence[Form]]:
        # Asked for at the first call: what the annotations name may be defined after the function.
        found = get_type_hints(asked)
        return {one: forms_of(hint) for one, hint in found.items() if one != "return"}

    def held(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        takes = known()

        def one(argument: str, value: Any) -> Any:
            # What is not declared is Python's to tell of: an argument unknown, or one too many.
            if argument not in takes:
                return value
            return taken(takes[argument], value, f"{name}({argument}=…)")

        given = [*map(one, order, args), *args[len(order) :]]
        return given, {argument: one(argument, value) for argument, value in kwargs.items()}

    if inspect.iscoroutinefunction(asked):

        @wraps(asked)
        async def waiting(*args: Any, **kwargs: Any) -> Any:
            given, named = held(args, kwargs)
            return await asked(*given, **named)

        return cast("_T", waiting)

    @wraps(asked)
    def calling(*args: Any, **kwargs: Any) -> Any:
        given, named = held(args, kwargs)
        return asked(*given, **named)

    return cast("_T", calling)


def asked_rightly(cls: type[_T]) -> type[_T]:
    """Let every public method of *cls*, and its making, hold each argument to its declared type."""
    for name, method in list(vars(cls).items()):
        if inspect.isfunction(method) and (name == "__init__" or not name.startswith("_")):
            setattr(cls, name, called(method))
    return cls
