"""What tcpwave says about a capture, read from tshark.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

FRAME = "frame.number"
FINDING = "tcpwave.finding"
# What a frame's steps are made of; steps_of() needs all of them.
STEP_FIELDS = ("tcpwave.step", "tcpwave.step.repeat", "tcpwave.handshake.step", "tcpwave.wave.step")
CHECK_OK = "tcpwave.check.ok"
TRUE = ("1", "True")  # tshark 4.0 and later print a boolean differently


class TsharkFailed(Exception):
    pass


@dataclass
class Observation:
    """One pass over a capture: for each frame, the values of each field in order."""

    frames: dict = field(default_factory=dict)  # frame number -> {field: [values]}

    def values(self, frame, name):
        return self.frames.get(frame, {}).get(name, [])

    def value(self, frame, name):
        """The one value; None where there is none; joined where there are several."""
        return ",".join(self.values(frame, name)) or None

    def of_connection(self, number):
        """The frames that stand under this connection number."""
        return [f for f in self.frames if self.value(f, "tcpwave.conn") == str(number)]


def registered_fields(listing):
    """All names of fields that begin with tcpwave., from the output of `tshark -G fields`."""
    names = (line.split("\t")[2] for line in listing.splitlines() if line.startswith("F\t"))
    return {name for name in names if name.startswith("tcpwave.")}


def parse(text, fields):
    """tshark's output for these fields, a frame a line, fields by tab, values by comma."""
    seen = Observation()
    for line in text.splitlines():
        cells = line.split("\t")
        named = {name: cell.split(",") for name, cell in zip(fields, cells) if cell}
        if FRAME in named:
            seen.frames[int(named[FRAME][0])] = named
    return seen


def observe(tshark, captures, fields, passes, many=None):
    """{capture: Observation} in one pass or two. `many`: the library of tests/plugin/many.cpp, with which tshark
    starts once for all."""
    words = ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"]
    words += ["-2"] if passes == 2 else []
    for name in fields:
        words += ["-e", name]
    if many is None or not captures:
        texts = {capture: run([tshark, "-r", capture, *words]) for capture in captures}
    else:
        texts = _run_once(tshark, captures, words, many)
    return {capture: parse(text, fields) for capture, text in texts.items()}


def _run_once(tshark, captures, words, many):
    with tempfile.TemporaryDirectory(prefix="tcpwave-expect-") as folder:
        Path(folder).chmod(0o777)  # tshark is another user where the tests run as root
        outputs = {capture: Path(folder) / f"{number}" for number, capture in enumerate(captures)}
        wanted = Path(folder) / "list"
        wanted.write_text("".join(f"{capture}\t{output}\n" for capture, output in outputs.items()), encoding="utf-8")
        run([tshark, "-r", captures[0], *words], {"LD_PRELOAD": str(many), "TCPWAVE_MANY": str(wanted)})
        return {capture: output.read_text(encoding="utf-8") for capture, output in outputs.items()}


def run(command, environment=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          env=os.environ | (environment or {}))
    if done.returncode:
        raise TsharkFailed(f"{' '.join(map(str, command[:3]))} ...: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def steps_of(seen, frame):
    """A frame's steps as an expectation writes them: `h3+w1`, `w2*+w3`, `-`.

    tcpwave.step numbers the steps of both phases; the two other fields tell of which phase each is.
    """
    numbers, repeats, handshake, wave = (list(seen.values(frame, name)) for name in STEP_FIELDS)
    if sorted(numbers) != sorted(handshake + wave) or len(repeats) != len(numbers):
        return f"step={numbers} step.repeat={repeats} handshake.step={handshake} wave.step={wave}"
    steps = []
    for number, repeat in zip(numbers, repeats):
        phase, left = ("h", handshake) if number in handshake else ("w", wave)
        left.remove(number)
        steps.append(phase + number + ("*" if repeat in TRUE else ""))
    return "+".join(sorted(steps)) or "-"
