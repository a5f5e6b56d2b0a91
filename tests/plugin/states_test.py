"""`-z tcpwave,states`: how long each end was in each state, against the fields and the frames' times.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import json
import shutil
import subprocess
import unittest

import tshark
from statistic import CHINESE, FOUR, KERNEL, LOSSY, MANY, statistic

COLUMNS = ["tcpwave.conn", "end", "host", "port", "peer", "peer_port", "state", "basis", "frame", "start",
           "duration", "next"]


def spans(path, tail="", *arguments):
    return list(csv.DictReader(io.StringIO(
        statistic(path, f"tcpwave,states{tail.replace('FORM', 'csv') or ',csv'}", *arguments))))


class States(unittest.TestCase):
    def test_a_close_in_four_segments(self):
        rows = spans(FOUR)
        self.assertEqual(list(rows[0]), COLUMNS)
        self.assertEqual(
            [(r["end"], r["state"], r["basis"], r["frame"], r["next"]) for r in rows],
            [("client", "SYN_SENT", "sent", "1", "ESTABLISHED"),
             ("client", "ESTABLISHED", "confirmed", "2", "FIN_WAIT_1"),
             ("client", "FIN_WAIT_1", "sent", "8", "FIN_WAIT_2"),
             ("client", "FIN_WAIT_2", "presumed", "9", "TIME_WAIT"),
             ("client", "TIME_WAIT", "confirmed", "10", "capture_end"),
             ("server", "SYN_RECEIVED", "confirmed", "1", "ESTABLISHED"),
             ("server", "ESTABLISHED", "presumed", "3", "CLOSE_WAIT"),
             ("server", "CLOSE_WAIT", "confirmed", "8", "LAST_ACK"),
             ("server", "LAST_ACK", "sent", "10", "CLOSED")])
        self.assertEqual([rows[7][k] for k in ("host", "port", "peer", "peer_port")],
                         ["198.51.100.20", "8000", "192.0.2.10", "40000"])
        self.assertEqual(rows[7]["duration"], "0.099158")  # from the first FIN to the second

    def test_they_begin_with_their_frame_and_end_with_the_next(self):
        for path in (FOUR, LOSSY, MANY):
            times = {row[0][0]: float(row[1][0])
                     for row in tshark.rows(path, ["frame.number", "frame.time_epoch"])}
            rows = spans(path)
            for row, after in zip(rows, rows[1:] + [None]):
                start = float(row["start"])
                self.assertAlmostEqual(start, times[row["frame"]], delta=1e-6)
                if after and row["next"] == after["state"]:
                    self.assertAlmostEqual(start + float(row["duration"]), float(after["start"]), delta=3e-6)

    def test_states_and_bases_are_those_of_the_fields(self):
        for path in (FOUR, LOSSY, MANY):
            names = ["frame.number", *(f"tcpwave.{end}.{what}" for end in ("client", "server")
                                       for what in ("state", "state.basis"))]
            shown = {row[0][0]: row for row in tshark.rows(path, names, "-2")}
            compared = 0
            for row in spans(path):
                if float(row["duration"]) == 0:
                    continue  # the frame shows the state that followed
                at = 1 if row["end"] == "client" else 3
                self.assertEqual([[row["state"]], [row["basis"]]], shown[row["frame"]][at:at + 2], row)
                compared += 1
            self.assertGreater(compared, 8)

    def test_no_state_that_is_no_socket_s(self):
        self.assertFalse({"CLOSED", "LISTEN"} & {row["state"] for row in spans(MANY)})

    def test_one_state_alone(self):
        rows = spans(MANY)
        for state in ("CLOSE_WAIT", "FIN_WAIT_2"):
            some = spans(MANY, f",{state},FORM")
            self.assertGreater(len(some), 3)
            self.assertEqual(some, [row for row in rows if row["state"] == state])
        some = spans(MANY, ",CLOSE_WAIT,FORM,tcpwave.conn == 3")
        self.assertEqual(some, [row for row in rows
                                if row["state"] == "CLOSE_WAIT" and row["tcpwave.conn"] == "3"])

    def test_json_has_the_cells_of_the_csv(self):
        objects = json.loads(statistic(MANY, "tcpwave,states,json"))
        for one, row in zip(objects, spans(MANY), strict=True):
            self.assertEqual(set(one), {key for key in COLUMNS if row[key]})
            for key, value in one.items():
                self.assertEqual(value, row[key] if isinstance(value, str) else float(row[key]))

    def test_people_read_words_and_times_since_the_start(self):
        lines = statistic(FOUR, "tcpwave,states").splitlines()
        self.assertEqual(lines[0].split()[:2], ["Conn", "End"])
        self.assertEqual(lines[1].split()[-3:], ["0.000000", "0.001182", "ESTABLISHED"])
        self.assertTrue(lines[5].endswith("capture ends"), lines[5])
        chinese = statistic(FOUR, "tcpwave,states", *CHINESE)
        for words in ("客户端", "已证实", "抓包结束"):
            self.assertIn(words, chinese)
        self.assertEqual(statistic(FOUR, "tcpwave,states,csv", *CHINESE), statistic(FOUR, "tcpwave,states,csv"))

    def test_ports_used_again_end_a_state_once(self):
        # The server's TIME_WAIT is the older connection's, though the newer one's SYN meets it.
        rows = spans(KERNEL / "reuse-thrice.pcapng")
        ended, = [row for row in rows if row["next"] == "ports_reused"]
        self.assertEqual([ended[key] for key in ("tcpwave.conn", "end", "state")], ["0", "server", "TIME_WAIT"])
        self.assertEqual([row["state"] for row in rows if row["tcpwave.conn"] == "1" and row["end"] == "server"],
                         ["SYN_RECEIVED", "ESTABLISHED"])

    @unittest.skipUnless(shutil.which("editcap"), "editcap is not installed")
    def test_the_process_where_a_kernel_said_it(self):
        path = tshark.FOLDER / "said.pcapng"
        said = "kernel: end=198.51.100.20:8000 state=ESTABLISHED process=nginx[77] owner=call"
        subprocess.run(["editcap", "-a", f"4:{said}", FOUR, path], check=True)
        path.chmod(0o644)
        rows = spans(path)
        self.assertEqual(list(rows[0]), [*COLUMNS, "process"])
        self.assertEqual({(row["end"], row["process"]) for row in rows}, {("client", ""), ("server", "nginx[77]")})


if __name__ == "__main__":
    tshark.main()
