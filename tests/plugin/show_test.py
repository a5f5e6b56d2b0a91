"""packaging/show: the line below a segment says which number fails, in a step or outside of one, and the findings;
a connection has its number and addresses, and can be shown alone.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import unittest
from pathlib import Path

import tshark
from tshark import CAPTURES

SHOW = Path(__file__).parents[2] / "packaging" / "show"


def show(*words):
    return subprocess.run([SHOW, *words], capture_output=True, text=True, timeout=60, check=True,
                          env=os.environ | {"TSHARK": tshark.TSHARK}).stdout.splitlines()


def said(capture):
    """{frame number: what stands below its line, or nothing}"""
    found, frame = {}, None
    for line in show(CAPTURES / f"{capture}.pcapng")[1:]:
        if line.startswith("      "):
            found[frame] = line.strip()
        elif not line.startswith("connection "):
            frame = int(line.split()[0])
            found[frame] = ""
    return found


class BelowASegment(unittest.TestCase):
    def test_what_fails_outside_of_the_steps(self):
        self.assertEqual(said("segment_out_of_window")[8],
                         "seq 20000121 ≠ 121 (out_of_window) ! segment_out_of_window")
        self.assertEqual(said("ack_unsent")[8], "ack 700121 ≠ 121 (beyond_sent) ! ack_unsent")
        self.assertEqual(said("synack_bad_ack")[2], "ack 501 ≠ 1 (wrong) ! synack_bad_ack")
        self.assertEqual(said("fin_without_ack")[8], "ack missing, due 401 ! fin_without_ack")

    def test_findings_behind_rules_and_alone(self):
        lines = said("rst_foreign_path")
        self.assertEqual(lines[8], "! rst_foreign_path")
        self.assertEqual(lines[9], "seq 121 = last ack received (121) ! close_initiated")
        self.assertEqual(lines[4], "")

    def test_several_findings(self):
        self.assertTrue(said("final_ack_lost")[12].endswith(" + 1 ! fin_repeated; final_ack_lost"))

    def test_why_an_end_that_is_closed_still_sends(self):
        self.assertEqual(said("rst_repeated")[11],
                         "The server sent this before its socket was CLOSED: it was still in flight.")

    def test_what_is_legal_is_no_failure(self):
        for capture in ("keepalive", "zero_window"):
            self.assertFalse([line for line in said(capture).values() if "≠" in line])


class Connections(unittest.TestCase):
    def test_each_has_number_and_addresses(self):
        lines = show(CAPTURES / "kernel" / "two-interleaved.pcapng")
        self.assertEqual([line for line in lines if line.startswith("connection")],
                         ["connection 0: 192.0.2.10:40001 > 198.51.100.20:8000",
                          "connection 1: 192.0.2.10:40002 > 198.51.100.20:8000"])
        self.assertEqual({line[11:15].strip() for line in lines[1:] if line[:3].strip().isdigit()}, {"0", "1"})

    def test_one_alone(self):
        lines = show(CAPTURES / "kernel" / "two-interleaved.pcapng", "1")
        self.assertEqual([line for line in lines if line.startswith("connection")],
                         ["connection 1: 192.0.2.10:40002 > 198.51.100.20:8000"])
        self.assertEqual({line[11:15].strip() for line in lines[1:] if line[:3].strip().isdigit()}, {"1"})

    def test_no_line_of_the_handshake_and_the_close_is_wider_than_a_page(self):
        self.assertLessEqual(max(map(len, show(CAPTURES / "four_segment.pcapng"))), 110)


class WrongUse(unittest.TestCase):
    def run_it(self, *arguments, **environment):
        return subprocess.run([SHOW, *arguments], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"TSHARK": tshark.TSHARK} | environment)

    def test_without_the_plugin_it_says_what_to_do(self):
        done = self.run_it(CAPTURES / "four_segment.pcapng", TCPWAVE_WITHOUT="1")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("run packaging/setup", done.stderr)

    def test_a_connection_that_is_not_there(self):
        done = self.run_it(CAPTURES / "four_segment.pcapng", "7")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("show: no connection 7 in", done.stderr)

    def test_no_number(self):
        done = self.run_it(CAPTURES / "four_segment.pcapng", "x")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Usage: packaging/show CAPTURE [CONNECTION]", done.stderr)

    def test_help(self):
        done = self.run_it("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Usage: packaging/show CAPTURE", done.stdout)


if __name__ == "__main__":
    tshark.main()
