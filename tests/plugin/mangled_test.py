"""Damaged, cut, merged and random captures: the short form of mangling.py, and Wireshark itself.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import unittest

import gui_test
import mangling
import tshark
from tshark import CAPTURES

SAMPLE = sorted((CAPTURES / "kernel").glob("*.pcapng"))[::8]


class Mangled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.whole = mangling.merged(SAMPLE, tshark.FOLDER / "whole.pcapng")

    def examine(self, paths):
        for path in paths:
            path.chmod(0o644)
            with self.subTest(path.name):
                try:
                    self.assertGreater(mangling.examine(tshark.TSHARK, path), 0)
                except mangling.Complaint as complaint:
                    self.fail(str(complaint))

    def test_damaged(self):
        self.examine(list(mangling.damaged(self.whole, tshark.FOLDER, 1))[2::2])

    def test_cut(self):
        self.examine(mangling.cut(self.whole, tshark.FOLDER, (14, 40, 60)))

    def test_mixed_in_time(self):
        self.examine([mangling.merged(SAMPLE, tshark.FOLDER / "mixed.pcapng", in_time=True)])

    def test_random(self):
        self.examine(path for path in mangling.random_packets(tshark.FOLDER)
                     if path.stem in ("random-tcp", "random-ip"))

    def test_the_alarm_works(self):
        with self.assertRaises(mangling.Complaint):
            mangling.tshark(tshark.TSHARK, self.whole, "-z", "tcpwave,nonsense")


@unittest.skipUnless(os.environ.get("TCPWAVE_WIRESHARK"), "no wireshark here")
class InWireshark(gui_test.Gui):
    """Loaded, filtered and dissected anew, a damaged capture says what tshark says of it."""

    test_a_capture_with_loss = test_tunnels_and_fragments = None
    test_a_display_filter_judges_with_final_knowledge = None

    def test_a_damaged_capture(self):
        whole = mangling.merged(SAMPLE[:6], tshark.FOLDER / "few.pcapng")
        path = list(mangling.damaged(whole, tshark.FOLDER, 2))[3]
        path.chmod(0o644)
        self.assert_like_tshark(path)


del gui_test.Gui  # or it would run here a second time

if __name__ == "__main__":
    tshark.main()
