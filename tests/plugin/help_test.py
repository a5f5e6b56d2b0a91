"""What the -z options say of themselves, and an answer to whatever follows their names.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import subprocess
import unittest

import tshark
from statistic import FOUR, KERNEL, LOSSY, MANY, RESET, refused, statistic


class Help(unittest.TestCase):
    """Of each option, by its name and `,help`: with a capture and without one."""

    @staticmethod
    def columns(text):
        listed = text.split("COLUMNS\n")[1].split("\n\n")[0]
        return [line.split()[0] for line in listed.splitlines()]

    def test_columns_are_those_that_are_printed(self):
        for name in ("conns", "overview", "resets", "sockets", "states", "tree"):
            printed = statistic(FOUR, f"tcpwave,{name},csv").splitlines()[0].split(",")
            self.assertEqual(self.columns(tshark.run("-z", f"tcpwave,{name},help")), printed)

    def test_it_comes_alone_also_beside_a_capture(self):
        for name in ("conns", "overview", "resets", "sockets", "states", "tree", "ladder"):
            text = tshark.run("-z", f"tcpwave,{name},help")
            self.assertTrue(text.startswith(f"tshark -z tcpwave,{name}"))
            self.assertEqual(tshark.run("-r", FOUR, "-z", f"tcpwave,{name},help"), text)

    def test_the_list_has_every_option(self):
        text = tshark.run("-z", "tcpwave,help")
        done = subprocess.run([tshark.TSHARK, "-z", "help"], capture_output=True, text=True, timeout=60)
        known = done.stdout + done.stderr
        self.assertIn("tcpwave,conns", known)
        for name in re.findall(r"^ *(tcpwave,\w+)", known, re.MULTILINE):
            self.assertIn(name, text)

    def test_its_examples_run(self):
        for name in ("conns", "overview", "resets", "sockets", "states", "tree", "ladder"):
            text = tshark.run("-z", f"tcpwave,{name},help")
            for example in re.findall(r"^  tshark -q -r FILE.pcap -z (\S+)$", text, re.MULTILINE):
                with self.subTest(example):
                    if example.endswith(".svg"):
                        example = example.replace("ladder.svg", str(tshark.FOLDER / "example.svg"))
                    statistic(FOUR, example)


class Values(unittest.TestCase):
    def test_what_fields_hold_is_listed_and_has_no_comma(self):
        listed, field = {}, None
        for line in tshark.run("-z", "tcpwave,help,values").splitlines():
            if re.fullmatch(r"tcpwave\.[a-z0-9_.]*[a-z0-9_]", line):
                field = listed.setdefault(line, set())
            elif line.startswith("  ") and field is not None:
                field.add(line.strip())
        self.assertIn("CLOSE_WAIT", listed["tcpwave.state"])
        self.assertIn("tcpwave.finding.rst_abort", tshark.run("-z", "tcpwave,help,values"))
        names = [name for name in listed if not name.endswith(".code")]
        seen = set()
        for path in (FOUR, RESET, LOSSY, MANY, KERNEL / "simopen-tap-order.pcapng"):
            for values in tshark.rows(path, names, "-2"):
                for name, some in zip(names, values, strict=True):
                    self.assertLessEqual(set(some), listed[name], name)
                    seen.update(some)
        self.assertGreater(len(seen), 60)
        self.assertFalse([v for values in listed.values() for v in values if "," in v])

    def test_no_value_but_of_sentences_has_a_comma(self):
        names = [line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
                 if line.startswith("F\t") and line.split("\t")[3] == "FT_STRING" and
                 line.split("\t")[2].startswith("tcpwave.") and "not for filters" not in line]
        self.assertGreater(len(names), 15)
        for path in (FOUR, MANY):
            for values in tshark.rows(path, names, "-2"):
                self.assertFalse([v for some in values for v in some if "," in v])

    def test_a_misspelt_name_is_refused(self):
        for wanted in ('tcpwave.state.code == "CLOSED_WAIT"', 'tcpwave.outcome.code == "normal_closed"',
                       'tcpwave.reset_cause.code == "rst_orphan"', "tcpwave.finding.close_inited"):
            done = subprocess.run([tshark.TSHARK, "-r", str(FOUR), "-Y", wanted], capture_output=True,
                                  text=True, timeout=60, env=os.environ)
            self.assertNotEqual(done.returncode, 0, wanted)
        self.assertEqual(tshark.matching(FOUR, 'tcpwave.state.code == "CLOSE_WAIT"', "-2"),
                         tshark.matching(FOUR, 'tcpwave.state == "CLOSE_WAIT"', "-2"))
        self.assertEqual(tshark.matching(FOUR, 'tcpwave.outcome.code == "normal_close"', "-2"),
                         tshark.matching(FOUR, 'tcpwave.outcome == "normal_close"', "-2"))
        orphan = KERNEL.parent / "rst_orphan_data.pcapng"
        frames = tshark.matching(orphan, 'tcpwave.reset_cause.code == "rst_orphan_data"', "-2")
        self.assertEqual(frames, tshark.matching(orphan, 'tcpwave.reset_cause == "rst_orphan_data"', "-2"))
        self.assertTrue(frames)


class Filtered(unittest.TestCase):
    def test_a_filter_that_nothing_passes_is_said(self):
        for filtered, said in (("xml", True), ("tcp", False)):
            done = subprocess.run([tshark.TSHARK, "-q", "-r", str(FOUR), "-z", f"tcpwave,conns,{filtered}"],
                                  capture_output=True, text=True, timeout=60, env=os.environ)
            self.assertEqual(done.returncode, 0)
            self.assertEqual('no TCP segment passes the filter "xml"' in done.stderr, said, done.stderr)


class Usage(unittest.TestCase):
    def test_anything_else_is_answered_with_the_usage(self):
        for option, tails in {
                "tcpwave,conns": ("X", ",cs", ",csv,"),
                "tcpwave,overview": (",",),
                "tcpwave,sockets": (",-1", ",1e3", ",1,"),
                "tcpwave,states": (",close_wait", ",CLOSED", ",CLOSE_WAIT,cs", ",CLOSE_WAIT,"),
                "tcpwave,resets": (",tpc", ",csv,"),
                "tcpwave,tree": (",tpc",),
                "tcpwave,ladder": ("", ",x", ",0x", ",0,", ",0,close.png", ",0,close.svg.gz")}.items():
            for tail in tails:
                with self.subTest(option + tail):
                    code, said = refused(FOUR, option + tail)
                    self.assertEqual(code, 1)
                    self.assertIn(f"usage: -z {option}", said)

    def test_an_unknown_statistic_is_answered_with_those_that_there_are(self):
        for option in ("tcpwave", "tcpwave,foo", "tcpwave,", "tcpwave,con", "tcpwave,help,foo",
                       "tcpwave,helpX"):
            with self.subTest(option):
                code, said = refused(FOUR, option)
                self.assertEqual(code, 1)
                self.assertIn("one of: tcpwave,conns tcpwave,overview", said)
                self.assertEqual(len(said.splitlines()), 1)


if __name__ == "__main__":
    tshark.main()
