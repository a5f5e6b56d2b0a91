"""ICMP errors about a SYN: the finding stands on the error and links the SYN.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import unittest

import tshark
from frames import (ACK, ICMP, ICMPV6, SYN, conversation, ethernet, icmp_error, icmpv6_error, ipv4,
                    ipv6, tcp, v6)

FINDING, SYN_FRAME = "tcpwave.finding", "tcpwave.handshake.step1.frame"


def syn(seq=1000, flags=SYN, **options):
    return tcp(1, 2, (40000, 80), flags, seq, **options)


def with_error(quoted, kind=3, code=1, segment=None):
    segment = segment or syn()
    return [ethernet(ipv4(1, 2, segment)),
            ethernet(ipv4(9, 1, icmp_error(quoted, kind, code), ICMP))]


class Unreachable(unittest.TestCase):
    def assert_said(self, some, name):
        path = tshark.capture(name, some)
        for passes in (tshark.ONE_PASS, tshark.TWO_PASSES):
            row = tshark.rows(path, [FINDING, SYN_FRAME, "tcpwave.conn"], "-Y",
                              "tcpwave.finding.syn_unreachable", *passes)
            self.assertEqual(row, [[["syn_unreachable"], ["1"], ["0"]]])
            self.assertEqual(tshark.matching(path, 'tcpwave.finding == "syn_unreachable"', *passes),
                             [2])
        return path

    def assert_nothing(self, some):
        path = tshark.capture("not_unreachable", some)
        self.assertEqual(tshark.matching(path, "tcpwave.finding.syn_unreachable", "-2"), [])

    def test_on_the_error_and_in_the_outcome(self):
        path = self.assert_said(with_error(ipv4(1, 2, syn())), "unreachable")
        self.assertEqual(tshark.by_frame(path, "tcpwave.outcome.kind", "-2"), {1: ["icmp"]})
        self.assertEqual(tshark.by_frame(path, "tcpwave.known", "-2"), {1: ["final"]})
        text = tshark.run("-2", "-r", path, "-V", "-Y", "icmp")
        self.assertIn("ICMP error: the SYN in frame 1 could not be delivered (type 3)", text)
        self.assertIn("could not be delivered", tshark.run("-q", "-r", path, "-z", "expert"))

    def test_its_lines_are_in_the_language_of_the_preference(self):
        path = tshark.capture("unreachable", with_error(ipv4(1, 2, syn())))
        for language, lines in {
                "English": ("[Connection: 0]", "[Handshake step 1 in frame: 1]",
                            "[Warning: ICMP error: the SYN in frame 1 could not be delivered",
                            "[The host or network or port is unreachable"),
                "Chinese": ("[连接：0]", "[握手第 1 步所在帧：1]", "[警告：ICMP 差错：第 1 帧的 SYN 无法送达",
                            "[主机、网络或端口不可达")}.items():
            text = tshark.run("-2", "-r", path, "-V", "-Y", "icmp", "-o",
                              f"tcpwave.language:{language}")
            for line in lines:
                with self.subTest(line):
                    self.assertIn(line, text)

    def test_with_the_least_that_is_quoted(self):
        self.assert_said(with_error(ipv4(1, 2, syn())[:28]), "least")

    def test_icmpv6(self):
        segment = syn(address=v6)
        some = [ethernet(ipv6(1, 2, segment)),
                ethernet(ipv6(9, 1, icmpv6_error(9, 1, ipv6(1, 2, segment)), ICMPV6))]
        self.assert_said(some, "unreachable6")

    def test_what_is_no_such_error(self):
        self.assert_nothing(with_error(ipv4(1, 2, syn()), 3, 4))           # too long
        self.assert_nothing(with_error(ipv4(1, 2, syn()), 5))              # a redirect
        self.assert_nothing(with_error(ipv4(1, 2, syn(7777))))             # another number
        self.assert_nothing(with_error(ipv4(1, 3, syn())))                 # another address
        self.assert_nothing(with_error(ipv4(1, 2, syn())[:24]))            # cut
        opened = [ethernet(ipv4(a, b, s)) for a, b, s in conversation()]
        late = ethernet(ipv4(9, 1, icmp_error(ipv4(1, 2, syn(1001, ACK, ack=5001))), ICMP))
        self.assert_nothing(opened[:3] + [late])                           # no SYN in flight


if __name__ == "__main__":
    tshark.main()
