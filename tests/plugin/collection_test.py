"""Every TCP segment is annotated once, whatever it is wrapped in; nothing else is.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct
import unittest
import xml.etree.ElementTree as xml

import hazards
import tshark
from frames import (ACK, COOKED, COOKED_2, FIN, GRE, RAW, conversation, cooked, ethernet, gre, ipv4,
                    tcp)

# There is one value of it for each segment that is annotated.
MARK = "tcpwave.known"


def conversation_frames(**options):
    return [ethernet(ipv4(a, b, s)) for a, b, s in conversation(**options)]


class Hazards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        some, cls.expected, cls.names = hazards.frames_and_counts()
        cls.path = tshark.capture("hazards", some)

    def assert_annotated(self, *arguments, expected=None):
        found = tshark.by_frame(self.path, MARK, *arguments)
        for frame, count in (expected or self.expected).items():
            with self.subTest(self.names[frame], frame=frame, arguments=arguments):
                self.assertEqual(len(found.get(frame, [])), count)

    def test_one_pass(self):
        self.assert_annotated()

    def test_two_passes(self):
        self.assert_annotated("-2")

    def test_two_passes_with_a_display_filter(self):
        self.assert_annotated("-2", "-Y", "tcp || data || udp || icmp || icmpv6")

    def test_a_read_filter_renumbers_frames(self):
        found = tshark.by_frame(self.path, MARK, "-2", "-R", "vlan")
        self.assertEqual({frame: len(values) for frame, values in found.items()},
                         dict.fromkeys(range(1, 19), 1))

    def test_each_tcp_layer_holds_its_own_annotation(self):
        root = xml.fromstring(tshark.run("-r", self.path, "-T", "pdml"))
        for number, packet in enumerate(root.iter("packet"), 1):
            with self.subTest(self.names[number], frame=number):
                layers = [p for p in packet.findall("proto") if p.get("name") == "tcp"]
                inside = [len(layer.findall(f".//field[@name='{MARK}']")) for layer in layers]
                everywhere = len(packet.findall(f".//field[@name='{MARK}']"))
                self.assertEqual(sum(inside), self.expected[number])
                self.assertEqual(everywhere, self.expected[number])
                if self.expected[number]:
                    self.assertEqual(set(inside), {1})

    def test_fragments_that_are_not_put_together_are_not_judged(self):
        text = tshark.run("-r", self.path, "-o", "ip.defragment:FALSE", "-V")
        self.assertIn("not analyzed: part of a fragmented IP packet", text)

    def test_disabling_tcp_disables_tcpwave(self):
        self.assertEqual(tshark.by_frame(self.path, MARK, "--disable-protocol", "tcp"), {})

    def test_disabling_tcpwave_leaves_tcp(self):
        off = ("--disable-protocol", "tcpwave")
        self.assertEqual(tshark.by_frame(self.path, MARK, *off), {})
        self.assertEqual(tshark.by_frame(self.path, "tcp.stream", *off),
                         tshark.by_frame(self.path, "tcp.stream"))

    def test_tcp_by_decode_as_is_named(self):
        unseen = tshark.matching(self.path, "tcpwave.unseen", "-d", "ip.proto==6,tcp")
        # A header that IP handed to TCP: all but the quoted ones, and one that TCP itself rejects.
        self.assertTrue({f for f, count in self.expected.items() if count} <= set(unseen))
        self.assertFalse({f for f, name in self.names.items() if "ICMP" in name} & set(unseen))
        self.assertEqual(tshark.by_frame(self.path, MARK, "-d", "ip.proto==6,tcp"), {})

    def test_protocol_6_given_to_something_else_is_named(self):
        unseen = tshark.matching(self.path, "tcpwave.unseen", "-d", "ip.proto==6,data")
        self.assertIn(1, unseen)
        self.assertFalse({f for f, name in self.names.items() if "ICMP" in name} & set(unseen))

    def test_nothing_is_unseen_by_default(self):
        self.assertEqual(tshark.matching(self.path, "tcpwave.unseen"), [])


class DecodeAs(unittest.TestCase):
    def test_tcp_over_udp_is_named(self):
        segment = conversation()[0][2]
        path = tshark.capture("over_udp", [ethernet(ipv4(1, 2, hazards.gtp(0, b"")[:4] + bytes(
            [0, 8 + len(segment), 0, 0]) + segment, hazards.UDP))])
        arguments = ("-d", "udp.port==2152,tcp")
        self.assertEqual(tshark.matching(path, "tcpwave.unseen", *arguments), [1])
        self.assertEqual(tshark.by_frame(path, MARK, *arguments), {})

    def test_people_find_no_protocol_beside_tcpwave(self):
        names = [line.split("\t")[2] for line in tshark.run("-G", "protocols").splitlines()]
        self.assertEqual([name for name in names if "tcpwave" in name], ["tcpwave"])


class WhatIsFed(unittest.TestCase):
    def test_a_segment_with_a_bad_checksum_only_where_the_user_trusts_it(self):
        some = conversation_frames()
        forged = ethernet(ipv4(1, 2, tcp(1, 2, (40000, 80), FIN | ACK, 1001, 5001, good=False)))
        path = tshark.capture("bad_checksum", some[:3] + [forged] + some[3:])
        checked = ("-o", "tcp.check_checksum:TRUE")
        self.assertEqual(tshark.matching(path, "tcpwave.wave.step == 1"), [4])
        self.assertEqual(tshark.matching(path, "tcpwave.wave.step == 1", *checked), [7])
        self.assertNotIn(4, tshark.by_frame(path, MARK, *checked))
        self.assertIn("not analyzed: bad checksum", tshark.run("-r", path, "-V", *checked))

    def test_good_checksums_pass(self):
        some, expected, _ = hazards.frames_and_counts()
        path = tshark.capture("good_checksums", some)
        found = tshark.by_frame(path, MARK, "-o", "tcp.check_checksum:TRUE")
        self.assertEqual({f: len(v) for f, v in found.items()},
                         {f: count for f, count in expected.items() if count})

    def test_frames_cut_by_the_snap_length_are_judged_from_the_ip_length(self):
        # HTTP that ends too early makes Wireshark leave the dissectors by an exception.
        body = b"POST / HTTP/1.1\r\nContent-Length: 400\r\n\r\n" + b"z" * 400
        some = conversation_frames(data=body)
        whole, cut = tshark.capture("whole", some), tshark.capture("cut", some, snap=90)
        fields = ["tcpwave.step", "tcpwave.seq", "tcpwave.seq.check", "tcpwave.client.state",
                  "tcpwave.server.state", MARK]
        for passes in (tshark.ONE_PASS, tshark.TWO_PASSES):
            with self.subTest(passes=passes):
                self.assertEqual(tshark.rows(cut, fields, *passes),
                                 tshark.rows(whole, fields, *passes))
                self.assertTrue(all(row[-1] for row in tshark.rows(cut, fields, *passes)))

    def test_a_header_cut_short_is_not_fed(self):
        path = tshark.capture("cut_header", conversation_frames(), snap=14 + 20 + 12)
        self.assertEqual(tshark.by_frame(path, MARK), {})


class Context(unittest.TestCase):
    """The same addresses and ports in another VLAN or tunnel are another connection."""

    def connections(self, some, *arguments, **options):
        path = tshark.capture("context", some, **options)
        return [values[0] for values in tshark.by_frame(path, "tcpwave.conn", *arguments).values()]

    def both(self, one, two):
        """Two conversations with the same addresses and ports, one after the other's handshake."""
        packets = [ipv4(a, b, s) for a, b, s in conversation()]
        others = [ipv4(a, b, s) for a, b, s in conversation(isn=900000, peer_isn=700000)]
        return [one(p) for p in packets[:4]] + [two(p) for p in others] + [one(p) for p in packets[4:]]

    def assert_told_apart(self, one, two, **options):
        some, apart = self.both(one, two), ["0"] * 4 + ["1"] * 9 + ["0"] * 5
        self.assertEqual(self.connections(some, **options), apart)
        off = ("-o", "tcpwave.separate_tunnels:FALSE")
        self.assertNotEqual(self.connections(some, *off, **options), apart)

    def test_vlans(self):
        self.assert_told_apart(lambda p: ethernet(p, vlans=[5]), lambda p: ethernet(p, vlans=[6]))

    def test_inner_vlans(self):
        self.assert_told_apart(lambda p: ethernet(p, vlans=[5, 7]),
                               lambda p: ethernet(p, vlans=[5, 8]))

    def test_provider_bridges(self):
        def inside(service, customer, inner=0x8100):
            def wrap(packet):
                frame = ethernet(packet)
                tags = struct.pack("!HHHH", 0x88A8, service, inner, customer)
                return frame[:12] + tags + frame[12:]
            return wrap
        self.assert_told_apart(inside(5, 7), inside(5, 8))
        self.assert_told_apart(inside(5, 7, 0x88A8), inside(6, 7, 0x88A8))

    def test_below_other_link_layers(self):
        def packet(vni, inner):
            return ipv4(*hazards.OUTER, hazards.vxlan(vni, ethernet(inner)), hazards.UDP)
        for link, wrap in ((RAW, lambda p: p), (COOKED, cooked),
                           (COOKED_2, lambda p: cooked(p, version=2))):
            with self.subTest(link=link):
                self.assert_told_apart(lambda p: wrap(packet(1, p)), lambda p: wrap(packet(2, p)),
                                       link=link)

    def test_network_identifiers(self):
        def inside(vni):
            return lambda p: hazards.tunnel(hazards.vxlan(vni, ethernet(p)), hazards.UDP)
        self.assert_told_apart(inside(1), inside(2))

    def test_geneve_identifiers_whatever_its_options(self):
        def inside(vni, options):
            return lambda p: hazards.tunnel(hazards.geneve(vni, ethernet(p), options), hazards.UDP)
        self.assert_told_apart(inside(1, b""), inside(2, b"\1\2\3\1key!"))

    def test_gre_keys(self):
        def inside(key):
            return lambda p: hazards.tunnel(gre(p, key), GRE)
        self.assert_told_apart(inside(1), inside(2))

    def test_a_fragmented_tunnel_is_the_same_tunnel(self):
        def inside(packet):
            return hazards.tunnel(hazards.vxlan(7, ethernet(packet)), hazards.UDP)
        packets = [ipv4(a, b, s) for a, b, s in conversation(data=b"x" * 60)]
        some = []
        for number, packet in enumerate(packets):
            if number == 3:
                payload = hazards.vxlan(7, ethernet(packet))
                some += [ethernet(f) for f in hazards.fragments(*hazards.OUTER, payload, 64,
                                                                hazards.UDP)]
            else:
                some.append(inside(packet))
        self.assertEqual(set(self.connections(some)), {"0"})

    def test_the_two_directions_in_two_vlans_are_one_connection(self):
        some = [ethernet(ipv4(a, b, s), vlans=[5 if a == 1 else 6]) for a, b, s in conversation()]
        self.assertEqual(set(self.connections(some)), {"0"})

    def test_the_preference_puts_them_together(self):
        some = [ethernet(ipv4(a, b, s), vlans=[5 + i % 2])
                for i, (a, b, s) in enumerate(conversation())]
        off = ("-o", "tcpwave.separate_tunnels:FALSE")
        self.assertEqual(set(self.connections(some, *off)), {"0"})


if __name__ == "__main__":
    tshark.main()
