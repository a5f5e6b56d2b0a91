"""The tables of the -z options: the same in one pass and in two, and what stands in them.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import json
import re
import subprocess
import unittest

import frames
import tshark
from statistic import CHINESE, FOUR, KERNEL, LOSSY, MANY, RESET, connections, refused, statistic

COLUMNS = ["tcpwave.conn", "first_frame", "start", "client", "client_port", "server", "server_port",
           "tcpwave.outcome", "tcpwave.outcome.kind", "tcpwave.active_closer", "tcpwave.reset_by",
           "tcpwave.reset_cause", "tcpwave.reset_confidence", "duration", "segments", "client_bytes",
           "server_bytes", "tcpwave.client.state", "tcpwave.server.state", "opened",
           "tcpwave.handshake.rtt", "half_close", "tcpwave.finding"]


class SameInBothPasses(unittest.TestCase):
    def test_every_statistic(self):
        for path in (FOUR, RESET, LOSSY, MANY, KERNEL / "head-at-fin.pcapng",
                     KERNEL / "simopen-tap-order.pcapng"):
            every = [part for what in ("tcpwave,conns", "tcpwave,conns,csv", "tcpwave,sockets", "tcpwave,tree",
                                       "tcpwave,overview", "tcpwave,states", "tcpwave,resets", "tcpwave,conns,json", "tcpwave,sockets,0.01,csv",
                                       "tcpwave,ladder,0", "flow,tcpwave,standard") for part in ("-z", what)]
            with self.subTest(path=path.name):
                one = tshark.run("-q", "-r", path, *every)
                self.assertEqual(one, tshark.run("-2", "-q", "-r", path, *every))
                for words in ("Closed first by", "tcpwave.conn,first_frame", '"tcpwave.conn"', "Most at once", "host,state"):
                    self.assertIn(words, one)

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
        for what in ("conns", "overview", "resets", "sockets", "states", "tree", "sockets,0.01"):
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
        for what in ("conns,csv", "overview", "resets", "sockets", "states", "tree", "ladder"):
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

    def test_no_two_rows_say_the_same(self):
        for tail, count in (("", 1), (",csv", 1)):
            lines = statistic(MANY, f"tcpwave,overview{tail}").splitlines()[1:]
            said = [re.split("  +|,", line.strip())[count:-3] for line in lines]
            self.assertGreater(len(said), 15)
            self.assertFalse([one for one in said if said.count(one) > 1])

    def test_people_read_who_reset_and_why(self):
        text = statistic(self.scan(), "tcpwave,overview")
        self.assertRegex(text, r"\n +99 .* 1000-1049 1051-1099 +refused \(by RST\) +server +Connection refused: .* 0 +0\.0")

    def test_it_counts_every_connection(self):
        rows = csv.DictReader(io.StringIO(statistic(MANY, "tcpwave,overview,csv")))
        self.assertEqual(sum(int(row["connections"]) for row in rows), len(connections(MANY)))


class Resets(unittest.TestCase):
    @staticmethod
    def resets(path, tail=""):
        return list(csv.DictReader(io.StringIO(statistic(path, f"tcpwave,resets,csv{tail}"))))

    def test_they_count_what_the_connections_say(self):
        keys = ["server", "server_port", "tcpwave.reset_by", "tcpwave.reset_cause"]
        all_rows = connections(MANY)
        rows = self.resets(MANY)
        counted = {tuple(row[key] for key in keys) for row in all_rows if row["tcpwave.reset_by"]}
        self.assertEqual({tuple(row[key] for key in keys) for row in rows}, counted)
        self.assertEqual(len(rows), len(counted))
        for row in rows:
            of_service = [c for c in all_rows if all(c[key] == row[key] for key in keys[:2])]
            same = [c for c in of_service if all(c[key] == row[key] for key in keys)]
            self.assertEqual((int(row["connections"]), int(row["resets"]), row["first_conn"]),
                             (len(of_service), len(same), same[0]["tcpwave.conn"]))
            self.assertAlmostEqual(float(row["percent"]), 100 * len(same) / len(of_service), delta=0.051)
        self.assertEqual([int(row["resets"]) for row in rows],
                         sorted((int(row["resets"]) for row in rows), reverse=True))

    def test_ports_stand_apart_and_refused_connections_count(self):
        rows = self.resets(Overview.scan())
        self.assertEqual(len(rows), 99)
        self.assertEqual(rows[0], {"server": "10.0.0.2", "server_port": "1000", "connections": "1", "resets": "1",
                                   "percent": "100.0", "tcpwave.reset_by": "server",
                                   "tcpwave.reset_cause": "connection_refused", "first_conn": "0"})
        self.assertFalse([row for row in rows if row["server_port"] == "1050"])

    def test_in_words_and_in_json(self):
        self.assertRegex(statistic(RESET, "tcpwave,resets"),
                         r"8000 +1 +1 +100\.0  server +The passive closer resets")
        self.assertIn("服务器", statistic(RESET, "tcpwave,resets", *CHINESE).splitlines()[1])
        row, = json.loads(statistic(RESET, "tcpwave,resets,json"))
        self.assertEqual({key: str(value) if key != "percent" else f"{value:.1f}" for key, value in row.items()},
                         self.resets(RESET)[0])


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
        self.assertEqual({len(line) for line in now.values()}, {len(states) - 1}, "a state that it never had is 0")
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

    def test_people_see_of_how_many(self):
        everything = statistic(MANY, "tcpwave,tree").splitlines()
        self.assertRegex(everything[1], f"^Connections +in the capture +{len(connections(MANY))} +100[.]0$")
        some = [line.split() for line in statistic(MANY, "tcpwave,tree,tcpwave.conn in {1, 3, 4}").splitlines()]
        self.assertEqual(some[1], ["Connections", "counted,", "of", str(len(connections(MANY))), "in", "the", "capture", "3", "100.0"])
        self.assertEqual(sum(int(row[-2]) for row in some[2:] if row[0] == "Outcome"), 3)
        self.assertRegex(statistic(MANY, "tcpwave,tree", *CHINESE).splitlines()[1], "^连接 ")

    def test_people_read_words(self):
        text = statistic(FOUR, "tcpwave,tree")
        self.assertIn("four segments", text)
        self.assertNotIn("four_segment", text)
        self.assertIn("正常关闭", statistic(FOUR, "tcpwave,tree", *CHINESE))


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
                     "tcpwave,sockets,0.1", "tcpwave,states", "tcpwave,resets", "tcpwave,tree", "tcpwave,ladder,0", f"tcpwave,ladder,0,{file}"):
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


if __name__ == "__main__":
    tshark.main()
