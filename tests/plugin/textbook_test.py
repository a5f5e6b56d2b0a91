"""What every textbook says about the handshake and the close, asked as a user would ask it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import unittest

import tshark
from tshark import CAPTURES, ONE_PASS, TWO_PASSES

STEP, CLIENT, SERVER = "tcpwave.wave.step", "tcpwave.client.state", "tcpwave.server.state"
BOTH = (ONE_PASS, TWO_PASSES)


def steps(name, *passes, fields=(CLIENT, SERVER), field=STEP):
    """[(values of the step field, each other field's only value ...)] of the frames with a step"""
    path = CAPTURES / f"{name}.pcapng"
    return [("+".join(row[0]), *("|".join(cell) for cell in row[1:]))
            for row in tshark.rows(path, [field, *fields], "-Y", field, *passes)]


class FourSegments(unittest.TestCase):
    STATES = [("1", "FIN_WAIT_1", "CLOSE_WAIT"), ("2", "FIN_WAIT_2", "CLOSE_WAIT"),
              ("3", "TIME_WAIT", "LAST_ACK"), ("4", "TIME_WAIT", "CLOSED")]

    def test_states_after_each_step(self):
        for name in ("wave_161_734", "wave_1000_5000", "four_segment"):
            for passes in BOTH:
                with self.subTest(name, passes=passes):
                    self.assertEqual(steps(name, *passes), self.STATES)

    def test_the_server_closes(self):
        mirrored = [(step, server, client) for step, client, server in self.STATES]
        for passes in BOTH:
            self.assertEqual(steps("four_segment_server", *passes), mirrored)

    def test_numbers_as_wireshark_has_them(self):
        for passes in BOTH:
            for ours, theirs in (("tcpwave.seq", "tcp.seq"), ("tcpwave.ack", "tcp.ack")):
                rows = steps("wave_161_734", *passes, fields=(ours, theirs))
                self.assertEqual([row[1] for row in rows], [row[2] for row in rows])
        numbers = [row[1:] for row in steps("wave_161_734", fields=("tcp.seq", "tcp.ack"))]
        self.assertEqual(numbers, [("161", "734"), ("734", "162"), ("734", "162"), ("162", "735")])

    def test_rules(self):
        for passes in BOTH:
            rules = dict(steps("wave_161_734", *passes, fields=("tcpwave.check.rule",)))
            self.assertIn("ack 162 = seq of wave step 1 (161) + 1", rules["2"])
            self.assertIn("ack 735 = seq of wave step 3 (734) + 1", rules["4"])


class OtherForms(unittest.TestCase):
    def test_three_segments(self):
        for passes in BOTH:
            self.assertEqual(steps("wave_merged", *passes),
                             [("1", "FIN_WAIT_1", "CLOSE_WAIT"), ("2+3", "TIME_WAIT", "LAST_ACK"),
                              ("4", "TIME_WAIT", "CLOSED")])

    def test_simultaneous_close(self):
        later = [("3", "CLOSING", "CLOSING"), ("2", "TIME_WAIT", "CLOSING"),
                 ("4", "TIME_WAIT", "TIME_WAIT")]
        self.assertEqual(steps("simultaneous"), [("1", "FIN_WAIT_1", "CLOSE_WAIT")] + later)
        self.assertEqual(steps("simultaneous", "-2"), [("1", "FIN_WAIT_1", "CLOSING")] + later)

    def test_handshake(self):
        expected = [("1", "SYN_SENT", "SYN_RECEIVED", "100", "0"),
                    ("2", "ESTABLISHED", "SYN_RECEIVED", "200", "101"),
                    ("3", "ESTABLISHED", "ESTABLISHED", "101", "201")]
        for passes in BOTH:
            rows = steps("handshake_100_200", *passes, field="tcpwave.handshake.step",
                         fields=(CLIENT, SERVER, "tcp.seq_raw", "tcp.ack_raw"))
            self.assertEqual(rows, expected)


class Filters(unittest.TestCase):
    def test_steps_and_states(self):
        path = CAPTURES / "wave_161_734.pcapng"
        merged = CAPTURES / "wave_merged.pcapng"
        for passes in BOTH:
            with self.subTest(passes=passes):
                self.assertEqual(tshark.matching(path, "tcpwave.step == 3", *passes), [3, 9])
                self.assertEqual(
                    tshark.matching(path, 'tcpwave.state == "CLOSE_WAIT"', *passes), [7, 8])
                both = "tcpwave.wave.step == 2 && tcpwave.wave.step == 3"
                self.assertEqual(tshark.matching(path, both, *passes), [])
                self.assertEqual(tshark.matching(merged, both, *passes), [11])

    def test_checks(self):
        forged = CAPTURES / "fin_unacceptable.pcapng"
        for passes in BOTH:
            self.assertEqual(tshark.matching(CAPTURES / "wave_161_734.pcapng",
                                             "tcpwave.check.ok == 0", *passes), [])
            self.assertTrue(tshark.matching(forged, "tcpwave.check.ok == 0", *passes))
            self.assertEqual(
                tshark.matching(forged, "tcpwave.check.ok == 0", *passes),
                tshark.matching(forged, 'tcpwave.finding == "fin_unacceptable"', *passes))


if __name__ == "__main__":
    tshark.main()
