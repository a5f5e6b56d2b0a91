"""Expectation against observation: what differs, and what could not be compared.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from dataclasses import dataclass, field

from expectation import ABSENT, HEAD_FIELDS, OPEN, ROW_FIELDS
from observation import CHECK_OK, FINDING, FRAME, STEP_FIELDS, TRUE, steps_of

FAILED_SEQ = ("out_of_window", "wrong")
FAILED_ACK = ("beyond_sent", "missing", "wrong")


@dataclass
class Difference:
    line: int
    frame: int | None
    field: str
    want: str
    got: str
    passes: int

    def __str__(self):
        where = "" if self.frame is None else f"frame {self.frame} "
        words = {1: "one pass", 2: "two passes"}[self.passes]
        return f"{self.line}: {where}{self.field}: want {self.want}, got {self.got}  [{words}]"


@dataclass
class Result:
    differences: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)  # unregistered field -> expectations that need it
    compared: int = 0

    def skip(self, name):
        self.skipped[name] = self.skipped.get(name, 0) + 1

    def compare(self, line, frame, name, want, got, passes):
        if want == OPEN:
            return
        self.compared += 1
        if want != (got or ABSENT):
            self.differences.append(Difference(line, frame, name, want, got or ABSENT, passes))


def fields_needed(registered):
    """What to ask tshark for: all that an expectation may name, as far as the plugin has it."""
    wanted = [*ROW_FIELDS.values(), *STEP_FIELDS, *HEAD_FIELDS.values(), CHECK_OK, FINDING]
    return [FRAME, *(name for name in dict.fromkeys(wanted) if name in registered)]


def compare(expectation, one, two, registered):
    """`one` and `two` are the observations of one pass and of two."""
    result = Result()
    for row in expectation.rows:
        for passes, seen in ((1, one), (2, two)):
            _row(result, row, seen, passes, registered)
    for connection in expectation.connections:
        _head(result, connection, one, two, registered)
    return result


def _row(result, row, seen, passes, registered):
    if row.frame not in seen.frames:
        result.compare(row.line, row.frame, FRAME, str(row.frame), None, passes)
        return
    want = {column: value.in_pass(passes) for column, value in row.values.items()}
    for column, name in ROW_FIELDS.items():
        if name not in registered:
            result.skip(name)
        elif column == "steps":
            result.compare(row.line, row.frame, "steps", want[column], steps_of(seen, row.frame), passes)
        else:
            result.compare(row.line, row.frame, name, want[column], seen.value(row.frame, name), passes)
    if OPEN in (want["seq"], want["ack"]):
        return
    if CHECK_OK not in registered:
        result.skip(CHECK_OK)
        return
    good = want["seq"] not in FAILED_SEQ and want["ack"] not in FAILED_ACK
    got = seen.value(row.frame, CHECK_OK)
    result.compare(row.line, row.frame, CHECK_OK, str(good), str(got in TRUE) if got else None, passes)


def _head(result, connection, one, two, registered):
    mine = two.of_connection(connection.number)
    if not mine:
        result.compare(connection.line, None, f"connection {connection.number}", "frames", None, 2)
        return
    for word, (line, value) in connection.values.items():
        name = HEAD_FIELDS[word]
        if name not in registered:
            result.skip(name)
        elif word == "role":
            _role(result, connection, line, value, one, two)
        else:
            result.compare(line, max(mine), name, value.two, two.value(max(mine), name), 2)
    for line, cause in connection.causes:
        name = f"{FINDING}.{cause.finding}"
        if name not in registered or FINDING not in registered:
            result.skip(name)
            continue
        frames = mine if cause.frame is None else [cause.frame]
        got = sorted({found for frame in frames for found in two.values(frame, FINDING)})
        met = cause.finding in got
        result.compare(line, cause.frame, FINDING, cause.finding,
                       cause.finding if met else ",".join(got), 2)


def _role(result, connection, line, value, one, two):
    for passes, seen in ((1, one), (2, two)):
        for frame in seen.of_connection(connection.number):
            got = seen.value(frame, HEAD_FIELDS["role"])
            result.compare(line, frame, HEAD_FIELDS["role"], value.in_pass(passes), got, passes)
