"""packaging/wireshark-versions where it cannot do its work: it says why, in the way that a test counts as
skipped if asked, and touches nothing.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

COMMAND = Path(os.environ["TCPWAVE_SOURCE"]) / "packaging" / "wireshark-versions"


def run(*arguments, as_user=False):
    """Root becomes nobody, whose right to pass file permissions is for a checkout that nobody may read."""
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override"] if as_user and os.getuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="tcpwave-versions-") as home:
        return subprocess.run([*user, COMMAND, "--chroots", f"{home}/chroots", *arguments], capture_output=True,
                              text=True, timeout=120, env=os.environ | {"HOME": home})


class Versions(unittest.TestCase):
    def test_an_ordinary_user_is_told_that_it_needs_root(self):
        done = run("4.4", as_user=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("only root can make a chroot", done.stderr)

    def test_or_skip_makes_that_a_skipped_test(self):
        done = run("--or-skip", "--tshark", "4.6", as_user=True)
        self.assertEqual(done.returncode, 77)
        self.assertRegex(done.stdout, "^tcpwave: skipped: only root")

    def test_a_version_that_it_does_not_know(self):
        for arguments in (("4.3",), (), ("--tshark",), ("--fast", "4.4")):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("Usage: packaging/wireshark-versions", done.stderr)


if __name__ == "__main__":
    unittest.main()
