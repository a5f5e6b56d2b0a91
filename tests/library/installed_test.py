"""The installed library: what `cmake --install --component engine` puts where, and that src/example builds
against it alone, by find_package and by pkg-config, and prints what src/docs/library.md says.

The environment names the build (TCPWAVE_BUILD), the compiler (TCPWAVE_CXX) and its options
(TCPWAVE_CXXFLAGS). `installed_test.py --write` writes into the page what the example prints.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["TCPWAVE_BUILD"])
CXX = os.environ["TCPWAVE_CXX"]
FLAGS = os.environ.get("TCPWAVE_CXXFLAGS", "").split()
EXAMPLE = TOP / "src" / "example"
PAGE = TOP / "src" / "docs" / "library.md"
CAPTURE = TOP / "captures" / "kernel" / "close4-client.pcapng"
OUTPUT = re.compile(r"(?<=```text\n)[^`]*(?=```)")


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=240,
                          env=os.environ | environment)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-library-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        run("cmake", "--install", BUILD, "--component", "engine", "--prefix", cls.folder / "first")
        cls.prefix = cls.folder / "moved"  # an installed copy can be moved
        (cls.folder / "first").rename(cls.prefix)
        cls.files = {p.relative_to(cls.prefix) for p in cls.prefix.rglob("*") if not p.is_dir()}
        cls.pkg_config_path = next(cls.prefix.rglob("tcpwave.pc")).parent

    def test_nothing_but_the_library_is_installed(self):
        headers = {"/".join(p.parts[2:]) for p in self.files if p.parts[:2] == ("include", "tcpwave")}
        others = {p.name for p in self.files if p.parts[0] != "include"}
        umbrella = (TOP / "src" / "tcpwave" / "tcpwave.h").read_text()
        catalogue = (TOP / "src" / "tcpwave" / "catalogue.h").read_text()  # made of each group's rows
        rows = re.findall(r'#include "tcpwave/(findings/.*)"', catalogue)
        self.assertEqual(headers, {"tcpwave.h", *rows, *re.findall(r'#include "tcpwave/(.*)"', umbrella)})
        self.assertLessEqual({"libtcpwave.a", "tcpwave.pc", "tcpwave-config.cmake",
                              "tcpwave-config-version.cmake"}, others)
        self.assertFalse([name for name in others if not re.match(r"(lib)?tcpwave[.-]", name)])

    def test_the_plugin_does_not_carry_it(self):
        if not (BUILD / "plugin").exists():
            self.skipTest("this build has no plugin")
        stage = self.folder / "plugin"
        run("cmake", "--install", BUILD, DESTDIR=str(stage))
        names = {p.name for p in stage.rglob("*")}
        self.assertIn("tcpwave.so", names)
        self.assertFalse([n for n in names if n.endswith((".a", ".h", ".pc", ".cmake"))])

    def test_each_header_compiles_alone(self):
        for header in sorted(p for p in self.files if p.suffix == ".h"):
            name = header.relative_to("include")
            source = self.folder / "alone.cpp"
            source.write_text(f"#include <{name}>\n#include <{name}>\n")
            run(CXX, *FLAGS, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                f"-I{self.prefix / 'include'}", source)

    def test_the_example_by_pkg_config(self):
        options = run("pkg-config", "--cflags", "--libs", "tcpwave",
                      PKG_CONFIG_PATH=str(self.pkg_config_path)).split()
        self.assertTrue(all(str(self.folder) in o for o in options if o[:2] in ("-I", "-L")), options)
        program = self.folder / "states"
        run(CXX, *FLAGS, "-std=c++20", EXAMPLE / "states.cpp", *options, "-lpcap", "-o", program)
        self.assertIn(run(program, CAPTURE), OUTPUT.findall(PAGE.read_text()))

    def test_the_example_by_find_package(self):
        build = self.folder / "build"
        self.configure(EXAMPLE, build)
        run("cmake", "--build", build)
        self.assertIn(run(build / "states", CAPTURE), OUTPUT.findall(PAGE.read_text()))
        bad = subprocess.run([build / "states", EXAMPLE / "states.cpp"], capture_output=True, text=True)
        self.assertEqual(bad.returncode, 2)
        self.assertTrue(bad.stderr.strip())

    def test_another_minor_version_is_not_found(self):
        source = self.folder / "newer"
        shutil.copytree(EXAMPLE, source)
        lists = source / "CMakeLists.txt"
        lists.write_text(lists.read_text().replace("tcpwave 0.1", "tcpwave 0.99"))
        with self.assertRaisesRegex(AssertionError, "0.99"):
            self.configure(source, self.folder / "newer-build")

    def configure(self, source, build):
        run("cmake", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_CXX_FLAGS={' '.join(FLAGS)}")


def write_page():
    Installed.setUpClass()
    options = run("pkg-config", "--cflags", "--libs", "tcpwave",
                  PKG_CONFIG_PATH=str(Installed.pkg_config_path)).split()
    program = Installed.folder / "states"
    run(CXX, *FLAGS, "-std=c++20", EXAMPLE / "states.cpp", *options, "-lpcap", "-o", program)
    printed = run(program, CAPTURE)
    PAGE.write_text(OUTPUT.sub(lambda _: printed, PAGE.read_text(), count=1))
    Installed.doClassCleanups()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write_page()
    else:
        unittest.main()
