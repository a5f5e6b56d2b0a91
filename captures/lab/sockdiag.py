# SPDX-License-Identifier: GPL-2.0-or-later
"""The state of one socket, from the kernel's own table (NETLINK_SOCK_DIAG, linux/inet_diag.h)."""

import errno
import socket
import struct

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST = 1
NLMSG_ERROR = 2
NO_COOKIE = 0xFFFFFFFF
STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECEIVED", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2", 6: "TIME_WAIT",
          7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN_RECEIVED"}


def _packed(address):
    if ":" in address:
        return socket.inet_pton(socket.AF_INET6, address)
    return socket.inet_pton(socket.AF_INET, address) + bytes(12)


class SocketTable:
    """Of the namespace in which it is made."""

    def __init__(self):
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG)
        self.netlink.settimeout(5)

    def state(self, local, remote):
        """Of the socket with these ends, (address, port) each; LISTEN where there is only a listener."""
        family = socket.AF_INET6 if ":" in local[0] else socket.AF_INET
        ends = struct.pack("!HH16s16s", local[1], remote[1], _packed(local[0]), _packed(remote[0]))
        request = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + ends + struct.pack(
            "=III", 0, NO_COOKIE, NO_COOKIE)
        header = struct.pack("=IHHII", 16 + len(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0)
        self.netlink.send(header + request)
        answer = self.netlink.recv(8192)
        kind = struct.unpack_from("=H", answer, 4)[0]
        if kind == NLMSG_ERROR:
            code = -struct.unpack_from("=i", answer, 16)[0]
            if code != errno.ENOENT:
                raise OSError(code, "sock_diag")
            return "CLOSED"
        return STATES[answer[17]]
