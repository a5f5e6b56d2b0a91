"""The packages that cpack makes of this build: what they hold and need, and that what they install works.

packaging/wireshark-versions --packages installs and purges them; packaging/package --check-same builds
them twice. Exit code 77 (skipped) without Debian's tools for packages.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(os.environ["TCPWAVE_SOURCE"]), Path(os.environ["TCPWAVE_BUILD"])
VERSION, WIRESHARK = os.environ["TCPWAVE_VERSION"], os.environ["TCPWAVE_WIRESHARK_VERSION"]
CAPTURE = SOURCE / "captures" / "kernel" / "close4-client.pcapng"
PROFILE = {f"TCP Wave/{file.name}" for file in (SOURCE / "packaging" / "profile" / "TCP Wave").iterdir()}


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=240,
                          **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def as_user(home, *command):
    """Runs it as an ordinary user whose home folder that is; Wireshark run by root reads no personal plugins."""
    if os.getuid() == 0:
        os.chown(home, 65534, 65534)
        command = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                   "--inh-caps=+dac_override", "--ambient-caps=+dac_override", *command)
    settings = {"HOME": str(home), "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    return run(*command, env=settings)


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-packages-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.folder.chmod(0o755)
        for generator in ("DEB", "TGZ"):
            run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", generator, "-B", cls.folder)

    def the(self, pattern):
        found = list(self.folder.glob(pattern))
        self.assertEqual(len(found), 1, found)
        return found[0]

    def home(self):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-home-")
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

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
        self.assertEqual(files - {plugin}, {f"usr/share/wireshark/profiles/{name}" for name in PROFILE} |
                         {"usr/share/doc/tcpwave/changelog.gz", "usr/share/doc/tcpwave/copyright"})
        self.assertEqual([name for name in holds if name.startswith("./usr/local")], [])
        control = self.folder / "control"
        run("dpkg-deb", "-e", deb, control)
        self.assertEqual({file.name for file in control.iterdir()}, {"control", "md5sums"})

    @unittest.skipUnless(shutil.which("lintian"), "no lintian")
    def test_lintian_finds_no_error(self):
        root = ["--allow-root"] if os.getuid() == 0 else []
        self.assertEqual(run("lintian", *root, "--fail-on", "none", "--tag-display-limit", "0",
                             "--display-level", "error", self.the("*.deb")), "")

    def test_the_tarball_installs_and_takes_itself_off(self):
        home = self.home()
        with tarfile.open(self.the("*.tar.gz")) as tar:
            tar.extractall(self.folder)
        top = self.the("tcpwave-*-linux-*/")
        self.assertIn(f"wireshark{WIRESHARK}", top.name)
        self.assertIn("installed", as_user(home, top / "install"))
        listed = as_user(home, "tshark", "-C", "TCP Wave", "-2", "-r", CAPTURE)
        self.assertIn("wave 4/4: ACK of the passive closer's FIN", listed)
        as_user(home, top / "install", "--uninstall")
        left = [path for path in home.rglob("*") if path.is_file() and "TCP Wave" in str(path)]
        self.assertEqual((left, list(home.rglob("tcpwave.so"))), ([], []))

    def test_the_tarball_keeps_what_the_user_changed(self):
        home = self.home()
        with tarfile.open(self.the("*.tar.gz")) as tar:
            tar.extractall(self.folder)
        top = self.the("tcpwave-*-linux-*/")
        as_user(home, top / "install")
        changed = next(home.rglob("colorfilters"))
        changed.write_text("# mine\n")
        self.assertIn(f"kept yours: {changed}", as_user(home, top / "install"))
        self.assertIn(f"kept yours: {changed}", as_user(home, top / "install", "--uninstall"))
        self.assertEqual(changed.read_text(), "# mine\n")

    @unittest.skipUnless(shutil.which("git") and (SOURCE / ".git").exists(), "not a git checkout")
    def test_the_source_tarball(self):
        run("git", "-c", "safe.directory=*", "clone", "-q", SOURCE, self.folder / "clone")
        output = self.folder / "source"
        run(self.folder / "clone" / "packaging" / "package", "--output", output, "source")
        with tarfile.open(output / f"tcpwave-{VERSION}.tar.gz") as tar:
            names = set(tar.getnames())
            top = f"tcpwave-{VERSION}/"
            self.assertLessEqual({top + "CMakeLists.txt", top + "tcpwave.spec", top + "LICENSE"}, names)
            spec = tar.extractfile(top + "tcpwave.spec").read().decode()
            time = tar.extractfile(top + "packaging/cpack/commit-time").read().decode()
        self.assertRegex(spec, rf"(?m)^Version: +{re.escape(VERSION)}$")
        self.assertRegex(time, r"^\d+\n$")


if __name__ == "__main__":
    for tool in ("dpkg-shlibdeps", "file", "fakeroot"):
        if not shutil.which(tool):
            print(f"skipped: no {tool} here (Debian: apt-get install dpkg-dev file fakeroot)")
            sys.exit(77)
    unittest.main()
