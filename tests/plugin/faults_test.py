"""Memory runs out at every allocation of the plugin's; epan throws in every call of the plugin's.

tshark goes on, every frame is still shown, and what was lost is said. faults.cpp, preloaded, makes the
faults: TCPWAVE_FAULTS names it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import unittest

import frames
import hazards
import tshark
from tshark import CAPTURES

FAULTS = os.environ["TCPWAVE_FAULTS"]
WINDOW = os.environ["TCPWAVE_WINDOW"]
SHORT = bool(os.environ.get("TCPWAVE_FAULTS_SHORT"))  # each so-many-th fault of some commands only, for ctest
SAYS_SO = re.compile(r"bad_alloc|memory ran out")


def some(commands, count):
    return commands[:count] if SHORT else commands


class Child:
    """One run that met one fault, or (the last one) none."""

    def __init__(self, folder, name):
        self.name = name
        hit, status = (folder / f"{name}.end").read_text().split()
        self.hit = hit == "hit"
        status = int(status)
        self.code = os.waitstatus_to_exitcode(status)
        self.out = (folder / f"{name}.out").read_text(errors="replace")
        self.err = (folder / f"{name}.err").read_text(errors="replace")

    def frames(self):
        """The details of each frame, as text."""
        return re.split(r"(?m)^(?=Frame \d+:)", self.out)[1:]


def children(fault, every, *arguments, program=tshark.TSHARK, **environment):
    """The faulty runs of one command, and the whole one."""
    folder = tshark.FOLDER / "faults"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o777)
    if program == WINDOW:  # is C++ itself
        environment |= {"TCPWAVE_FAULT_PLUGIN_ONLY": "1", "TMPDIR": str(tshark.FOLDER)}
    else:
        arguments = ("-r", *arguments)
    tshark.run(*arguments, program=program, TCPWAVE_FAULT=fault, TCPWAVE_FAULT_FOLDER=str(folder),
               LD_PRELOAD=FAULTS, TCPWAVE_FAULT_EVERY=str(every), **environment)
    names = sorted(end.stem for end in folder.glob("*.end"))
    faulty = [Child(folder, name) for name in names]
    return faulty[:-1], faulty[-1]


def icmp_and_tunnels():
    return tshark.capture("hazards", hazards.frames_and_counts()[0])


class Faults(unittest.TestCase):
    def run_all(self, fault, least, path, *arguments, codes=(0,), program=tshark.TSHARK, faults=2):
        """Where it is to be short: every so-many-th fault, `faults` at least."""
        every = max(1, least // faults) if SHORT else 1
        faulty, whole = children(fault, every, path, *arguments, program=program)
        least //= every
        self.assertGreaterEqual(len(faulty), max(least, 1), "hardly a fault: is faults.cpp preloaded?")
        self.assertFalse(whole.hit)
        self.assertEqual(whole.code, 0, whole.err)
        self.assertNotRegex(whole.err, SAYS_SO)
        for child in faulty:
            self.assertIn(child.code, codes, f"{child.name}: {child.err}")
        return faulty, whole


class Memory(Faults):
    def assert_said(self, faulty, whole):
        for child in faulty:
            if child.out != whole.out:
                self.assertRegex(child.err, SAYS_SO, child.name)

    def test_frames(self):
        for path in some((icmp_and_tunnels(), CAPTURES / "port_reuse_time_wait.pcapng",
                          CAPTURES / "syn_unreachable.pcapng", CAPTURES / "four_segment.pcapng"), 2):
            for passes in ((), ("-2",)):
                with self.subTest(path.name, passes=passes):
                    faulty, whole = self.run_all("memory", 30, path, *passes, "-V", faults=1)
                    self.assert_said(faulty, whole)
                    for child in faulty:
                        self.assertEqual(len(child.frames()), len(whole.frames()), child.name)

    def test_a_frame_that_was_not_judged_says_so(self):
        faulty, whole = self.run_all("memory", 30, CAPTURES / "four_segment.pcapng", "-V", faults=30)
        lost = [child for child in faulty if "a segment is lost" in child.err]
        self.assertTrue(lost)
        for child in lost:
            self.assertIn("not analyzed: out of memory", child.out, child.name)

    def test_statistics(self):
        path = CAPTURES / "port_reuse_time_wait.pcapng"
        picture = tshark.FOLDER / "ladder.svg"
        for name in some(("tcpwave,conns,csv", "tcpwave,sockets", f"tcpwave,ladder,0,{picture}", "flow,tcpwave,standard",
                          "tcpwave,conns", "tcpwave,states", "tcpwave,resets", "tcpwave,tree", "tcpwave,ladder,0"), 4):
            with self.subTest(name):
                faulty, whole = self.run_all("memory", 30, path, "-q", "-z", name, codes=(0, 1, 2), faults=1)
                self.assert_said(faulty, whole)

    def test_windows(self):
        path = CAPTURES / "port_reuse_time_wait.pcapng"
        for command in some(("table=tcpwave,conns", "flow=tcpwave", "ladder=3", "fields=tcpwave.conn",
                             "table=tcpwave,sockets", "table=tcpwave,tree"), 4):
            with self.subTest(command):
                faulty, whole = self.run_all("memory", 20, path, command, program=WINDOW, faults=1)
                self.assert_said(faulty, whole)


class Throw(Faults):
    def test_one_frame_suffers(self):
        """Once it was collected, a segment's details may break off: in no other frame."""
        path = CAPTURES / "four_segment.pcapng"
        faulty, whole = self.run_all("throw", 200, path, "-V")
        expected = whole.frames()
        for child in faulty:
            got = child.frames()
            self.assertEqual(len(got), len(expected), child.name)
            differ = [i for i, (a, b) in enumerate(zip(got, expected)) if a != b]
            collected = bool(differ) and "Source Port" in got[differ[0]]
            if collected:
                self.assertEqual(len(differ), 1, child.name)
            for i, frame in enumerate(got):
                if i not in differ[:1]:
                    self.assertIn("[TCP Wave: ", frame, f"{child.name}: frame {i + 1}")

    def test_two_passes(self):
        faulty, whole = self.run_all("throw", 200, CAPTURES / "four_segment.pcapng", "-2", "-V")
        for child in faulty:
            got = child.frames()
            self.assertEqual(len(got), len(whole.frames()), child.name)
            without = [i for i, frame in enumerate(got) if "[TCP Wave: " not in frame]
            self.assertLessEqual(len(without), 1, child.name)

    def test_tunnels_and_quotes(self):
        faulty, whole = self.run_all("throw", 5000, icmp_and_tunnels(), "-V")
        for child in faulty:
            self.assertEqual(len(child.frames()), len(whole.frames()), child.name)

    def test_taps(self):
        path = CAPTURES / "four_segment.pcapng"
        for name in ("tcpwave,conns", "tcpwave,tree", "flow,tcpwave,standard"):
            with self.subTest(name):
                self.run_all("throw", 40, path, "-q", "-z", name)


if __name__ == "__main__":
    tshark.main()
