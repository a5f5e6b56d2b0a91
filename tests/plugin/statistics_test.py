"""The -z options: the same in one pass and in two, and an answer to whatever follows their names.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import frames
import mixed
import tshark
from tshark import CAPTURES

KERNEL = CAPTURES / "kernel"
FOUR = KERNEL / "close4-client.pcapng"
RESET = KERNEL / "linger0-closewait.pcapng"
LOSSY = KERNEL / "finack-lost.pcapng"
MANY = KERNEL / "random-03-heavy-mixed.pcapng"
COLUMNS = ["conn", "first_frame", "client", "server", "opened", "handshake_rtt", "outcome", "kind",
           "closed_first_by", "reset_by", "cause", "half_close", "duration", "frames", "findings"]


def statistic(path, what, *arguments):
    return tshark.run("-q", "-r", path, "-z", what, *arguments)


def refused(path, what):
    """(exit code, what is said) of an option that is not understood or cannot be met."""
    done = subprocess.run([tshark.TSHARK, "-q", "-r", str(path), "-z", what], capture_output=True,
                          text=True, timeout=60, env=os.environ)
    return done.returncode, done.stderr


def connections(path, *arguments):
    return list(csv.DictReader(io.StringIO(statistic(path, "tcpwave,conns,csv", *arguments))))


class SameInBothPasses(unittest.TestCase):
    def test_every_statistic(self):
        for path in (FOUR, RESET, LOSSY, MANY, KERNEL / "head-at-fin.pcapng",
                     KERNEL / "simopen-tap-order.pcapng"):
            for what in ("tcpwave,conns", "tcpwave,conns,csv", "tcpwave,sockets", "tcpwave,tree",
                         "tcpwave,sockets,0.1", "tcpwave,ladder,0", "flow,tcpwave,standard"):
                with self.subTest(path=path.name, what=what):
                    one = statistic(path, what)
                    self.assertEqual(one, statistic(path, what, "-2"))
                    self.assertTrue(one.strip())

    def test_several_at_once(self):
        both = tshark.run("-q", "-r", LOSSY, "-z", "tcpwave,conns", "-z", "flow,tcpwave,standard",
                          "-z", "flow,tcpwave,network")
        flow = statistic(LOSSY, "flow,tcpwave,standard")
        self.assertEqual(both.count(flow), 2)
        self.assertIn(statistic(LOSSY, "tcpwave,conns"), both)


class Connections(unittest.TestCase):
    def test_a_close_in_four_segments(self):
        row, = connections(FOUR)
        self.assertEqual(list(row), COLUMNS)
        self.assertEqual(
            {k: row[k] for k in COLUMNS if k not in ("handshake_rtt", "half_close", "duration")},
            {"conn": "0", "first_frame": "1", "client": "192.0.2.10:40000",
             "server": "198.51.100.20:8000", "opened": "handshake", "outcome": "normal_close",
             "kind": "four_segment", "closed_first_by": "client", "reset_by": "", "cause": "",
             "frames": "11", "findings": "close_initiated"})
        self.assertAlmostEqual(float(row["half_close"]), 0.099158)

    def test_a_reset(self):
        row, = connections(RESET)
        self.assertEqual((row["outcome"], row["kind"], row["reset_by"], row["cause"]),
                         ("reset", "in_wave", "server", "rst_peer_gone"))

    def test_rows_agree_with_the_fields(self):
        wanted = ["tcpwave.conn", "tcpwave.outcome", "tcpwave.outcome.kind", "tcpwave.reset_by",
                  "tcpwave.finding"]
        expected = {}
        for conn, outcome, kind, by, found in tshark.rows(MANY, wanted, "-2"):
            if conn:
                expected.setdefault(conn[0], [outcome, kind, by, set()])[3].update(found)
        rows = connections(MANY)
        self.assertEqual({row["conn"] for row in rows}, set(expected))
        for row in rows:
            outcome, kind, by, found = expected[row["conn"]]
            self.assertEqual([row["outcome"]], outcome)
            self.assertEqual([row["kind"]] if row["kind"] else [], kind)
            self.assertEqual([row["reset_by"]] if row["reset_by"] else [], by)
            self.assertEqual(set(row["findings"].split()), found)

    def test_the_table_has_the_rows_of_the_csv(self):
        lines = statistic(MANY, "tcpwave,conns").splitlines()
        rows = connections(MANY)
        self.assertEqual(lines[0].split(), COLUMNS)
        self.assertEqual([line.split()[:4] for line in lines[1:]],
                         [[row[k] for k in COLUMNS[:4]] for row in rows])

    def test_ipv6(self):
        row, = connections(KERNEL / "close4-v6.pcapng")
        self.assertTrue(row["client"].startswith("[2001:db8:"), row["client"])


class Sockets(unittest.TestCase):
    @staticmethod
    def counts(path, what):
        lines = [line.split() for line in statistic(path, what).splitlines()]
        return {(host, state): (int(now), int(peak)) for host, state, now, peak, _ in lines[2:]}

    def test_at_the_end(self):
        counts = self.counts(FOUR, "tcpwave,sockets")
        self.assertEqual(counts["192.0.2.10", "TIME_WAIT"], (1, 1))
        self.assertEqual(counts["198.51.100.20", "CLOSE_WAIT"], (0, 1))
        self.assertEqual(sum(now for now, _ in counts.values()), 1)

    def test_at_a_time(self):
        counts = self.counts(FOUR, "tcpwave,sockets,0.2")
        self.assertEqual({key for key, (now, _) in counts.items() if now},
                         {("192.0.2.10", "FIN_WAIT_1"), ("198.51.100.20", "CLOSE_WAIT")})
        self.assertNotIn(("192.0.2.10", "TIME_WAIT"), counts)

    def test_peaks(self):
        hosts = [(a, 60000, port) for a in (1, 2) for port in (1000, 1001, 1002)]
        packets = [frames.ethernet(frames.ipv4(a, b, frames.tcp(a, b, (port, 80), frames.SYN, 7)))
                   for a, b, port in hosts]
        path = tshark.capture("syns", packets)
        counts = self.counts(path, "tcpwave,sockets")
        self.assertEqual(counts["10.0.0.1", "SYN_SENT"], (3, 3))
        self.assertEqual(counts["10.0.0.2", "SYN_SENT"], (3, 3))


class Tree(unittest.TestCase):
    def test_each_connection_counts_once(self):
        rows = connections(MANY)
        counts = {}
        for line in statistic(MANY, "tcpwave,tree").splitlines():
            words = line.split()
            if len(words) > 1 and words[1].isdigit():
                counts[words[0]] = int(words[1])
        self.assertEqual(counts["Outcomes"], len(rows))
        for outcome in {row["outcome"] for row in rows}:
            self.assertEqual(counts[outcome], sum(row["outcome"] == outcome for row in rows))
        for finding in {f for row in rows for f in row["findings"].split()}:
            self.assertEqual(counts[finding], sum(finding in row["findings"].split() for row in rows))


class Ladder(unittest.TestCase):
    def picture(self, path, connection=0):
        file = tshark.FOLDER / "ladder.svg"
        file.unlink(missing_ok=True)
        self.assertEqual(statistic(path, f"tcpwave,ladder,{connection},{file}"), "")
        return file.read_text()

    def test_the_picture_is_xml_and_small(self):
        for path in (FOUR, RESET, LOSSY, KERNEL / "bulk-loss.pcapng"):
            svg = self.picture(path)
            root = ElementTree.fromstring(svg)
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
            self.assertLess(len(svg), 100_000)

    def test_ten_thousand_segments(self):
        def segment(a, flags, seq, ack, data=b""):
            b, ports = 3 - a, (40000, 9999) if a == 1 else (9999, 40000)
            return frames.ethernet(frames.ipv4(a, b, frames.tcp(a, b, ports, flags, seq, ack, data)))
        packets = [segment(1, frames.SYN, 100, 0),
                   segment(2, frames.SYN | frames.ACK, 300, 101),
                   segment(1, frames.ACK, 101, 301)]
        for i in range(5_000):
            packets += [segment(1, frames.ACK, 101 + i, 301, b"x"),
                        segment(2, frames.ACK, 301, 102 + i)]
        path = tshark.capture("long", packets)
        self.assertLess(len(self.picture(path)), 20_000)
        text = statistic(path, "tcpwave,ladder,0")
        self.assertIn("client: 4,999 segments with 4,999 bytes", text)
        self.assertIn("server: 4,998 ACKs", text)

    def test_three_hundred_segments_that_deserve_an_arrow_each(self):
        # Fifty FINs from nowhere, each answered: nothing of that is plain.
        c = mixed.Connection(40000)
        packets = c.open()
        while len(packets) < 296:
            stray = frames.tcp(1, 2, (40000, 80), frames.FIN | frames.ACK,
                               c.next["client"] + 3_000_000, c.next["server"])
            packets += [frames.ethernet(frames.ipv4(1, 2, stray)), c.send("server", frames.ACK)]
        packets = packets[:296] + c.close("client")
        svg = self.picture(tshark.capture("notable", packets))
        self.assertLess(len(svg), 1_000_000)
        self.assertEqual(svg.count('class="a'), 300)
        self.assertNotIn("folded", svg)

    def test_the_text_has_a_line_per_segment(self):
        text = statistic(LOSSY, "tcpwave,ladder,0")
        self.assertEqual(sum(">|" in line or "|<" in line for line in text.splitlines()), 12)
        self.assertIn("x", text)
        for words in ("handshake 1/3: SYN seq=0", "wave 2/4 again", "likely lost", "TIME_WAIT"):
            self.assertIn(words, text)

    def test_the_name_need_not_end_in_svg_but_in_nothing_else(self):
        for name in ("ladder", "ladder.SVG", "v1.2/ladder"):
            file = tshark.FOLDER / name
            file.parent.mkdir(exist_ok=True)
            file.parent.chmod(0o777)
            statistic(FOUR, f"tcpwave,ladder,0,{file}")
            self.assertIn("<svg", file.read_text())
        file = tshark.FOLDER / "ladder.png"
        code, said = refused(FOUR, f"tcpwave,ladder,0,{file}")
        self.assertEqual(code, 1)
        self.assertIn("SVG file", said)
        self.assertFalse(file.exists())

    def test_what_cannot_be_drawn(self):
        code, said = refused(FOUR, "tcpwave,ladder,1")
        self.assertEqual(code, 2)
        self.assertIn("no connection 1", said)
        code, said = refused(FOUR, "tcpwave,ladder,0,/nowhere/at/all.svg")
        self.assertEqual(code, 2)
        self.assertIn("/nowhere/at/all.svg", said)


class Flow(unittest.TestCase):
    def test_arrows_and_states(self):
        text = statistic(LOSSY, "flow,tcpwave,standard")
        self.assertIn("w1 FIN,ACK 121/401", text)
        self.assertIn("client → FIN_WAIT_1, server → CLOSE_WAIT (conn 0)", text)
        self.assertIn("; likely lost", text)

    def test_what_is_left_out_is_said(self):
        packets = [frames.ethernet(frames.ipv4(a, 300, frames.tcp(a, 300, (1000, 80), frames.SYN, 7)))
                   for a in range(1, 60)]
        text = statistic(tshark.capture("hosts", packets), "flow,tcpwave,standard")
        self.assertIn("20 segments are not drawn: at most 40 hosts", text)
        self.assertEqual(text.count("h1 SYN 0"), 39)


class Help(unittest.TestCase):
    """Of each option, by its name and `,help`: with a capture and without one."""

    @staticmethod
    def columns(text):
        listed = text.split("COLUMNS\n")[1].split("\n\n")[0]
        return [line.split()[0] for line in listed.splitlines()]

    def test_columns_are_those_that_are_printed(self):
        self.assertEqual(self.columns(tshark.run("-z", "tcpwave,conns,help")), COLUMNS)
        printed = statistic(FOUR, "tcpwave,sockets").splitlines()[1].split()
        self.assertEqual(self.columns(tshark.run("-z", "tcpwave,sockets,help")), printed)

    def test_it_comes_alone_also_beside_a_capture(self):
        for name in ("conns", "sockets", "tree", "ladder"):
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
        for name in ("conns", "sockets", "tree", "ladder"):
            text = tshark.run("-z", f"tcpwave,{name},help")
            for example in re.findall(r"^  tshark -q -r FILE.pcap -z (\S+)$", text, re.MULTILINE):
                with self.subTest(example):
                    if example.endswith(".svg"):
                        example = example.replace("ladder.svg", str(tshark.FOLDER / "example.svg"))
                    statistic(FOUR, example)


class Usage(unittest.TestCase):
    def test_anything_else_is_answered_with_the_usage(self):
        for option, tails in {
                "tcpwave,conns": ("X", ",", ",cs", ",csv,", ",csvx"),
                "tcpwave,sockets": ("X", ",", ",x", ",-1", ",1e3", ",1,2", ",nan"),
                "tcpwave,tree": ("X", ",", ",tcp"),
                "tcpwave,help": ("X", ",", ",foo", ",conns"),
                "tcpwave,ladder": ("", "X", ",", ",x", ",-1", ",0x", ",0,", ",99999999999", ",0,close.png",
                                   ",0,close.svg.gz")}.items():
            for tail in tails:
                with self.subTest(option + tail):
                    code, said = refused(FOUR, option + tail)
                    self.assertEqual(code, 1)
                    self.assertIn(f"usage: -z {option}", said)


if __name__ == "__main__":
    tshark.main()
