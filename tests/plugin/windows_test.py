"""What Wireshark's windows show: the same as tshark's second pass and its tables, whatever the order in
which frames are looked at; how a display filter chooses; that no call of ours takes long.

The program `window` (tests/plugin/window) does with a file what Wireshark's main window does.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import os
import re
import unittest
from pathlib import Path

import frames
import hazards
import mixed
import tshark
from tshark import CAPTURES

WINDOW = os.environ["TCPWAVE_WINDOW"]
LOSSY = CAPTURES / "kernel" / "finack-lost.pcapng"
MANY = CAPTURES / "kernel" / "random-03-heavy-mixed.pcapng"
RESET = CAPTURES / "kernel" / "linger0-closewait.pcapng"
CROSSED = CAPTURES / "kernel" / "simopen-tap-order.pcapng"
ROWS = 100_000  # of a table


def window(path, *commands):
    """What each command prints, as text without its heading."""
    text = tshark.run(path, *commands, program=WINDOW, TMPDIR=str(tshark.FOLDER))
    parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)
    return dict(zip(commands, parts[1:], strict=True))


def table(text):
    return [line.split("\t") for line in text.splitlines()]


def all_fields():
    return [line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
            if line.startswith("F\t") and line.split("\t")[2].startswith("tcpwave.")]


def values(text):
    return [[cell.split("|") if cell else [] for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter="\t")]


class Fields(unittest.TestCase):
    """Every field of every frame, looked at in an order that is far from the file's."""

    def assert_like_two_passes(self, path):
        names = ["frame.number", *all_fields()]
        self.assertGreater(len(names), 100)
        fields = "fields=" + ",".join(names)
        expected = tshark.rows(path, names, "-2")
        text = tshark.run(path, fields, "redissect", fields, program=WINDOW)
        parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)
        for got in (parts[1], parts[3]):
            for mine, theirs in zip(values(got), expected, strict=True):
                for name, a, b in zip(names, mine, theirs, strict=True):
                    self.assertEqual(a, b, f"{name} of frame {theirs[0]}")

    def test_loss(self):
        self.assert_like_two_passes(LOSSY)

    def test_many_connections(self):
        self.assert_like_two_passes(MANY)

    def test_a_reset(self):
        self.assert_like_two_passes(RESET)

    def test_times_that_run_backwards(self):
        self.assert_like_two_passes(CROSSED)

    def test_one_of_each(self):
        self.assert_like_two_passes(tshark.capture("mixed", mixed.one_of_each(), step=0.05))

    def test_tunnels_and_fragments(self):
        self.assert_like_two_passes(tshark.capture("hazards", hazards.frames_and_counts()[0]))


