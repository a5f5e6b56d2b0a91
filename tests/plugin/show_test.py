"""packaging/show: the last column says which number fails, in a step or outside of one, and the findings.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import unittest
from pathlib import Path

import tshark
from tshark import CAPTURES

SHOW = Path(__file__).parents[2] / "packaging" / "show"


def last_column(capture):
    """{frame number: what stands under "check ! finding"}"""
    done = subprocess.run([SHOW, CAPTURES / f"{capture}.pcapng"], capture_output=True, text=True, timeout=60,
                          check=True, env=os.environ | {"TSHARK": tshark.TSHARK})
    head, *lines = done.stdout.splitlines()
    column = head.index("check ! finding")
    return {int(line.split()[0]): line[column:] for line in lines}


class LastColumn(unittest.TestCase):
    def test_what_fails_outside_of_the_steps(self):
        self.assertEqual(last_column("segment_out_of_window")[8],
                         "seq 20000121 ≠ 121 (out_of_window) ! segment_out_of_window")
        self.assertEqual(last_column("ack_unsent")[8], "ack 700121 ≠ 121 (beyond_sent) ! ack_unsent")
        self.assertEqual(last_column("synack_bad_ack")[2], "ack 501 ≠ 1 (wrong) ! synack_bad_ack")
        self.assertEqual(last_column("fin_without_ack")[8], "ack missing, due 401 ! fin_without_ack")

    def test_findings_behind_rules_and_alone(self):
        lines = last_column("rst_foreign_path")
        self.assertEqual(lines[8], "! rst_foreign_path")
        self.assertEqual(lines[9], "seq 121 = last ack received (121) ! close_initiated")
        self.assertEqual(lines[4], "")

    def test_several_findings(self):
        self.assertTrue(last_column("final_ack_lost")[12].endswith(" + 1 ! fin_repeated; final_ack_lost"))

    def test_what_is_legal_is_no_failure(self):
        for capture in ("keepalive", "zero_window"):
            self.assertFalse([line for line in last_column(capture).values() if "≠" in line])


class WrongUse(unittest.TestCase):
    def run_it(self, *arguments, **environment):
        return subprocess.run([SHOW, *arguments], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"TSHARK": tshark.TSHARK} | environment)

    def test_without_the_plugin_it_says_what_to_do(self):
        done = self.run_it(CAPTURES / "four_segment.pcapng", TCPWAVE_WITHOUT="1")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("run packaging/setup", done.stderr)

    def test_help(self):
        done = self.run_it("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Usage: packaging/show CAPTURE", done.stdout)


if __name__ == "__main__":
    tshark.main()
