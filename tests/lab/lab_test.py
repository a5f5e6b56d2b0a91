"""The kernel lab: where it can run it makes captures of this machine's kernel, and tcpwave is right on them.

Needs root, namespaces and TUN; without these the test is skipped (exit code 77) and says why. TCPWAVE_TRUTH
names the tool that scores.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LAB = TOP / "captures" / "lab"
KERNEL = TOP / "captures" / "kernel"
TRUTH = os.environ["TCPWAVE_TRUTH"]
SKIPPED = 77
# All but the batches, which take half a minute, and what no engine tells from the truth.
PLAYED = r"^(?!random-)(?!forged-fin-gap-stamps$)"
LEAST = {"clean+visible": 99.8, "visible": 99.5, "cut+visible": 97.0}

sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True


def lab(*arguments):
    return subprocess.run([LAB / "lab", *arguments], capture_output=True, text=True, timeout=280)


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()][1:]


def outside():
    """What of the machine's network can be seen from here."""
    return [subprocess.run(["ip", *what], capture_output=True, text=True, check=True).stdout
            for what in (["-o", "link"], ["-o", "route"], ["netns", "list"])]


class Played(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-lab-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        before = outside()
        done = lab("--jobs", "12", "--only", PLAYED, str(cls.folder))
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        cls.said = done.stdout
        cls.undisturbed = before == outside()

    def test_the_machine_is_as_before(self):
        self.assertTrue(self.undisturbed)

    def test_every_named_capture_of_the_folder_is_made_again(self):
        known = {p.stem for p in KERNEL.glob("*.pcapng") if not p.stem.startswith("random-")}
        made = {p.stem for p in self.folder.glob("*.pcapng")}
        self.assertEqual(known - made, set())

    def test_each_frame_has_a_row(self):
        for capture in self.folder.glob("*.pcapng"):
            content = capture.read_bytes()
            frames, at = 0, 0
            while at < len(content):
                frames += content[at:at + 4] == b"\6\0\0\0"
                at += int.from_bytes(content[at + 4:at + 8], "little")
            truth = rows(capture.parent / f"{capture.stem}.truth.jsonl")
            self.assertEqual([row["frame"] for row in truth], list(range(1, frames + 1)), capture.name)

    def test_courses_are_those_of_the_folder(self):
        for name in ("close4-client", "close3-server", "simclose", "finack-lost", "refused", "rst-lost",
                     "forged-rst-inwin", "forged-rst-exact", "data-after-fullclose", "timewait-stray"):
            def course(folder, name=name):
                return [(r["dir"], r["client"], r["server"], r["fate"], r.get("hidden"))
                        for r in rows(folder / f"{name}.truth.jsonl")]
            with self.subTest(name):
                self.assertEqual(course(self.folder), course(KERNEL))

    def test_tcpwave_is_right(self):
        done = subprocess.run([TRUTH, "--pass", "2", "--list", "30", self.folder], capture_output=True, text=True,
                              check=True, timeout=60)
        shares = dict(re.findall(r"^ +([\w+]+) +\d+/\d+ = ([\d.]+)%", done.stdout, re.MULTILINE))
        for group, least in LEAST.items():
            self.assertGreaterEqual(float(shares[group]), least, f"{group}\n{done.stdout}")


class Refusals(unittest.TestCase):
    def test_it_says_that_it_needs_root(self):
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", LAB / "lab", "/nonexistent"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, SKIPPED)
        self.assertIn("needs root", done.stderr)

    def test_a_scenario_that_fails_is_named(self):
        import scenario
        import wire
        with self.assertRaises(wire.TooLong):
            scenario.Lab().until(lambda: False, longest=0.1)


def main():
    import namespace
    missing = namespace.why_not()
    if missing:
        print(f"skipped: the kernel lab cannot run here: {missing}")
        return SKIPPED
    return unittest.main()


if __name__ == "__main__":
    sys.exit(main())