class Tables(unittest.TestCase):
    CONNECTIONS, SOCKETS, TREE = "table=tcpwave,conns", "table=tcpwave,sockets", "tree=tcpwave"

    def test_they_show_what_tshark_prints(self):
        for path in (MANY, CROSSED, CAPTURES / "kernel" / "reuse-thrice.pcapng"):
            with self.subTest(path.name):
                shown = window(path, self.CONNECTIONS, self.SOCKETS, self.TREE, "flow=tcpwave")

                def printed(what, path=path):
                    return tshark.run("-q", "-r", path, "-z", what)
                rows = list(csv.reader(io.StringIO(printed("tcpwave,conns,csv"))))[1:]
                self.assertEqual(sorted(table(shown[self.CONNECTIONS])), sorted(rows))
                sockets = [line.split() for line in printed("tcpwave,sockets").splitlines()[2:]]
                self.assertEqual(sorted(table(shown[self.SOCKETS])), sorted(sockets))
                self.assertEqual(self.counts(shown[self.TREE]),
                                 self.counts(printed("tcpwave,tree")))
                self.assertEqual(shown["flow=tcpwave"].rstrip(),
                                 printed("flow,tcpwave,standard").rstrip())

    @staticmethod
    def counts(text):
        """{outcome or finding: count}"""
        lines = (line.split() for line in text.splitlines())
        return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}

    def test_a_window_opened_again_shows_the_same(self):
        shown = tshark.run(MANY, *[self.CONNECTIONS, self.SOCKETS, self.TREE] * 2, program=WINDOW)
        parts = re.split(r"^== .*\n", shown, flags=re.MULTILINE)[1:]
        self.assertEqual(parts[:3], parts[3:])
        self.assertTrue(all(parts))

    def test_a_filter_chooses_connections_and_their_row_is_whole(self):
        full = {row[0]: row for row in table(window(MANY, self.CONNECTIONS)[self.CONNECTIONS])}
        for wanted in ("tcp.flags.syn == 1", "tcp.flags.reset == 1", "tcpwave.finding == \"half_close\"",
                       "tcpwave.conn == 3"):
            with self.subTest(wanted):
                command = f"{self.CONNECTIONS}:{wanted}"
                shown = table(window(MANY, command)[command])
                chosen = {row[1][0] for row in tshark.rows(MANY, ["frame.number", "tcpwave.conn"],
                                                           "-2", "-Y", wanted)}
                self.assertEqual({row[0] for row in shown}, chosen)
                self.assertEqual(shown, [full[row[0]] for row in shown])

    def test_a_filter_chooses_what_the_tree_counts(self):
        command = f"{self.TREE}:tcpwave.conn == 3 && tcp.flags.syn == 1"
        counts = self.counts(window(MANY, command)[command])
        row = next(row for row in table(window(MANY, self.CONNECTIONS)[self.CONNECTIONS])
                   if row[0] == "3")
        self.assertEqual(counts["Outcomes"], 1)
        found = row[-1].split()
        self.assertTrue(found)
        self.assertEqual({name: 1 for name in found},
                         {name: counts.get(name) for name in found})
        self.assertEqual(counts["Findings"], len(found))

    def test_a_filter_chooses_hosts_and_all_their_sockets_count(self):
        path = tshark.capture("hosts", [
            frames.ethernet(frames.ipv4(a, b, segment)) for peer in (2, 3, 4)
            for a, b, segment in frames.conversation(1, peer, port=40000 + peer)])
        full = table(window(path, self.SOCKETS)[self.SOCKETS])
        command = f"{self.SOCKETS}:ip.dst == 10.0.0.3 && tcp.flags.fin == 1"
        shown = table(window(path, command)[command])
        self.assertEqual({row[0] for row in shown}, {"10.0.0.1", "10.0.0.3"})
        self.assertEqual(sorted(shown), sorted(row for row in full if row[0] != "10.0.0.2" and
                                               row[0] != "10.0.0.4"))

    def test_a_window_that_stays_open_says_nothing_of_what_is_not_final(self):
        for name, first in (("tcpwave,conns", 2), ("tcpwave,sockets", 0)):
            with self.subTest(name):
                shown = window(MANY, f"keep={name}", f"table={name}")
                kept = table(shown[f"keep={name}"])
                self.assertEqual(kept[0][first:first + 2], ["(file has changed)", "press Apply"])
                self.assertEqual(sorted(kept[1:]), sorted(table(shown[f"table={name}"])))

    def test_another_profile_and_a_capture_begun_anew(self):
        fields = "fields=frame.number,tcpwave.conn,tcpwave.step,tcpwave.finding"
        text = tshark.run(MANY, fields, "profile=TCP Wave", fields, "profile=", fields, "restart=40",
                          fields, self.CONNECTIONS, program=WINDOW)
        parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)[1:]
        self.assertTrue(parts[0])
        for again in (parts[2], parts[4], parts[6]):
            self.assertEqual(again, parts[0])
        self.assertEqual(table(parts[7]), table(window(MANY, self.CONNECTIONS)[self.CONNECTIONS]))

    def test_another_preference_starts_anew(self):
        # 2MSL of nothing: what waited is closed.
        command = self.SOCKETS
        text = tshark.run("-o", "tcpwave.time_wait:0", CAPTURES / "kernel" / "reuse-thrice.pcapng",
                          command, "redissect", command, program=WINDOW)
        parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)
        self.assertEqual(parts[1], parts[3])


class Ladder(unittest.TestCase):
    def test_the_menu_shows_what_tshark_prints(self):
        text = window(LOSSY, "ladder=3")["ladder=3"]
        where, ladder = text.split("\n\n", 1)
        self.assertEqual(ladder, tshark.run("-q", "-r", LOSSY, "-z", "tcpwave,ladder,0"))
        picture = Path(where.removeprefix("The diagram is in "))
        self.assertIn("</svg>", picture.read_text())

    def test_without_a_segment_it_says_what_to_do(self):
        path = tshark.capture("udp", [frames.ethernet(frames.ipv4(1, 2, frames.udp(1, 2, b""), 17))])
        for command in ("ladder=0", "ladder=1"):
            self.assertEqual(window(path, command)[command],
                             "Select a TCP packet first.\n")


class Large(unittest.TestCase):
    """More connections and hosts than a table shows."""

    @classmethod
    def setUpClass(cls):
        syn = frames.tcp(1, 2, (1000, 80), frames.SYN, 7)
        some = [frames.ethernet(frames.ipv4(2 * i + 1, 2 * i + 2, syn)) for i in range(ROWS + 100)]
        path = tshark.capture("large", some, step=0.0001)
        cls.shown = window(path, *cls.commands())

    @staticmethod
    def commands():
        return ("table=tcpwave,conns", "table=tcpwave,sockets", "tree=tcpwave", "flow=tcpwave",
                "ladder=1", "times")

    def test_tables_are_cut_and_say_so(self):
        for name in self.commands()[:2]:
            rows = table(self.shown[name])
            notes = [row for row in rows if any(cell.startswith("(cut") for cell in row)]
            self.assertEqual((len(rows), len(notes)), (ROWS + 1, 1), name)

    def test_the_note_sorts_before_all_rows(self):
        # Wireshark sorts by the first column, numbers as numbers.
        note, = [row for row in table(self.shown["table=tcpwave,conns"]) if "(cut" in row[2]]
        self.assertEqual(note[0], "")
        self.assertLess(min(table(self.shown["table=tcpwave,sockets"]))[0], "0")

    def test_the_flow_graph_says_what_it_leaves_out(self):
        self.assertIn("segments are not drawn: at most 40 hosts", self.shown["flow=tcpwave"])

    def test_the_tree_counts_all(self):
        self.assertEqual(Tables.counts(self.shown["tree=tcpwave"])["Outcomes"], ROWS + 100)


if __name__ == "__main__":
    tshark.main()
