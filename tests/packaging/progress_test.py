"""packaging/progress.sh: what the set-up and test commands show of the programs they run, and what they say was skipped.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRESS = Path(os.environ["TCPWAVE_SOURCE"]) / "packaging" / "progress.sh"


class Progress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-progress-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def shell(self, script, given=""):
        return subprocess.run(["bash", "-euo", "pipefail", "-c", f"state=$1 log=$1/log; . {PROGRESS}; {script}", "bash",
                               self.folder], input=given, capture_output=True, text=True, timeout=60)

    def test_a_line_for_each_tenth(self):
        steps = "".join(f"[{i}/1000] Building file_{i}\n" for i in range(1, 1001))
        lines = self.shell("in_short", steps).stdout.splitlines()
        self.assertEqual((len(lines), lines[1], lines[-1]),
                         (11, "  build steps: 100 of 1000", "  build steps: 1000 of 1000"))

    def test_what_apt_says(self):
        said = ("Get:1 http://deb.example/debian bookworm InRelease\n0 upgraded, 2 newly installed, 0 to remove\n"
                "Need to get 5 MB of archives.\nGet:1 a\nGet:2 b\nUnpacking a\nUnpacking b\nSetting up a\n[x/y] z\n")
        self.assertEqual(self.shell("in_short", said).stdout.split("\n"), [
            "  Need to get 5 MB of archives.", "  packages downloaded: 1 of 2", "  packages downloaded: 2 of 2",
            "  packages unpacked: 1 of 2", "  packages unpacked: 2 of 2", "  packages set up: 1 of 2", ""])

    def test_a_command_that_fails_says_all_and_keeps_its_code(self):
        done = self.shell("watched sh -c 'echo why; exit 7'")
        self.assertEqual(done.returncode, 7)
        self.assertIn("why\ntcpwave: this failed: sh -c", done.stderr)

    def test_what_fails_is_shown_and_the_count_comes_last(self):
        said = (" 1/3 Test  #1: a ....   Passed    0.1 sec\n      Start  3: c\n 2/3 Test  #2: b ....***Skipped   0.1 sec\n"
                " 3/3 Test  #3: c ....***Failed   0.1 sec\nits output\n\n67% tests passed, 1 tests failed out of 3\n\nmore\n")
        done = self.shell("tests_in_short $1/closing", said)
        self.assertEqual(done.stdout, "  tests: 1 of 3\n  tests: 2 of 3\n 3/3 Test  #3: c ....***Failed   0.1 sec\n"
                                      "its output\n\n")
        self.assertEqual((self.folder / "closing").read_text(), "67% tests passed, 1 tests failed out of 3\n\nmore\n")

    def test_why_tests_were_skipped(self):
        (self.folder / "LastTest.log").write_text(
            "1/3 Testing: a\n1/3 Test: a\nOutput:\nskipped: a part\nTest Passed.\n"
            "2/3 Testing: b\n2/3 Test: b\nOutput:\ntcpwave: skipped: only root may\nTest Skipped.\n"
            "3/3 Testing: c\n3/3 Test: c\nOutput:\nTest Skipped.\n")
        self.assertEqual(self.shell("skipped_tests $1/LastTest.log").stdout,
                         "  b: only root may\n  c: it does not say why\n")


if __name__ == "__main__":
    unittest.main()
