"""A file opened, filtered, given other preferences and dissected anew, again and again: each round says
the same, and memory stays. The short form of endurance.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import unittest

import endurance
import tshark
from tshark import CAPTURES

WINDOW = os.environ["TCPWAVE_WINDOW"]
PATH = CAPTURES / "kernel" / "random-03-heavy-mixed.pcapng"


class Endurance(unittest.TestCase):
    def rounds(self, commands, count, **environment):
        said, kib = endurance.rounds(WINDOW, PATH, commands, count, TMPDIR=str(tshark.FOLDER),
                                     **environment)
        self.assertEqual(len(kib), count)
        for text in said[1:]:
            self.assertEqual(text, said[0])
        return said[0], kib

    def test_views_are_alike_and_keep_nothing(self):
        said, kib = self.rounds(endurance.VIEWS, 12)
        self.assertIn("ESTABLISHED", said)
        self.assertLess(kib[-1], kib[2] + 512, f"resident memory, KiB: {kib}")

    def test_sessions_are_alike(self):
        said, _ = self.rounds(endurance.SESSIONS, 4)
        self.assertIn("ESTABLISHED", said)

    def test_sessions_keep_what_they_keep_without_the_plugin(self):
        _, with_it = self.rounds(endurance.PLAIN_SESSIONS, 6)
        _, without = self.rounds(endurance.PLAIN_SESSIONS, 6, TCPWAVE_WITHOUT="1")
        most = endurance.growth(without) + 8 * 64  # KiB for each of the eight
        self.assertLess(endurance.growth(with_it), most, f"{with_it} {without}")


if __name__ == "__main__":
    tshark.main()
