"""The .deb that cpack makes of this build: what it holds and needs.

packaging/wireshark-versions --packages installs and purges them; packaging/package --check-same builds
them twice. Exit code 77 (skipped) without Debian's tools for packages.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import unittest

from packaged import BUILD, PROFILE, VERSION, WIRESHARK, folder_for, run, skip_without


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = folder_for(cls, "packages")
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", "DEB", "-B", cls.folder)

    def the(self, pattern):
        found = list(self.folder.glob(pattern))
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_the_deb_needs_this_version_of_wireshark_only(self):
        deb = self.the("*.deb")
        self.assertRegex(deb.name, rf"^tcpwave_{re.escape(VERSION)}\+wireshark{re.escape(WIRESHARK)}_\w+\.deb$")
        major, minor = WIRESHARK.split(".")
        depends = run("dpkg-deb", "-f", deb, "Depends")
        self.assertIn(f"wireshark-common (>= {WIRESHARK}~), wireshark-common (<< {major}.{int(minor) + 1}~)",
                      depends)
        self.assertRegex(depends, r"libwireshark\d+")

    def test_the_deb_holds_plugin_and_profile_and_no_scripts(self):
        deb = self.the("*.deb")
        holds = {line.split(maxsplit=5)[5] for line in run("dpkg-deb", "-c", deb).splitlines()}
        files = {name.removeprefix("./") for name in holds if not name.endswith("/")}
        plugin = next(name for name in files if name.endswith("tcpwave.so"))
        self.assertRegex(plugin, rf"^usr/lib/.*wireshark/plugins/{re.escape(WIRESHARK)}/epan/tcpwave\.so$")
        record = {name for name in files if name.endswith("/tcpwave-record")}
        self.assertIn(record & {"usr/bin/tcpwave-record"}, (record & {"usr/bin/tcpwave-record"}, set()))
        self.assertIn(len(record), (0, 2))  # the command and Wireshark's link to it, where it was built
        self.assertEqual(files - {plugin} - record, {f"usr/share/wireshark/profiles/{name}" for name in PROFILE} |
                         {"usr/share/doc/tcpwave/changelog.gz", "usr/share/doc/tcpwave/copyright"})
        self.assertEqual([name for name in holds if name.startswith("./usr/local")], [])
        control = self.folder / "control"
        run("dpkg-deb", "-e", deb, control)
        self.assertEqual({file.name for file in control.iterdir()}, {"control", "md5sums"})

    @unittest.skipUnless(shutil.which("lintian"), "no lintian")
    def test_lintian_finds_no_error(self):
        root = ["--allow-root"] if os.getuid() == 0 else []
        said = run("lintian", *root, "--fail-on", "none", "--tag-display-limit", "0", "--info", self.the("*.deb"))
        self.assertNotRegex(said, r"(?m)^E: ")


if __name__ == "__main__":
    skip_without("dpkg-dev file fakeroot", "dpkg-shlibdeps", "file", "fakeroot")
    unittest.main()
