"""The -z options: the same in one pass and in two, and an answer to whatever follows their names.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import json
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
COLUMNS = ["tcpwave.conn", "first_frame", "start", "client", "client_port", "server", "server_port",
           "tcpwave.outcome", "tcpwave.outcome.kind", "tcpwave.active_closer", "tcpwave.reset_by",
           "tcpwave.reset_cause", "tcpwave.reset_confidence", "duration", "segments", "client_bytes",
           "server_bytes", "tcpwave.client.state", "tcpwave.server.state", "opened",
           "tcpwave.handshake.rtt", "half_close", "tcpwave.finding"]
CHINESE = ("-o", "tcpwave.language:Chinese")


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
                         "tcpwave,overview", "tcpwave,conns,json", "tcpwave,sockets,0.01,csv",
                         "tcpwave,ladder,0", "flow,tcpwave,standard"):
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
        times = ("start", "tcpwave.handshake.rtt", "half_close", "duration")
        self.assertEqual(
            {k: row[k] for k in COLUMNS if k not in times},
            {"tcpwave.conn": "0", "first_frame": "1", "client": "192.0.2.10",
             "client_port": "40000", "server": "198.51.100.20", "server_port": "8000",
             "opened": "handshake", "tcpwave.outcome": "normal_close",
             "tcpwave.outcome.kind": "four_segment", "tcpwave.client.state": "TIME_WAIT",
             "tcpwave.server.state": "CLOSED", "tcpwave.active_closer": "client",
             "tcpwave.reset_by": "", "tcpwave.reset_cause": "", "tcpwave.reset_confidence": "",
             "segments": "11", "client_bytes": "120", "server_bytes": "400",
             "tcpwave.finding": "close_initiated"})
        self.assertAlmostEqual(float(row["half_close"]), 0.099158)
        first, = tshark.rows(FOUR, ["frame.time_epoch"], "-c", "1")
        self.assertAlmostEqual(float(row["start"]), float(first[0][0]), delta=1e-6)

    def test_a_reset(self):
        # Only possible: the server had received data, and may have left some of it unread.
        row, = connections(RESET)
        self.assertEqual([row[f"tcpwave.{k}"] for k in ("outcome", "outcome.kind", "reset_by",
                                                        "reset_cause", "reset_confidence")],
                         ["reset", "in_wave", "server", "rst_peer_gone", "possible"])

    def test_cells_say_what_the_fields_of_their_names_say(self):
        names = [name for name in COLUMNS if name.startswith("tcpwave.")]
        known = {line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
                 if line.startswith("F\t")}
        self.assertLessEqual(set(names), known)
        last, found = {}, {}
        for values in tshark.rows(MANY, names, "-2"):
            cells = dict(zip(names, values, strict=True))
            for conn in cells["tcpwave.conn"]:
                last[conn] = cells
                found.setdefault(conn, set()).update(cells["tcpwave.finding"])
        rows = connections(MANY)
        self.assertEqual({row["tcpwave.conn"] for row in rows}, set(last))
        same = [n for n in names if n not in ("tcpwave.finding", "tcpwave.handshake.rtt",
                                              "tcpwave.client.state", "tcpwave.server.state")]
        for row in rows:
            expected = last[row["tcpwave.conn"]]
            self.assertEqual({n: [row[n]] if row[n] else [] for n in same},
                             {n: expected[n] for n in same})
            self.assertEqual(set(row["tcpwave.finding"].split()), found[row["tcpwave.conn"]])

    def test_bytes_are_counted_once(self):
        # Wireshark's own: what is no retransmission.
        row, = connections(KERNEL / "bulk-loss.pcapng")
        total = {}
        for source, length, check in tshark.rows(
                KERNEL / "bulk-loss.pcapng", ["ip.src", "tcp.len", "tcpwave.seq.check"], "-2"):
            if check[0] in ("ok", "gap"):
                total[source[0]] = total.get(source[0], 0) + int(length[0])
        self.assertEqual(int(row["client_bytes"]), total.get(row["client"], 0))
        self.assertEqual(int(row["server_bytes"]), total.get(row["server"], 0))

    def test_json_has_the_cells_of_the_csv(self):
        objects = json.loads(statistic(MANY, "tcpwave,conns,json"))
        rows = connections(MANY)
        self.assertEqual(len(objects), len(rows))
        for one, row in zip(objects, rows, strict=True):
            self.assertEqual(set(one), {k for k in COLUMNS if row[k]})
            for key, value in one.items():
                if isinstance(value, list):
                    self.assertEqual(" ".join(value), row[key])
                elif isinstance(value, str):
                    self.assertEqual(value, row[key])
                else:
                    self.assertEqual(value, float(row[key]))

    def test_the_table_says_it_in_words(self):
        lines = statistic(FOUR, "tcpwave,conns").splitlines()
        self.assertEqual(lines[0].split()[:4], ["Conn", "Frame", "Start", "(s)"])
        self.assertIn("four segments", lines[1])
        self.assertNotIn("normal_close", lines[1])
        self.assertEqual(len(statistic(MANY, "tcpwave,conns").splitlines()) - 1,
                         len(connections(MANY)))

    def test_the_table_lines_up_in_chinese(self):
        lines = statistic(MANY, "tcpwave,conns", *CHINESE).splitlines()
        self.assertIn("首帧", lines[0])

        def columns(text):
            return sum(2 if 0x3000 <= ord(c) <= 0xffff else 1 for c in text)
        ports = {columns(line[:line.index(" 5432 ") + 5]) for line in lines[1:]}
        self.assertEqual(len(ports), 1, ports)
        self.assertEqual(statistic(MANY, "tcpwave,conns,csv", *CHINESE),
                         statistic(MANY, "tcpwave,conns,csv"))

    def test_ipv6(self):
        row, = connections(KERNEL / "close4-v6.pcapng")
        self.assertTrue(row["client"].startswith("2001:db8:"), row["client"])


class Filters(unittest.TestCase):
    def test_a_filter_chooses_connections_and_their_row_is_whole(self):
        full = {row["tcpwave.conn"]: row for row in connections(MANY)}
        for wanted in ("tcp.flags.reset == 1", 'tcpwave.finding == "half_close"', "tcpwave.conn == 3"):
            with self.subTest(wanted):
                chosen = {row[0][0] for row in tshark.rows(MANY, ["tcpwave.conn"], "-2", "-Y", wanted)}
                rows = list(csv.DictReader(io.StringIO(
                    statistic(MANY, f"tcpwave,conns,csv,{wanted}", "-2"))))
                self.assertEqual({row["tcpwave.conn"] for row in rows}, chosen)
                self.assertEqual(rows, [full[row["tcpwave.conn"]] for row in rows])

    def test_of_every_table(self):
        for what in ("conns", "overview", "sockets", "tree", "sockets,0.01"):
            self.assertEqual(len(statistic(MANY, f"tcpwave,{what},csv,udp").splitlines()), 1, what)
            some = statistic(MANY, f"tcpwave,{what},csv,tcpwave.conn == 3").splitlines()
            self.assertLess(len(some), len(statistic(MANY, f"tcpwave,{what},csv").splitlines()) + 1)

    def test_a_ladder_of_each(self):
        text = statistic(MANY, "tcpwave,ladder,tcpwave.conn in {1, 3}", "-2")
        self.assertEqual(re.findall(r"^Connection (\d+):", text, re.MULTILINE), ["1", "3"])
        text = statistic(MANY, "tcpwave,ladder,tcp")
        self.assertEqual(len(re.findall(r"^Connection \d+:", text, re.MULTILINE)), 20)
        self.assertIn("more connections pass the filter; -z tcpwave,overview", text)

    def test_a_wrong_one_is_refused_with_its_error_and_the_usage(self):
        for what in ("conns,csv", "overview", "sockets", "tree", "ladder"):
            code, said = refused(FOUR, f"tcpwave,{what},tcp.flgs == 1")
            self.assertEqual(code, 1)
            self.assertIn("tcp.flgs", said)
            self.assertIn(f"usage: -z tcpwave,{what.split(',')[0]}", said)


class Overview(unittest.TestCase):
    @staticmethod
    def scan():
        def segment(a, b, ports, flags, seq, ack=0):
            return frames.ethernet(frames.ipv4(a, b, frames.tcp(a, b, ports, flags, seq, ack)))
        packets = []
        for port in range(1000, 1100):
            packets.append(segment(1, 2, (40000 + port, port), frames.SYN, 7))
            if port == 1050:
                packets.append(segment(2, 1, (port, 40000 + port), frames.SYN | frames.ACK, 9, 8))
            else:
                packets.append(segment(2, 1, (port, 40000 + port), frames.RST | frames.ACK, 0, 8))
        return tshark.capture("scan", packets)

    def test_a_scan_is_two_rows(self):
        rows = list(csv.DictReader(io.StringIO(statistic(self.scan(), "tcpwave,overview,csv"))))
        self.assertEqual([(r["connections"], r["tcpwave.outcome"]) for r in rows],
                         [("99", "refused"), ("1", "half_open")])
        self.assertEqual(rows[0]["server_ports"], "1000-1049 1051-1099")
        self.assertEqual((rows[1]["server_ports"], rows[1]["first_conn"]), ("1050", "50"))

    def test_it_counts_every_connection(self):
        rows = csv.DictReader(io.StringIO(statistic(MANY, "tcpwave,overview,csv")))
        self.assertEqual(sum(int(row["connections"]) for row in rows), len(connections(MANY)))


class Sockets(unittest.TestCase):
    @staticmethod
    def counts(path, what):
        rows = csv.DictReader(io.StringIO(statistic(path, f"{what},csv")))
        return {(row["host"], row["state"]): (int(row["sockets"]), int(row["peak"])) for row in rows}

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

    def test_a_time_after_the_end_says_what_would_work(self):
        code, said = refused(FOUR, "tcpwave,sockets,99")
        self.assertEqual(code, 2)
        self.assertRegex(said, r"no sockets at 99\.000000 s: the capture's last segment is at 0\.\d+ s; give")

    def test_the_table_is_host_by_state(self):
        lines = [line.split() for line in statistic(FOUR, "tcpwave,sockets").splitlines()]
        self.assertEqual(lines[0][:2], ["Sockets", "at"])
        states, now = lines[1], {line[0]: line[1:] for line in lines[2:4]}
        self.assertEqual(states[0], "Host")
        self.assertIn("TIME_WAIT", states)
        self.assertEqual(now["192.0.2.10"][-1], "1")
        self.assertEqual(lines[5], ["Most", "at", "once"])

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
        counts = list(csv.DictReader(io.StringIO(statistic(MANY, "tcpwave,tree,csv"))))
        outcomes = [c for c in counts if c["tcpwave.outcome"]]
        self.assertEqual(sum(int(c["connections"]) for c in outcomes), len(rows))
        for c in counts:
            key = "tcpwave.finding" if c["tcpwave.finding"] else "tcpwave.outcome"
            self.assertEqual(int(c["connections"]), sum(
                c["tcpwave.finding"] in row[key].split() if c["tcpwave.finding"] else
                (row[key], row["tcpwave.outcome.kind"]) == (c[key], c["tcpwave.outcome.kind"])
                for row in rows), c)
            self.assertAlmostEqual(float(c["percent"]), 100 * int(c["connections"]) / len(rows), delta=0.051)

    def test_people_read_words(self):
        text = statistic(FOUR, "tcpwave,tree")
        self.assertIn("four segments", text)
        self.assertNotIn("four_segment", text)
        self.assertIn("正常关闭", statistic(FOUR, "tcpwave,tree", *CHINESE))


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
        self.assertIn("FILE.svg", said)
        self.assertFalse(file.exists())

    def test_what_cannot_be_drawn(self):
        code, said = refused(FOUR, "tcpwave,ladder,1")
        self.assertEqual(code, 2)
        self.assertIn("no connection 1: the capture has 1, numbered from 0 to 0; -z tcpwave,conns lists", said)

    def test_what_cannot_be_written_is_said(self):
        code, said = refused(FOUR, "tcpwave,ladder,0,/nowhere/at/all.svg")
        self.assertEqual(code, 2)
        self.assertIn('"/nowhere/at/all.svg": No such file or directory; name a file in a folder', said)

    def test_other_statistics_are_printed_all_the_same(self):
        done = subprocess.run([tshark.TSHARK, "-q", "-r", str(FOUR), "-z", "tcpwave,conns,csv",
                               "-z", "tcpwave,ladder,7", "-z", "io,stat,0"], capture_output=True,
                              text=True, timeout=60, env=os.environ)
        self.assertEqual(done.returncode, 2)
        self.assertIn("tcpwave.conn,first_frame", done.stdout)
        self.assertIn("IO Statistics", done.stdout)

    def test_chinese(self):
        text = statistic(LOSSY, "tcpwave,ladder,0", *CHINESE)
        for words in ("连接 0：", "（客户端）", "握手 1/3", "很可能丢失", "时间（秒）"):
            self.assertIn(words, text)


class Locale(unittest.TestCase):
    """Numbers have a point, whatever the user's language has."""

    def test_german(self):
        folder = tshark.FOLDER / "locale"
        folder.mkdir()
        made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")],
                              capture_output=True, text=True)
        if made.returncode != 0:
            self.skipTest(f"localedef cannot make de_DE.UTF-8: {made.stderr.strip()[-200:]}")
        folder.chmod(0o755)
        german = {"LOCPATH": str(folder), "TCPWAVE_LOCALE": "de_DE.UTF-8"}
        printed = subprocess.run(["/usr/bin/printf", "%.1f", "1"], capture_output=True, text=True,
                                 env={"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}).stdout
        self.assertEqual(printed, "1,0")
        file = tshark.FOLDER / "german.svg"
        for what in ("tcpwave,conns", "tcpwave,conns,csv", "tcpwave,conns,json", "tcpwave,sockets,0.1,csv",
                     "tcpwave,sockets,0.1", "tcpwave,tree", "tcpwave,ladder,0", f"tcpwave,ladder,0,{file}"):
            said = []
            for environment in ({}, german):
                file.unlink(missing_ok=True)
                said.append(tshark.run("-q", "-r", FOUR, "-z", what, **environment) +
                            (file.read_text() if file.exists() else ""))
            self.assertTrue(said[0], what)
            self.assertEqual(said[0], said[1], what)
        pane = [tshark.run("-r", FOUR, "-V", "-Y", "frame.number==9", **e) for e in ({}, german)]
        mine = [[line for line in text.splitlines() if "Time since previous step" in line] for text in pane]
        self.assertTrue(mine[0])
        self.assertEqual(mine[0], mine[1])


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
        for name in ("conns", "overview", "sockets", "tree"):
            printed = statistic(FOUR, f"tcpwave,{name},csv").splitlines()[0].split(",")
            self.assertEqual(self.columns(tshark.run("-z", f"tcpwave,{name},help")), printed)

    def test_it_comes_alone_also_beside_a_capture(self):
        for name in ("conns", "overview", "sockets", "tree", "ladder"):
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
        for name in ("conns", "overview", "sockets", "tree", "ladder"):
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
                       "tcpwave.finding.close_inited"):
            done = subprocess.run([tshark.TSHARK, "-r", str(FOUR), "-Y", wanted], capture_output=True,
                                  text=True, timeout=60, env=os.environ)
            self.assertNotEqual(done.returncode, 0, wanted)
        self.assertEqual(tshark.matching(FOUR, 'tcpwave.state.code == "CLOSE_WAIT"', "-2"),
                         tshark.matching(FOUR, 'tcpwave.state == "CLOSE_WAIT"', "-2"))
        self.assertEqual(tshark.matching(FOUR, 'tcpwave.outcome.code == "normal_close"', "-2"),
                         tshark.matching(FOUR, 'tcpwave.outcome == "normal_close"', "-2"))


class Usage(unittest.TestCase):
    def test_anything_else_is_answered_with_the_usage(self):
        for option, tails in {
                "tcpwave,conns": ("X", ",cs", ",csv,"),
                "tcpwave,overview": (",",),
                "tcpwave,sockets": (",-1", ",1e3", ",1,"),
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
