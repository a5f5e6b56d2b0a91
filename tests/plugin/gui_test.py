"""Wireshark itself, without a screen: what it has loaded, filtered and dissected again.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import unittest
from pathlib import Path

import hazards
import tshark
from tshark import CAPTURES

WIRESHARK = os.environ["TCPWAVE_WIRESHARK"]
PROBE = Path(__file__).with_name("gui_probe.lua")
FIELDS = ["tcpwave.conn", "tcpwave.phase", "tcpwave.step", "tcpwave.step.repeat",
          "tcpwave.client.state", "tcpwave.server.state", "tcpwave.seq.check", "tcpwave.ack.check",
          "tcpwave.finding", "tcpwave.known", "tcpwave.wave.step4.frame"]
# Lua and the versions of tshark print booleans each in their own way.
SAME = {"true": "1", "false": "0", "True": "1", "False": "0"}


def alike(values):
    return [SAME.get(value, value) for value in values]


def in_wireshark(path, display_filter="frame"):
    """{stage: [[frame, values of each field ...]]} of one run of the program."""
    output = tshark.FOLDER / "gui.tsv"
    output.unlink(missing_ok=True)
    # Statistics are drawn by a timer too, in the middle of the frames where the machine is slow: not here.
    tshark.run("-r", path, "-X", f"lua_script:{PROBE}", "-o", "gui.update.enabled:FALSE",
               "-o", "statistics.update_interval:1000000",
               program=WIRESHARK, TCPWAVE_OUTPUT=str(output), TCPWAVE_FIELDS=",".join(FIELDS),
               TCPWAVE_FILTER=display_filter, XDG_RUNTIME_DIR=str(tshark.FOLDER))
    stages = {stage: [] for stage in ("load", "filter", "redissect", "no filter")}
    for line in output.read_text().splitlines():
        stage, *cells = line.split("\t")
        stages[stage].append(
            [alike(cell.split("|")) if cell else [] for cell in cells])
    return stages


def in_tshark(path, *arguments):
    return [[alike(values) for values in row]
            for row in tshark.rows(path, ["frame.number", *FIELDS], *arguments)]


class Gui(unittest.TestCase):
    def assert_like_tshark(self, path):
        gui = in_wireshark(path)
        one, two = in_tshark(path), in_tshark(path, "-2")
        self.maxDiff = 2000
        self.assertEqual(gui["load"], one)
        self.assertEqual(gui["filter"], two)
        self.assertEqual(gui["redissect"], one)
        self.assertEqual(gui["no filter"], two)

    def test_a_capture_with_loss(self):
        self.assert_like_tshark(CAPTURES / "kernel" / "finack-lost.pcapng")

    def test_tunnels_and_fragments(self):
        self.assert_like_tshark(tshark.capture("hazards", hazards.frames_and_counts()[0]))

    def test_a_display_filter_judges_with_final_knowledge(self):
        path = CAPTURES / "kernel" / "finack-lost.pcapng"
        wanted = 'tcpwave.state == "FIN_WAIT_1"'
        gui = in_wireshark(path, wanted)
        self.assertEqual(gui["load"], in_tshark(path, "-Y", wanted))
        self.assertEqual(gui["filter"], in_tshark(path, "-2", "-Y", wanted))


if __name__ == "__main__":
    tshark.main()
