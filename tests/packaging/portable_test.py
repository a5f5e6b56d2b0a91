"""The tarball for one user: what its script installs works and comes off again, and where it cannot install it says why
and leaves everything as it was.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import tarfile
import tempfile
import unittest
from pathlib import Path

from packaged import BUILD, CAPTURE, NOBODY, VERSION, WIRESHARK, as_user, folder_for, run


def files(folder):
    """{path below it: octets} of all files, to compare."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Portable(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = folder_for(cls, "portable")
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", "TGZ", "-B", cls.folder)
        with tarfile.open(next(cls.folder.glob("*.tar.gz"))) as tar:
            tar.extractall(cls.folder)
        cls.unpacked = next(cls.folder.glob("tcpwave-*-linux-*/"))

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-home-")
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)

    def install(self, *words, unpacked=None, **options):
        return as_user(self.home, (unpacked or self.unpacked) / "install", *words, **options)

    def incomplete(self, name):
        """A copy of what was unpacked, to take something from."""
        copy = self.folder / name
        shutil.copytree(self.unpacked, copy)
        return copy

    def fake_tshark(self, says):
        folder = self.folder / self.id()
        folder.mkdir()
        (folder / "tshark").write_text(f"#!/bin/sh\n{says}\n")
        (folder / "tshark").chmod(0o755)
        folder.chmod(0o755)
        return f"{folder}:"

    def test_the_names_have_the_versions(self):
        self.assertRegex(self.unpacked.name, f"^tcpwave-{VERSION}-wireshark{WIRESHARK}-linux-")

    def test_it_installs_and_takes_itself_off(self):
        self.assertIn("installed", self.install())
        listed = as_user(self.home, "tshark", "-C", "TCP Wave", "-2", "-r", CAPTURE)
        self.assertIn("wave 4/4: ACK of the passive closer's FIN", listed)
        self.install("--uninstall")
        left = [path for path in self.home.rglob("*") if "TCP Wave" in str(path) or "plugins" in str(path)]
        self.assertEqual((left, list(self.home.rglob("tcpwave.so"))), ([], []))

    def test_it_can_be_installed_again(self):
        self.install()
        before = files(self.home)
        self.install()
        self.assertEqual(files(self.home), before)

    def test_it_keeps_what_the_user_changed(self):
        self.install()
        changed = next(self.home.rglob("colorfilters"))
        changed.write_text("# mine\n")
        self.assertIn(f"kept yours: {changed}", self.install())
        self.assertIn(f"kept yours: {changed}", self.install("--uninstall"))
        self.assertEqual(changed.read_text(), "# mine\n")

    def test_another_version_of_wireshark(self):
        path = self.fake_tshark('[ "$1" = -G ] && printf "Personal Plugins:\\t/p/9.8\\nPersonal configuration:\\t/c\\n"\n'
                                '[ "$1" = -G ] || echo "TShark (Wireshark) 9.8.7."')
        said = self.install(code=1, path=path)
        self.assertIn(f"this is for Wireshark {WIRESHARK}, and tshark here is 9.8", said)
        self.assertEqual(files(self.home), {})

    def test_a_tshark_that_does_not_run(self):
        said = self.install(code=1, path=self.fake_tshark("exit 1"))
        self.assertIn("does not say its version and its folders", said)
        self.assertEqual(files(self.home), {})

    def test_a_tarball_unpacked_in_part(self):
        part = self.incomplete("part")
        shutil.rmtree(part / "plugin")
        self.assertIn("unpack the whole tarball", self.install(unpacked=part, code=1))
        self.assertEqual(list(self.home.iterdir()), [])

    def test_no_right_to_write(self):
        for closed in (".local", ".config"):
            with self.subTest(closed):
                (self.home / closed).mkdir(mode=0o555)
                said = self.install(code=1, rights=())
                self.assertRegex(said, rf"nothing installed: you may not write in {self.home / closed}/")
                self.assertEqual(list(self.home.rglob("*")), [self.home / closed])
                (self.home / closed).rmdir()

    def test_a_plugin_that_does_not_load(self):
        self.install()
        before = files(self.home)
        broken = self.incomplete("broken")
        (broken / "plugin" / "tcpwave.so").write_bytes(b"for another machine")
        said = self.install(unpacked=broken, code=1)
        self.assertRegex(said, r"nothing installed: tshark does not load the plugin here\. It says: .*tcpwave\.so")
        self.assertEqual(files(self.home), before)
        self.install("--uninstall")
        self.assertIn("nothing installed", self.install(unpacked=broken, code=1))
        self.assertEqual(list(self.home.rglob("tcpwave*")) + list(self.home.rglob("*.new")), [])

    def test_bad_use(self):
        self.assertIn("nothing to remove", self.install("--uninstall", code=1))
        for words in (["--remove"], ["--uninstall", "now"]):
            self.assertIn("Usage: ./install [--uninstall]", self.install(*words, code=2))
        self.assertIn("HOME does not name a folder", run("env", "-u", "HOME", *self.user(), code=1))

    def user(self):
        """The command itself, as an ordinary user."""
        change = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
        return [*change, self.unpacked / "install"]

    @unittest.skipUnless(os.getuid() == 0, "needs root")
    def test_root_is_told_why_not(self):
        self.assertIn("Wireshark run by root reads no personal plugins", run(self.unpacked / "install", code=1))


if __name__ == "__main__":
    unittest.main()
