"""The source tarball: it has what it takes to configure everything, without git. packaging/package --check-source builds
it and runs the engine's tests from it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import sys
import tarfile
import unittest

from packaged import SKIPPED, SOURCE, VERSION, folder_for, run, skip_without


class Source(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = folder_for(cls, "source")
        run("git", "-c", "safe.directory=*", "clone", "-q", SOURCE, cls.folder / "clone")
        run(cls.folder / "clone" / "packaging" / "package", "--output", cls.folder, "source")
        shutil.rmtree(cls.folder / "clone")
        with tarfile.open(cls.folder / f"tcpwave-{VERSION}.tar.gz") as tar:
            tar.extractall(cls.folder)
        cls.unpacked = cls.folder / f"tcpwave-{VERSION}"

    def test_it_knows_version_and_time(self):
        spec = (self.unpacked / "tcpwave.spec").read_text()
        self.assertRegex(spec, rf"(?m)^Version: +{re.escape(VERSION)}$")
        self.assertRegex((self.unpacked / "packaging/cpack/commit-time").read_text(), r"^\d+\n$")
        self.assertTrue((self.unpacked / "LICENSE").exists())

    def test_everything_can_be_configured_from_it(self):
        settings = {name: value for name, value in os.environ.items() if not name.startswith("TCPWAVE")}
        for preset, wanted in (("dev", "window"), ("engine", "engine_test"), ("release", "tcpwave_plugin")):
            run("cmake", "--preset", preset, cwd=self.unpacked, env=settings)
            targets = run("cmake", "--build", "--preset", preset, "--target", "help", cwd=self.unpacked)
            self.assertRegex(targets, rf"(?m)^{wanted}: ")


if __name__ == "__main__":
    skip_without("cmake dpkg-dev fakeroot file git ninja-build", "cmake", "dpkg-shlibdeps", "fakeroot", "file", "git",
                 "ninja")
    if not (SOURCE / ".git").exists():
        print("skipped: not a checkout of git")
        sys.exit(SKIPPED)
    unittest.main()
