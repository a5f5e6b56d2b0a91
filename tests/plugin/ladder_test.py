"""Ladders and the flow graph, as text and as a picture.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import frames
import mixed
import tshark
from statistic import CHINESE, FOUR, KERNEL, LOSSY, MANY, RESET, refused, statistic


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

    def test_what_cannot_be_written_is_said_before_the_capture_is_read(self):
        cut = tshark.FOLDER / "cut.pcapng"  # tshark complains of it where it reads on
        cut.write_bytes(FOUR.read_bytes()[:-40])
        cut.chmod(0o644)
        self.assertIn("cut short", refused(cut, "tcpwave,ladder,0")[1])
        code, said = refused(cut, "tcpwave,ladder,0,/nowhere/at/all.svg")
        self.assertEqual(code, 2)
        self.assertNotIn("cut short", said)
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


class Flow(unittest.TestCase):
    def test_arrows_and_states(self):
        text = statistic(LOSSY, "flow,tcpwave,standard")
        self.assertIn("w1 FIN,ACK 121/401", text)
        self.assertIn("|client → FIN_WAIT_1, server → CLOSE_WAIT; Client starts the close\n", text)

    def test_what_became_of_a_segment_stands_where_a_window_does_not_cut_it(self):
        text = statistic(LOSSY, "flow,tcpwave,standard")
        self.assertIn("|likely lost; client FIN_WAIT_1, server CLOSE_WAIT\n", text)
        self.assertIn("|sent again; client FIN_WAIT_1, server CLOSE_WAIT; FIN retransmitted", text)

    def test_the_number_of_a_connection_among_several(self):
        text = statistic(MANY, "flow,tcpwave,standard")
        self.assertRegex(text, r"client → SYN_SENT, server → SYN_RECEIVED \(conn 1\)\n")

    def test_what_is_left_out_is_said(self):
        packets = [frames.ethernet(frames.ipv4(a, 300, frames.tcp(a, 300, (1000, 80), frames.SYN, 7)))
                   for a in range(1, 60)]
        text = statistic(tshark.capture("hosts", packets), "flow,tcpwave,standard")
        self.assertIn("20 segments are not drawn: at most 40 hosts", text)
        self.assertEqual(text.count("h1 SYN 0"), 39)


if __name__ == "__main__":
    tshark.main()
