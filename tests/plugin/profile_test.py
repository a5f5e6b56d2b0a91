"""The profile "TCP Wave" in the real tshark: its columns, colours and filter buttons.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import itertools
import os
import re
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import tshark
from frames import conversation, ethernet, ipv4
from tshark import CAPTURES

PROFILE = Path(os.environ["TCPWAVE_PROFILE"])
HALF_CLOSE = CAPTURES / "kernel" / "halfclose-client.pcapng"
FORGED = CAPTURES / "kernel" / "forged-rst-oow.pcapng"


def rules():
    """[(name, filter, background, text)], colours from 0 to 1"""
    found = []
    for line in (PROFILE / "colorfilters").read_text().splitlines():
        if line.startswith("@"):
            _, name, condition, colours = line.split("@")
            parts = [int(n) / 65535 for n in re.findall(r"\d+", colours)]
            found.append((name, condition, parts[:3], parts[3:]))
    return found


def buttons():
    """{label: filter}"""
    with (PROFILE / "dfilter_buttons").open() as lines:
        return {row[1]: row[2].replace("\\x22", '"') for row in csv.reader(lines)}


def linear(colour):
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]


def luminance(colour):
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one, other):
    """As WCAG 2 defines it: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen_without_green(colour):
    """About what somebody with deuteranopia sees (Machado et al. 2009, full severity)."""
    matrix = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
              (-0.011820, 0.042940, 0.968881))
    rgb = linear(colour)
    return [sum(a * b for a, b in zip(row, rgb, strict=True)) for row in matrix]


class Colours(unittest.TestCase):
    def test_text_reads_on_its_background(self):
        for name, _, background, text in rules():
            with self.subTest(name):
                self.assertGreaterEqual(contrast(background, text), 7)  # WCAG's higher level

    def test_no_two_differ_by_red_and_green_alone(self):
        for one, other in itertools.combinations(rules(), 2):
            seen = [seen_without_green(rule[2]) for rule in (one, other)]
            distance = max(abs(a - b) for a, b in zip(*seen, strict=True))
            with self.subTest(f"{one[0]}, {other[0]}"):
                self.assertGreater(distance, 0.05)

    @staticmethod
    def by_frame(path):
        """{frame: name of the rule that colours it}"""
        return {int(frame[0]): name[0].removeprefix("TCP Wave: ") for frame, name in tshark.rows(
            path, ["frame.number", "frame.coloring_rule.name"], "-2", "-C", "TCP Wave", "--color")
            if name}

    def test_each_segment_of_a_half_close(self):
        handshake, wave = "handshake, step by step", "close, step by step"
        half = "data in a half-close"
        self.assertEqual(self.by_frame(HALF_CLOSE), {
            1: handshake, 2: handshake, 3: handshake, 8: wave, 9: wave, 10: half, 12: half,
            14: half, 16: half, 18: wave, 19: wave})

    def test_resets_and_failed_checks(self):
        self.assertIn("reset", self.by_frame(CAPTURES / "kernel" / "refused.pcapng").values())
        failed = set(tshark.matching(FORGED, "tcpwave.check.ok == 0", "-2"))
        coloured = self.by_frame(FORGED)
        self.assertTrue(failed)
        self.assertEqual({f for f, rule in coloured.items() if "does not fit" in rule}, failed)

    def test_tshark_prints_them(self):
        root = xml.fromstring(tshark.run("-2", "-r", HALF_CLOSE, "-C", "TCP Wave", "--color",
                                         "-T", "psml"))
        packets = root.findall("packet")
        wave = next(rule for rule in rules() if "tcpwave.wave.step" in rule[1])
        self.assertEqual(packets[7].get("background"),
                         "#" + "".join(f"{round(c * 255):02x}" for c in wave[2]))


class Columns(unittest.TestCase):
    @staticmethod
    def rows(path, profile):
        root = xml.fromstring(tshark.run("-2", "-r", path, "-C", profile, "-T", "psml"))
        titles = [s.text for s in root.find("structure")]
        return titles, [dict(zip(titles, (s.text or "" for s in packet), strict=True))
                        for packet in root.findall("packet")]

    def test_step_states_findings_and_outcome(self):
        titles, packets = self.rows(HALF_CLOSE, "TCP Wave")
        self.assertEqual(titles, ["No.", "Time", "Source", "Destination", "Step", "Client", "Server",
                                  "Findings", "Info", "Outcome"])
        cells = packets[8]
        self.assertEqual(cells["Step"], "wave 2/4: ACK of the active closer's FIN")
        self.assertEqual((cells["Client"], cells["Server"]), ("FIN_WAIT_2", "CLOSE_WAIT"))
        self.assertIn("four segments", cells["Outcome"])
        self.assertNotIn("[wave", cells["Info"])  # the column says it

    def test_resets_say_what_they_are(self):
        cells = self.rows(CAPTURES / "kernel" / "refused.pcapng", "TCP Wave")[1][1]
        self.assertEqual((cells["Step"], cells["Findings"]),
                         ("Connection refused: the SYN is answered with RST",) * 2)

    def test_the_same_in_chinese(self):
        titles, packets = self.rows(HALF_CLOSE, "TCP Wave (Chinese)")
        self.assertEqual(titles[4:], ["步骤", "客户端", "服务器", "发现", "信息", "结局"])
        self.assertEqual(packets[8]["步骤"], "挥手 2/4：对主动关闭方 FIN 的确认")
        self.assertIn("正常关闭", packets[8]["结局"])

    def test_both_profiles_are_alike(self):
        other = PROFILE.with_name("TCP Wave (Chinese)")
        for file in sorted(PROFILE.iterdir()):
            def without_words(text):
                lines = [line for line in text.splitlines() if line[:1] != "#" and "language" not in line]
                return re.findall(r"tcpwave[\w.]*|%\w+|\d+|[<>=&|]{2}", "\n".join(lines))
            with self.subTest(file.name):
                self.assertEqual(without_words((other / file.name).read_text()),
                                 without_words(file.read_text()))


class Buttons(unittest.TestCase):
    def test_each_selects_what_it_says(self):
        expected = {"Handshakes": [1, 2, 3], "Waves": [8, 9, 18, 19], "Resets": [],
                    "Unfinished closes": []}
        for label, frames in expected.items():
            with self.subTest(label):
                self.assertEqual(tshark.matching(HALF_CLOSE, buttons()[label], "-2"), frames)
        self.assertTrue(tshark.matching(FORGED, buttons()["Findings"], "-2"))
        self.assertTrue(tshark.matching(FORGED, buttons()["Resets"], "-2"))
        some = [ethernet(ipv4(a, b, segment)) for a, b, segment in conversation()]
        for missing in (1, 2):
            path = tshark.capture("unfinished", some[:-missing])
            self.assertEqual(tshark.matching(path, buttons()["Unfinished closes"], "-2"),
                             list(range(1, len(some) - missing + 1)))

    def test_this_connection_needs_a_selected_packet(self):
        self.assertEqual(buttons()["This connection"], "tcpwave.conn == ${tcpwave.conn}")
        self.assertEqual(tshark.matching(HALF_CLOSE, buttons()["This connection"], "-2"), [])


if __name__ == "__main__":
    tshark.main()
