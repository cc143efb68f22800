"""Fifteen rules as pydantic models: what comes in is validated, then compared with the facts."""

from __future__ import annotations

from bench.answers import Answer, Write, answer
from bench.peers.plain import Peer, check_hand
from bench.peers.windows import kept_by_id
from bench.school import Tables


def pydantic_model(tables: Tables) -> Peer:
    """A model of a write, with fifteen rules over its fields; deadlines kept."""
    from pydantic import BaseModel

    windows = kept_by_id(tables)

    class Checked(BaseModel):
        account: str
        role: str | None
        lesson: str
        pupil: str
        kind: str | None
        value: int
        at: int

        def broken(self) -> list[int]:
            at, kind = self.at, self.kind
            day, starts, _, cancelled, substitute, _ = tables.lessons[self.lesson]
            broken = [*check_hand(self.account, self.role, starts, substitute, at, tables)]
            if cancelled:
                broken.append(5)
            if self.pupil not in tables.roll[day]:
                broken.append(6)
            if self.value not in tables.scale:
                broken.append(7)
            if kind is not None and not cancelled:
                family = tables.families[kind]
                opens, closes = windows[self.lesson, family]
                if at < opens:
                    broken.append(8 if family == "lesson" else 9)
                elif at >= closes:
                    broken.append({"lesson": 10, "control": 11, "written": 12}[family])
            if (self.lesson, self.pupil) in tables.absent:
                broken.append(13)
            if kind is None:
                broken.append(14)
            return broken

    names = Write._fields
    check = Checked.model_validate

    def judge(write: Write) -> Answer:
        return answer(check(dict(zip(names, write, strict=True))).broken())

    return judge
