# SPDX-License-Identifier: GPL-2.0-or-later
"""A network namespace of its own with one TUN device: a host whose every packet passes through our hands.

The namespace has no name and no other device; it is gone when the process ends. Nothing outside of it is
read or changed. Sockets stay in the namespace in which they were made, so one process can be both hosts.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import struct
import subprocess
from pathlib import Path

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
LIBC = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    """Why no namespace can be had here."""


def _checked(what, result):
    if result != 0:
        number = ctypes.get_errno()
        raise Unavailable(f"{what}: {errno.errorcode.get(number, number)}, {os.strerror(number)}")


def why_not():
    """What is missing here to run; empty where nothing is."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces and TUN devices"
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun (modprobe tun)"
    if not any(Path(folder, "ip").exists() for folder in os.environ["PATH"].split(":")):
        return "the program ip is missing (Debian: apt-get install iproute2)"
    child = os.fork()  # the test must not move this process
    if child == 0:
        os._exit(LIBC.unshare(CLONE_NEWNET) and ctypes.get_errno())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return f"unshare(CLONE_NEWNET): {os.strerror(code)}" if code else ""


class Namespace:
    """Made by the process that is to use it, which it leaves where it was."""

    def __init__(self, addresses):
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        _checked("unshare", LIBC.unshare(CLONE_NEWNET))
        self.own = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            self.tun = self._make_tun()
            self._ip("link", "set", "lo", "up")
            self._ip("link", "set", "wire", "up", "mtu", "1500")
            for address in addresses:
                six = ":" in address
                self._ip("addr", "add", address, "dev", "wire", *(["nodad"] if six else []))
                self._ip("-6" if six else "-4", "route", "add", "default", "dev", "wire")
        finally:
            _checked("setns", LIBC.setns(self.home, CLONE_NEWNET))

    @staticmethod
    def _make_tun():
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"wire", IFF_TUN | IFF_NO_PI))
        return tun

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True, timeout=10)

    @contextlib.contextmanager
    def inside(self):
        """The calling thread is in the namespace meanwhile."""
        _checked("setns", LIBC.setns(self.own, CLONE_NEWNET))
        try:
            yield
        finally:
            _checked("setns", LIBC.setns(self.home, CLONE_NEWNET))

    def sysctl(self, name, value):
        """net.NAME of this namespace."""
        with self.inside():
            Path("/proc/sys/net", name.replace(".", "/")).write_text(str(value))

    def packets(self):
        """What the host has sent since."""
        while True:
            try:
                yield os.read(self.tun, 65536)
            except BlockingIOError:
                return

    def deliver(self, packet):
        os.write(self.tun, packet)
