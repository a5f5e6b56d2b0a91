#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every command in every document runs, in a scratch copy of the project and with this build's tshark.

Commands are the fenced `sh` blocks, each run as one script from the top of the copy, and code in the text that
begins with a program of PROGRAMS and has an argument. FILE.pcap, FILE.pcapng and captures/kernel/NAME.pcapng
are captures there; build/dev is this build. What is not run stands in commands.tsv, with the reason; these are
reported as skipped.

TCPWAVE_BUILD names the build, TCPWAVE_TSHARK and TCPWAVE_WIRESHARK the programs with its plugin.
"""

import csv
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
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
INDENTED = re.compile(r"(?:^\n)((?:^    \S.*\n)+)", re.MULTILINE)
PROGRAMS = ("tshark", "wireshark", "packaging/", "captures/lab/", "tests/", "build/dev/", "cmake", "ctest", "python3",
            "editcap", "mergecap", "parallel", "sbatch", "./score")
LONGEST = 500  # on a machine that has much else to do


class NotRun:
    """commands.tsv: what is not run. Each row must be of use."""

    def __init__(self):
        with open(Path(__file__).with_name("commands.tsv"), encoding="utf-8") as file:
            rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                    if row and not row[0].startswith("#")]
        self.rows = {command: (how, why) for command, how, why in rows}
        self.used = set()

    def find(self, command):
        for pattern, row in self.rows.items():
            begin = pattern.removesuffix(" ...")
            if command == pattern or pattern.endswith(" ...") and (command == begin or command.startswith(begin + " ")):
                self.used.add(pattern)
                return row
        return None


def documents():
    """As git lists them; where there is no git or no checkout of it, all outside of a build."""
    names = [str(p.relative_to(TOP)) for p in TOP.rglob("*.md")
             if "build" not in p.relative_to(TOP).parts]
    if shutil.which("git"):
        listed = subprocess.run(["git", "-C", TOP, "ls-files", "--cached", "--others",
                                 "--exclude-standard", "*.md"], capture_output=True, text=True)
        if listed.returncode == 0:
            names = listed.stdout.split()
    return sorted(name for name in names if (TOP / name).exists())


def lines_of(block):
    """The commands of a block: its lines, those joined that end with a backslash or go on indented."""
    joined = re.sub(r"\\\n\s*|\n[ \t]+", " ", block)
    return [re.sub(r"\s+#.*", "", line).strip() for line in joined.splitlines()
            if line.strip() and not line.startswith("#")]


def inline(text):
    """Commands in the running text."""
    for code in CODE.findall(ANY_FENCE.sub("", text)):
        code = " ".join(code.split())
        if " " in code and code.startswith(PROGRAMS):
            yield code


def sections(text):
    """(heading, all up to the next one), of the second level."""
    for section in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        yield section.splitlines()[0][3:], section


def scratch_copy(folder):
    copy = folder / "tcpwave"
    shutil.copytree(TOP, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "build", "__pycache__"))
    (copy / "build").mkdir()
    (copy / "build" / "dev").symlink_to(BUILD)
    for name, source in (("FILE.pcap", "two-interleaved"), ("FILE.pcapng", "close4-client")):
        shutil.copy(copy / "captures" / "kernel" / f"{source}.pcapng", copy / name)
    for ending in ("pcapng", "truth.jsonl"):
        shutil.copy(copy / "captures" / "kernel" / f"close4-client.{ending}",
                    copy / "captures" / "kernel" / f"NAME.{ending}")
    programs = folder / "bin"
    programs.mkdir()
    for program in ("tshark", "wireshark"):
        (programs / program).symlink_to(os.environ[f"TCPWAVE_{program.upper()}"])
    (folder / "home").mkdir()
    for path in (folder, copy, *(p for p in copy.rglob("*") if not p.is_symlink())):
        path.chmod(path.stat().st_mode | 0o777 if path.is_dir() else path.stat().st_mode | 0o444)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
    # Objects with coverage or sanitizers need more than the commands link.
    if "CMAKE_BUILD_TYPE:STRING=RelWithDebInfo\n" in (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"):
        environment["CMAKE_TOOLCHAIN_FILE"] = str(Path(__file__).with_name("quick.cmake"))
    return copy, environment


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-commands-")
        cls.addClassCleanup(folder.cleanup)
        cls.top, cls.environment = scratch_copy(Path(folder.name))
        cls.not_run, cls.ran = NotRun(), set()

    def run_in_shell(self, command):
        """What stands in several documents runs once."""
        if command in self.ran:
            return
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=self.top, capture_output=True,
                              text=True, timeout=LONGEST, env=os.environ | self.environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        self.ran.add(command)

    def attend(self, document, command, commands):
        """Runs it, or says why not. `commands` are its parts, each of which may be listed."""
        listed = {part: row for part in commands if (row := self.not_run.find(part))}
        for part, (how, why) in list(listed.items()):
            needed = how.removeprefix("needs:")
            if needed != how and shutil.which(needed):
                del listed[part]
            elif how == "skip" or needed != how:
                print(f"skipped: {document}: {part}: {why}")
                self.skipTest(f"{part}: {why}")
        self.assertIn(len(listed), (0, len(commands)), f"some of these run and some do not: {command}")
        if not listed:
            self.run_in_shell(command)

    def test_each(self):
        for document in documents():
            text = (TOP / document).read_text(encoding="utf-8")
            if self.not_run.find(document):
                continue
            for heading, section in sections(text):
                if listed := self.not_run.find(f"{document}#{heading}"):
                    text = text.replace(section, "")
                    for command in inline(section):
                        self.not_run.find(command)  # a row of its own does no harm
                        with self.subTest(document=document, command=command):
                            print(f"skipped: {document}: {command}: {listed[1]}")
                            self.skipTest(f"{command}: {listed[1]}")
            for block in FENCE.findall(text):
                with self.subTest(document=document, block=block):
                    self.attend(document, block, lines_of(block))
            for command in inline(text):
                with self.subTest(document=document, command=command):
                    self.attend(document, command, [command])
        self.assertEqual(set(self.not_run.rows) - self.not_run.used, set(), "rows of commands.tsv that fit nothing")
        print(f"{len(self.ran)} commands and blocks ran")
        self.assertGreater(len(self.ran), 10)

    def test_no_command_hides_in_an_indented_block(self):
        for document in documents():
            text = ANY_FENCE.sub("", (TOP / document).read_text(encoding="utf-8"))
            for block in INDENTED.findall(text):
                for line in block.splitlines():
                    with self.subTest(document=document, line=line):
                        self.assertFalse(line.strip().startswith((*PROGRAMS, "sudo ", "apt-get ")))


if __name__ == "__main__":
    sys.exit(unittest.main())
