"""What Wireshark's windows show: the same as tshark's second pass and its tables, whatever the order in
which frames are looked at; how a display filter chooses; that no call of ours takes long.

The program `window` (tests/plugin/window) does with a file what Wireshark's main window does.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import base64
import csv
import html
import io
import os
import re
import unittest

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


def window(path, *commands, **environment):
    """What each command prints, as text without its heading."""
    text = tshark.run(path, *commands, program=WINDOW, TMPDIR=str(tshark.FOLDER), **environment)
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


class List(unittest.TestCase):
    def test_a_filter_shows_as_many_frames_as_tshark_prints(self):
        for wanted in ('tcpwave.state == "FIN_WAIT_1"', "tcpwave.step == 3", "tcp.flags.reset == 1"):
            with self.subTest(wanted):
                shown = window(LOSSY, f"load={wanted}", f"list={wanted}")
                printed = [len(tshark.rows(LOSSY, ["frame.number"], *passes, "-Y", wanted)) for passes in ([], ["-2"])]
                self.assertEqual([int(text) for text in shown.values()], printed)


class Status(unittest.TestCase):
    HEADINGS = ["Chats", "Notes", "Warns", "Errors"]  # of tshark's table
    NAMES = ["Chat", "Note", "Warning", "Error"]

    def gravest(self, path, *passes):
        table = tshark.run("-q", "-z", "expert", *passes, "-r", path)
        return max(i for i, heading in enumerate(self.HEADINGS) if re.search(rf"^{heading} \(", table, re.MULTILINE))

    def test_is_the_gravest_of_the_file_though_few_segments_are_asked(self):
        for path in (LOSSY, MANY, RESET, CROSSED, CAPTURES / "four_segment.pcapng", CAPTURES / "close_wait_held.pcapng"):
            with self.subTest(path.name):
                shown = window(path, "list=tcp", "status")["status"].strip()
                self.assertEqual(shown, self.NAMES[max(self.gravest(path), self.gravest(path, "-2"))])

    def test_is_what_the_user_has_made_of_a_finding(self):
        path = CAPTURES / "four_segment.pcapng"
        self.assertNotEqual(window(path, "list=tcp", "status")["status"].strip(), "Error")
        settings = tshark.home_with(os.environ["TCPWAVE_PLUGIN"]) / ".config/wireshark"
        settings.mkdir(parents=True)
        (settings / "expert_severity").write_text('"tcpwave.finding.close_initiated","Error"\n')
        shown = window(path, "list=tcp", "status", TCPWAVE_HOME=str(settings.parents[1]))["status"].strip()
        self.assertEqual(shown, "Error")


class Tables(unittest.TestCase):
    CONNECTIONS, SOCKETS, TREE = "table=tcpwave,conns", "table=tcpwave,sockets", "table=tcpwave,tree"

    def test_they_show_what_tshark_prints(self):
        for path in (MANY, CROSSED, CAPTURES / "kernel" / "reuse-thrice.pcapng"):
            with self.subTest(path.name):
                shown = window(path, self.CONNECTIONS, self.SOCKETS, self.TREE, "flow=tcpwave")

                def printed(what, path=path):
                    return tshark.run("-q", "-r", path, "-z", what)
                self.assertEqual(self.facts(shown[self.CONNECTIONS]), self.printed_facts(path))
                self.assertEqual(self.sockets(shown[self.SOCKETS]),
                                 self.printed_sockets(printed("tcpwave,sockets,csv")))
                outcomes = [re.split("  +", line) for line in printed("tcpwave,tree").splitlines()[1:]]
                self.assertEqual({tuple(row[:3]) for row in outcomes},
                                 {tuple(row[:3]) for row in table(shown[self.TREE])})
                self.assertEqual(shown["flow=tcpwave"].rstrip(),
                                 printed("flow,tcpwave,standard").rstrip())

    # Columns of the window and of the CSV that say the same.
    SAME = {0: "tcpwave.conn", 1: "first_frame", 3: "client", 4: "client_port", 5: "server",
            6: "server_port", 8: "tcpwave.active_closer", 11: "tcpwave.reset_confidence", 12: "duration",
            13: "segments", 14: "client_bytes", 15: "server_bytes", 16: "tcpwave.client.state",
            17: "tcpwave.server.state", 19: "tcpwave.handshake.rtt", 20: "half_close"}

    def facts(self, text):
        return sorted([row[i] for i in self.SAME] for row in table(text))

    def printed_facts(self, path):
        rows = csv.DictReader(io.StringIO(tshark.run("-q", "-r", path, "-z", "tcpwave,conns,csv")))
        return sorted([row[name] for name in self.SAME.values()] for row in rows)

    STATES = ["SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
              "CLOSING", "LAST_ACK", "TIME_WAIT", "UNKNOWN"]

    def sockets(self, text):
        """{(host, state): (number, peak)} of those that occur"""
        found = {}
        for host, *numbers in table(text):
            for state, now, peak in zip(self.STATES, numbers[:10], numbers[10:], strict=True):
                if peak != "0":
                    found[host, state] = (now, peak)
        return found

    @staticmethod
    def printed_sockets(text):
        return {(row["host"], row["state"]): (row["sockets"], row["peak"])
                for row in csv.DictReader(io.StringIO(text))}

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
        rows = table(window(MANY, command)[command])
        self.assertEqual([row[2] for row in rows], ["1"] * len(rows))
        self.assertEqual([row[0] for row in rows].count("Outcome"), 1)
        row = next(row for row in table(window(MANY, self.CONNECTIONS)[self.CONNECTIONS])
                   if row[0] == "3")
        self.assertEqual({row[1] for row in rows if row[0] == "With finding"}, set(row[-1].split("; ")))

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
        for name, cells in (("tcpwave,conns", (3, 5)), ("tcpwave,sockets", (0,)), ("tcpwave,tree", (0, 1))):
            with self.subTest(name):
                shown = window(MANY, f"keep={name}", f"table={name}")
                kept = table(shown[f"keep={name}"])
                self.assertEqual(" ".join(kept[0][i] for i in cells), "(file has changed) press Apply")
                self.assertEqual(sorted(kept[1:]), sorted(table(shown[f"table={name}"])))

    def test_another_profile_and_a_capture_begun_again(self):
        fields = "fields=frame.number,tcpwave.conn,tcpwave.step,tcpwave.finding"
        text = tshark.run(MANY, fields, "profile=TCP Wave", fields, "profile=", fields, "restart=40",
                          fields, self.CONNECTIONS, program=WINDOW)
        parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)[1:]
        self.assertTrue(parts[0])
        for again in (parts[2], parts[4], parts[6]):
            self.assertEqual(again, parts[0])
        self.assertEqual(table(parts[7]), table(window(MANY, self.CONNECTIONS)[self.CONNECTIONS]))

    def test_another_preference_starts_again(self):
        # 2MSL of nothing: what waited is closed.
        command = self.SOCKETS
        text = tshark.run("-o", "tcpwave.time_wait:0", CAPTURES / "kernel" / "reuse-thrice.pcapng",
                          command, "redissect", command, program=WINDOW)
        parts = re.split(r"^== .*\n", text, flags=re.MULTILINE)
        self.assertEqual(parts[1], parts[3])


class Ladder(unittest.TestCase):
    def test_the_window_shows_what_tshark_prints_and_leaves_no_file(self):
        before = set(tshark.FOLDER.iterdir())
        shown = window(LOSSY, "ladder=3")["ladder=3"]
        self.assertEqual(set(tshark.FOLDER.iterdir()), before)
        text = html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)[1])
        self.assertEqual(text, tshark.run("-q", "-r", LOSSY, "-z", "tcpwave,ladder,0"))
        picture = base64.b64decode(re.search(r"base64,([^\"]*)", shown)[1]).decode()
        file = tshark.FOLDER / "printed.svg"
        tshark.run("-q", "-r", LOSSY, "-z", f"tcpwave,ladder,0,{file}")
        self.assertEqual(picture, file.read_text())
        self.assertIn('<p><img src="data:', shown, "the picture has a paragraph of its own")

    def test_without_a_segment_it_says_what_to_do(self):
        path = tshark.capture("udp", [frames.ethernet(frames.ipv4(1, 2, frames.udp(1, 2, b""), 17))])
        for command in ("ladder=0", "ladder=1"):
            self.assertIn("Select a TCP packet first.", window(path, command)[command])

    def test_the_overview_is_the_one_that_tshark_prints(self):
        shown = window(MANY, "overview")["overview"]
        text = html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)[1])
        self.assertEqual(text, tshark.run("-q", "-r", MANY, "-z", "tcpwave,overview"))


class Menu(unittest.TestCase):
    def test_everything_is_in_one_place(self):
        self.assertEqual(window(LOSSY, "menu")["menu"].splitlines(), [
            "Statistics/TCP Wave/Connections", "Statistics/TCP Wave/Sockets",
            "Statistics/TCP Wave/Outcomes", "Statistics/TCP Wave/Overview",
            "Statistics/TCP Wave/Ladder of This Connection",
            "Statistics/TCP Wave/Go to Connection..."])


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
        return ("table=tcpwave,conns", "table=tcpwave,sockets", "table=tcpwave,tree", "flow=tcpwave",
                "ladder=1", "times")

    def test_tables_are_cut_and_say_so(self):
        for name in self.commands()[:2]:
            rows = table(self.shown[name])
            notes = [row for row in rows if any(cell.startswith("(cut") for cell in row)]
            self.assertEqual((len(rows), len(notes)), (ROWS + 1, 1), name)

    def test_the_note_sorts_before_all_rows(self):
        # Wireshark sorts by the first column, numbers as numbers.
        note, = [row for row in table(self.shown["table=tcpwave,conns"]) if "(cut" in row[3]]
        self.assertEqual(note[0], "")
        self.assertLess(min(table(self.shown["table=tcpwave,sockets"]))[0], "0")

    def test_the_flow_graph_says_what_it_leaves_out(self):
        self.assertIn("segments are not drawn: at most 40 hosts", self.shown["flow=tcpwave"])

    def test_the_tree_counts_all(self):
        rows = table(self.shown["table=tcpwave,tree"])
        self.assertEqual(sum(int(row[2]) for row in rows if row[0] == "Outcome"), ROWS + 100)


if __name__ == "__main__":
    tshark.main()
