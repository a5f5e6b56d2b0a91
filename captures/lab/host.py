# SPDX-License-Identifier: GPL-2.0-or-later
"""A host: a namespace, its table of sockets, and the applications on it as one object that opens sockets."""

import errno
import socket
import struct

from namespace import Namespace
from sockdiag import SocketTable

TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, SEND_QUEUE = 19, 20, 21, 2
PENDING = (errno.EINPROGRESS, errno.EAGAIN)


class Host:
    def __init__(self, address, address6, mac):
        self.address, self.address6, self.mac = address, address6, bytes.fromhex(mac)
        self.namespace = Namespace([f"{address}/32", f"{address6}/128"])
        with self.namespace.inside():
            self.table = SocketTable()
        self.opened = []  # Python closes what nobody holds

    def socket(self, port=0, six=False):
        with self.namespace.inside():
            s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((self.address6 if six else self.address, port))
        self.opened.append(s)
        return s

    def listen(self, port, six=False, backlog=64, options=()):
        s = self.socket(port, six)
        for level, name, value in options:
            s.setsockopt(level, name, value)
        s.listen(backlog)
        return s


def connect(s, target, isn=None):
    """Begins; `isn` is the SYN's number if it must be a certain one."""
    if isn is not None:
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, SEND_QUEUE)
        s.setsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ, struct.pack("=I", isn))
        s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 0)
    code = s.connect_ex(target)
    if code not in (0, *PENDING):
        raise OSError(code, "connect")


def accept(listener):
    """Nothing where no connection waits."""
    try:
        s = listener.accept()[0]
    except BlockingIOError:
        return None
    s.setblocking(False)
    return s


def read(s, most=1 << 20):
    """What has come; empty also at the end or where nothing has come."""
    try:
        return s.recv(most)
    except (BlockingIOError, ConnectionError):
        return b""


def abort(s):
    """Closes with a RST."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def vanish(s):
    """As if the host had crashed: the socket is gone, and nobody is told."""
    s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    s.close()
