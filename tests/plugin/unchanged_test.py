"""What Wireshark said before, it says still.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import hazards
import tshark
from tshark import CAPTURES, ONE_PASS, TWO_PASSES

LABEL = re.compile(r"^ *\[TCP Wave: ")


def without_our_subtrees(text):
    """The output of -V without what stands below a line of ours, and the lines left out."""
    kept, ours, depth = [], [], None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if depth is not None and line and indent > depth:
            ours.append(line)
            continue
        depth = indent if LABEL.match(line) else None
        (kept if depth is None else ours).append(line)
    return kept, ours


def unmarked(line, plain):
    """A summary line without the marks that stand where it first differs from the plain one."""
    same = len(os.path.commonprefix([line, plain]))
    start = line.rfind(" ", 0, same) + 1  # Info begins with a bracket at times, as a mark does
    return line[:start] + re.sub(r"^(\[[^]]*\] )+", "", line[start:]) if line != plain else line


class Unchanged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        hazard = tshark.capture("hazards", hazards.frames_and_counts()[0])
        cls.paths = [hazard] + [CAPTURES / "kernel" / f"{name}.pcapng" for name in
                                ("bulk-loss", "forged-rst-exact")]

    def each(self):
        for path in self.paths:
            for passes in (ONE_PASS, TWO_PASSES):
                with self.subTest(path.name, passes=passes):
                    yield path, passes

    def assert_same(self, *arguments):
        for path, passes in self.each():
            self.assertEqual(tshark.run("-r", path, *passes, *arguments),
                             tshark.run("-r", path, *passes, *arguments, without_plugin=True))

    def test_details_differ_by_our_subtrees_only(self):
        for path, passes in self.each():
            kept, ours = without_our_subtrees(tshark.run("-r", path, *passes, "-V"))
            self.assertTrue(ours)
            plain = tshark.run("-r", path, *passes, "-V", without_plugin=True).splitlines()
            self.assertEqual(kept, plain)

    def test_summary_lines_differ_by_the_mark_only(self):
        for path, passes in self.each():
            marked = tshark.run("-r", path, *passes).splitlines()
            plain = tshark.run("-r", path, *passes, without_plugin=True).splitlines()
            self.assertEqual(len(marked), len(plain))
            for one, other in zip(marked, plain):
                self.assertEqual(unmarked(one, other), other)

    def test_protocol_hierarchy(self):
        self.assert_same("-q", "-z", "io,phs")

    def test_protocol_hierarchy_under_a_filter_of_ours(self):
        path = self.paths[1]
        text = tshark.run("-r", path, "-q", "-z", "io,phs,tcpwave.step")
        self.assertNotIn("tcpwave", text.partition("Filter")[2].partition("\n")[2])

    def test_layers_and_fields_of_tcp(self):
        self.assert_same("-T", "fields", "-e", "frame.protocols", "-e", "tcp.stream", "-e", "tcp.seq", "-e",
                         "tcp.analysis.flags", "-e", "tcp.completeness")


class Expert(unittest.TestCase):
    SEVERITY = {"Errors": "Error", "Warns": "Warning", "Notes": "Note", "Chats": "Chat"}

    def listed(self, path, passes):
        """(severity, text) -> how often, of our findings in the expert statistics."""
        found, severity = {}, None
        for line in tshark.run("-r", path, *passes, "-q", "-z", "expert").splitlines():
            if line.split(" ")[0] in self.SEVERITY:
                severity = self.SEVERITY[line.split(" ")[0]]
            row = re.match(r" *(\d+) +\S+ +TCP Wave +(.*\S)", line)
            if row:
                found[severity, row[2]] = int(row[1])
        return found

    def shown(self, path, passes):
        """The same, counted in the details."""
        found = {}
        _, ours = without_our_subtrees(tshark.run("-r", path, *passes, "-V"))
        for line in ours:
            row = re.match(r" *\[(Error|Warning|Note|Chat): (.*)\]$", line)
            if row:
                found[row[1], row[2]] = found.get((row[1], row[2]), 0) + 1
        return found

    def test_the_statistics_list_what_the_details_show(self):
        for name in ("close3-client", "finack-lost", "forged-rst-exact", "refused", "syn-lost"):
            path = CAPTURES / "kernel" / f"{name}.pcapng"
            for passes in (ONE_PASS, TWO_PASSES):
                with self.subTest(name, passes=passes):
                    self.assertTrue(self.shown(path, passes))
                    self.assertEqual(self.listed(path, passes), self.shown(path, passes))

    def test_both_forms_of_a_finding_find_it(self):
        path = CAPTURES / "kernel" / "refused.pcapng"
        for passes in (ONE_PASS, TWO_PASSES):
            by_name = tshark.matching(path, 'tcpwave.finding == "connection_refused"', *passes)
            self.assertTrue(by_name)
            self.assertEqual(
                tshark.matching(path, "tcpwave.finding.connection_refused", *passes), by_name)
            self.assertLessEqual(set(by_name),
                                 set(tshark.matching(path, "_ws.expert.severity", *passes)))


if __name__ == "__main__":
    tshark.main()
