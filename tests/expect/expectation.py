"""Reading NAME.expect: what a person expects tcpwave to say about NAME.pcapng.

The format and its meaning stand in README.md beside this file. Nothing here knows tshark.
SPDX-License-Identifier: GPL-2.0-or-later
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

ABSENT = "-"  # the field must not be there
OPEN = "?"    # the specification leaves this open; nothing is compared

# Words of a connection's head, with the field each is compared with.
HEAD_FIELDS = {
    "role": "tcpwave.role.basis",
    "outcome": "tcpwave.outcome",
    "kind": "tcpwave.outcome.kind",
    "active_closer": "tcpwave.active_closer",
    "reset_by": "tcpwave.reset_by",
    "reset_cause": "tcpwave.reset_cause",
    "conn_state": "tcpwave.conn_state",
}
# Columns of a frame's line, with the field that must be registered for each.
ROW_FIELDS = {
    "conn": "tcpwave.conn",
    "steps": "tcpwave.step",
    "phase": "tcpwave.phase",
    "closer": "tcpwave.active_closer",
    "seq": "tcpwave.seq.check",
    "ack": "tcpwave.ack.check",
}
STEPS = re.compile(r"[hw][1-4]\*?(\+[hw][1-4]\*?)*")


class Malformed(Exception):
    """The file is not in the format; the message says where and why."""


@dataclass(frozen=True)
class Value:
    """What is wanted in two passes and in one; written `a`, or `a/b` where they differ."""

    two: str
    one: str

    @staticmethod
    def parse(text):
        two, slash, one = text.partition("/")
        return Value(two, one if slash else two)

    def in_pass(self, passes):
        return self.two if passes == 2 else self.one


@dataclass(frozen=True)
class Cause:
    """A finding that must be raised: on this frame, or (frame None) on any of the connection."""

    finding: str
    frame: int | None

    @staticmethod
    def parse(text):
        finding, at, frame = text.partition("@")
        return Cause(finding, int(frame) if at else None)

    def __str__(self):
        return self.finding if self.frame is None else f"{self.finding}@{self.frame}"


@dataclass
class Connection:
    number: int
    line: int
    values: dict = field(default_factory=dict)  # word of HEAD_FIELDS -> (line, Value)
    causes: list = field(default_factory=list)  # (line, Cause)


@dataclass
class Row:
    frame: int
    line: int
    values: dict  # column of ROW_FIELDS -> Value


@dataclass
class Expectation:
    path: Path
    connections: list
    rows: list

    @property
    def capture(self):
        return self.path.with_suffix(".pcapng")


def read(path):
    """The expectations in a file; raises Malformed."""
    return parse(Path(path), Path(path).read_text(encoding="utf-8"))


def parse(path, text):
    found = Expectation(path, [], [])
    in_frames = False
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.partition("#")[0].split()
        if not words:
            continue
        try:
            if words == ["frames"]:
                in_frames = True
            elif in_frames:
                found.rows.append(_row(words, number))
            elif words[0] == "connection" and len(words) == 2:
                found.connections.append(Connection(int(words[1]), number))
            elif found.connections:
                _head(found.connections[-1], words, number)
            else:
                raise Malformed("comes before the first `connection`")
        except (Malformed, ValueError) as reason:
            raise Malformed(f"{path}:{number}: {raw.strip()}: {reason}") from None
    _check(found)
    return found


def _head(connection, words, line):
    word, values = words[0], words[1:]
    if word == "cause":
        connection.causes += [(line, Cause.parse(v)) for v in values if v != ABSENT]
        return
    if word not in HEAD_FIELDS:
        raise Malformed(f"no such word: {word}")
    if len(values) != 1:
        raise Malformed(f"{word} takes one value")
    if word in connection.values:
        raise Malformed(f"{word} was given before")
    connection.values[word] = (line, Value.parse(values[0]))


def _row(words, line):
    columns = ("conn", "steps", "phase", "closer")
    if len(words) < 1 + len(columns):
        raise Malformed("a frame's line is: frame conn steps phase closer [seq=...] [ack=...]")
    values = {name: Value.parse(word) for name, word in zip(columns, words[1:])}
    for step in (values["steps"].two, values["steps"].one):
        if step not in (ABSENT, OPEN) and not STEPS.fullmatch(step):
            raise Malformed(f"no such step: {step}")
    values["seq"] = values["ack"] = Value("ok", "ok")
    for word in words[1 + len(columns):]:
        name, equals, value = word.partition("=")
        if not equals or name not in ("seq", "ack"):
            raise Malformed(f"no such word: {word}")
        values[name] = Value.parse(value)
    return Row(int(words[0]), line, values)


def _check(found):
    frames = [row.frame for row in found.rows]
    if frames and frames != list(range(1, len(frames) + 1)):
        raise Malformed(f"{found.path}: the frames are not 1, 2, 3 ...")
    numbers = [c.number for c in found.connections]
    if not numbers or len(set(numbers)) != len(numbers):
        raise Malformed(f"{found.path}: no connection, or one twice")
