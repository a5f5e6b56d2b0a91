"""A capture with TCP in every wrapping that a plugin in front of TCP can miss or see twice.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from frames import (ACK, DESTINATION_OPTIONS, GRE, ICMP, ICMPV6, IPIP, PSH, SYN, UDP, conversation,
                    destination_options, ethernet, fragments, geneve, gre, gtp, icmp_error,
                    icmpv6_error, ipv4, ipv6, tcp, v6, vxlan)

OUTER = (9, 8)  # hosts at the ends of the tunnels


def over_ipv4(wrap, port):
    return [wrap(ipv4(a, b, segment)) for a, b, segment in conversation(port=port)]


def over_ipv6(wrap, port, address=v6):
    return [wrap(a, b, segment) for a, b, segment in conversation(port=port, address=address)]


def tunnel(payload, protocol):
    return ethernet(ipv4(*OUTER, payload, protocol))


def kinds():
    """[(name, frames, TCP segments in each of these frames)]"""
    syn = conversation()[0][2]
    big = tcp(1, 2, (40100, 80), PSH | ACK, 5, 5, b"x" * 100)
    in_vxlan = vxlan(77, ethernet(ipv4(1, 2, tcp(1, 2, (40101, 80), SYN, 5))))
    over_tcp = tcp(*OUTER, (2152, 3386), PSH | ACK, 1, 1, gtp(1, ipv4(1, 2, syn))[8:])
    plain = [
        ("IPv4", over_ipv4(ethernet, 40000)),
        ("IPv6", over_ipv6(lambda a, b, s: ethernet(ipv6(a, b, s)), 40000)),
        ("IPv6 with an extension header",
         over_ipv6(lambda a, b, s: ethernet(ipv6(a, b, destination_options(s),
                                                 DESTINATION_OPTIONS)), 40001)),
        ("VLAN", over_ipv4(lambda p: ethernet(p, vlans=[5]), 40002)),
        ("two VLAN tags", over_ipv4(lambda p: ethernet(p, vlans=[5, 6]), 40003)),
        ("IP in IP", over_ipv4(lambda p: tunnel(p, IPIP), 40004)),
        ("GRE", over_ipv4(lambda p: tunnel(gre(p), GRE), 40005)),
        ("GRE with a key", over_ipv4(lambda p: tunnel(gre(p, 7), GRE), 40006)),
        ("VXLAN", over_ipv4(lambda p: tunnel(vxlan(77, ethernet(p)), UDP), 40007)),
        ("GENEVE", over_ipv4(lambda p: tunnel(geneve(77, ethernet(p), b"\1\2\3\1key!"), UDP), 40008)),
        ("GTP", over_ipv4(lambda p: tunnel(gtp(77, p), UDP), 40009)),
    ]
    special = [
        ("ICMP error", [ethernet(ipv4(2, 1, icmp_error(ipv4(1, 2, syn)[:28]), ICMP))], [0]),
        ("ICMP error with the whole segment",
         [ethernet(ipv4(2, 1, icmp_error(ipv4(1, 2, syn)), ICMP))], [0]),
        ("ICMPv6 error",
         [ethernet(ipv6(2, 1, icmpv6_error(2, 1, ipv6(1, 2, syn)), ICMPV6))], [0]),
        ("IP fragments", [ethernet(f) for f in fragments(1, 2, big, 40)], [0, 0, 1]),
        ("fragmented tunnel",
         [ethernet(f) for f in fragments(*OUTER, in_vxlan, 40, UDP)], [0, 1]),
        ("TCP in GTP in TCP", [ethernet(ipv4(*OUTER, over_tcp))], [2]),
        ("SYN shorter than a header",
         [ethernet(ipv4(1, 2, tcp(1, 2, (40102, 80), SYN, 5, offset=4)))], [0]),
        ("IP length of zero (segmentation left to the device)",
         [ethernet(ipv4(1, 2, tcp(1, 2, (40103, 80), ACK, 5, 5, b"y" * 200), length=0))], [1]),
    ]
    return [(name, some, [1] * len(some)) for name, some in plain] + special


def frames_and_counts():
    """All frames in order, {frame number: expected TCP segments}, {frame number: name}."""
    frames, counts, names = [], {}, {}
    for name, some, expected in kinds():
        for frame, count in zip(some, expected, strict=True):
            frames.append(frame)
            counts[len(frames)], names[len(frames)] = count, name
    return frames, counts, names
