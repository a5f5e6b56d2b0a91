"""What tcpwave says about a capture, read from tshark.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import subprocess
from dataclasses import dataclass, field

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


def observe(tshark, capture, fields, passes):
    """Runs tshark over a capture in one pass or two."""
    command = [tshark, "-r", str(capture), "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
               "-E", "aggregator=,"]
    command += ["-2"] if passes == 2 else []
    for name in fields:
        command += ["-e", name]
    return parse(run(command), fields)


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
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
