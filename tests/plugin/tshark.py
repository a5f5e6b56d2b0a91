"""Runs the real tshark with the plugin of this build, and reads what it prints.

TCPWAVE_TSHARK names the wrapper that tests/CMakeLists.txt makes.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import atexit
import csv
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import frames

TSHARK = os.environ["TCPWAVE_TSHARK"]
CAPTURES = Path(os.environ["TCPWAVE_CAPTURES"])
SEPARATOR = "|"
TRUE = ("1", "True")  # 4.0 and later versions print a boolean differently

_folder = tempfile.TemporaryDirectory(prefix="tcpwave-test-")
atexit.register(_folder.cleanup)
FOLDER = Path(_folder.name)
FOLDER.chmod(0o777)  # Wireshark runs as another user where the tests run as root


def capture(name, list_of_frames, **options):
    """Writes a capture file for this run of the tests; its path."""
    path = FOLDER / f"{name}.pcap"
    frames.write_pcap(path, list_of_frames, **options)
    path.chmod(0o644)
    return path


def home_with(plugin):
    """A home folder in which Wireshark finds that plugin as a personal one: for TCPWAVE_HOME."""
    home = Path(tempfile.mkdtemp(dir=FOLDER))
    folder = home / ".local/lib/wireshark/plugins" / os.environ["TCPWAVE_WIRESHARK_VERSION"] / "epan"
    folder.mkdir(parents=True)
    home.chmod(0o755)
    shutil.copy(plugin, folder / "tcpwave.so")
    return home


def run(*arguments, without_plugin=False, program=TSHARK, **environment):
    """What the program prints on standard output."""
    env = {k: v for k, v in os.environ.items() if k != "TCPWAVE_WITHOUT"}
    if without_plugin:
        env["TCPWAVE_WITHOUT"] = "1"
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          env=env | environment, timeout=float(os.environ.get("TCPWAVE_TIMEOUT", 60)))
    if done.returncode != 0:
        raise AssertionError(f"{program} {arguments}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def rows(path, fields, *arguments):
    """One list per frame that passes: for each field the list of its values."""
    wanted = [part for field in fields for part in ("-e", field)]
    text = run("-r", path, *arguments, "-T", "fields", "-E", f"aggregator={SEPARATOR}",
               "-E", "quote=d", *wanted)
    return [[cell.split(SEPARATOR) if cell else [] for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter="\t")]


def by_frame(path, field, *arguments):
    """{frame number: [values]} of the frames that have any."""
    return {int(frame[0]): values
            for frame, values in rows(path, ["frame.number", field], *arguments) if values}


def info_column(path, *arguments):
    """{frame number: text of the column Info}. The field _ws.col.info has less from 4.4 on: Wireshark
    fills it before post-dissectors run."""
    text = run("-r", path, "-T", "tabs", "-o", 'gui.column.format:"No.","%m","Info","%i"', *arguments)
    return {int(number): info for number, info in
            (line.split("\t", 1) for line in text.splitlines())}


def matching(path, display_filter, *arguments):
    """The numbers of the frames that a display filter selects."""
    return [int(row[0][0]) for row in rows(path, ["frame.number"], "-Y", display_filter, *arguments)]


def as_json(path, *arguments):
    """tshark's JSON. A key that occurs more than once holds a list."""
    text = run("-r", path, "-T", "json", "--no-duplicate-keys", *arguments)
    return [packet["_source"]["layers"] for packet in json.loads(text)]


ONE_PASS, TWO_PASSES = (), ("-2",)
main = unittest.main
