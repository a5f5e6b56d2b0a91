"""A live capture: tshark and Wireshark annotate packets as they come, on the loopback of a network of its
own, where nothing else is heard.

The test starts itself again inside that network (`--inside`), as an ordinary user with the right to
capture. Root makes such a network always, other users where the kernel lets them (user namespaces).

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

import tshark

WIRESHARK = os.environ["TCPWAVE_WIRESHARK"]
PROBE = Path(__file__).with_name("live_probe.lua")
INSIDE, SKIPPED = "--inside", 77
FIELDS = ["tcpwave.step", "tcpwave.client.state", "tcpwave.server.state", "tcpwave.known"]
RIGHTS = "+dac_override,+net_raw,+net_admin"
OPENED = [["1", "SYN_SENT", "SYN_RECEIVED", "so_far"], ["2", "ESTABLISHED", "SYN_RECEIVED", "so_far"],
          ["3", "ESTABLISHED", "ESTABLISHED", "so_far"]]
CLOSED = [["1", "FIN_WAIT_1", "CLOSE_WAIT", "so_far"], ["2", "FIN_WAIT_2", "CLOSE_WAIT", "so_far"],
          ["3", "TIME_WAIT", "LAST_ACK", "so_far"], ["4", "TIME_WAIT", "CLOSED", "so_far"]]


def in_own_network(command):
    """The command that runs another one there; None where that cannot be."""
    script = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if os.geteuid() == 0:
        make = ["unshare", "--net", "--", *script]
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                f"--inh-caps={RIGHTS}", f"--ambient-caps={RIGHTS}"]
    else:
        make, user = ["unshare", "--net", "--map-current-user", "--keep-caps", "--", *script], []
    tools = all(shutil.which(tool) for tool in ("unshare", "setpriv", "ip", "dumpcap"))
    if not tools or subprocess.run([*make, *user, "true"], capture_output=True).returncode != 0:
        return None
    return [*make, *user, *command]


class Program:
    """A program that captures and prints a line for each packet, as soon as it has it."""

    def __init__(self, *command, output=None, **environment):
        # A group of its own, because the program that captures for it has to end as well.
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE if output is None else
                                        subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True, env=os.environ | environment)
        self.source = os.dup(self.process.stdout.fileno()) if output is None else \
            os.open(output, os.O_RDONLY | os.O_NONBLOCK)
        if output is None:
            self.process.stdout.close()
        self.rest, self.lines = b"", []

    def read(self, seconds):
        """What is printed by then, or more: at least a line, if one comes."""
        while not self.lines and select.select([self.source], [], [], seconds)[0]:
            *lines, self.rest = (self.rest + os.read(self.source, 1 << 16)).split(b"\n")
            self.lines += [line.decode().split("\t") for line in lines]

    def next(self, count, seconds=30):
        end, found = time.monotonic() + seconds, []
        while len(found) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} lines came: {found}")
            self.read(1)
            found += [self.lines.pop(0) for _ in range(min(count - len(found), len(self.lines)))]
        return found

    def wait_until_it_hears(self):
        """Knocks at a closed port until the SYN and its RST are printed; throws those lines away."""
        for _ in range(100):
            with socket.socket() as knock:
                knock.connect_ex(("127.0.0.1", 9))
            self.read(0.5)
            if not self.lines:
                continue
            while self.lines:  # of all knocks
                self.lines.clear()
                self.read(2)
            return
        raise AssertionError("the program captures nothing")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=20)
        os.close(self.source)


def steps_of(lines):
    return [line for line in lines if line[0]]


class Live(unittest.TestCase):
    def assert_annotated_as_they_come(self, program):
        program.wait_until_it_hears()
        with socket.create_server(("127.0.0.1", 8000)) as server, \
                socket.create_connection(("127.0.0.1", 8000)) as client:
            accepted, _ = server.accept()
            # The connection is open, and its lines are here before anything else happens.
            self.assertEqual(program.next(3), OPENED)
            client.sendall(b"hello")
            self.assertEqual(accepted.recv(5), b"hello")
            self.assertEqual([line[0] for line in program.next(2)], ["", ""])
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(program.next(2), CLOSED[:2])
            accepted.close()
            self.assertEqual(program.next(2), CLOSED[2:])

    def test_tshark(self):
        fields = [part for field in FIELDS for part in ("-e", field)]
        program = Program(tshark.TSHARK, "-i", "lo", "-l", "-T", "fields", *fields)
        try:
            self.assert_annotated_as_they_come(program)
        finally:
            program.stop()

    def test_wireshark_and_a_statistic_opened_again(self):
        output = tshark.FOLDER / "live.fifo"
        os.mkfifo(output)
        program = Program(WIRESHARK, "-i", "lo", "-k", "-X", f"lua_script:{PROBE}",
                          "-o", "gui.update.enabled:FALSE", output=output,
                          TCPWAVE_FIELDS=",".join(FIELDS), TCPWAVE_OUTPUT=str(output),
                          XDG_RUNTIME_DIR=str(tshark.FOLDER))
        try:
            self.assert_annotated_as_they_come(program)
            # The probe asks for all packets again when the close is complete, as a window does.
            again = []
            while not again or again[-1][0] != "4":
                again += program.next(1)
            self.assertEqual([line[:3] for line in steps_of(again)][-7:],
                             [line[:3] for line in OPENED + CLOSED])
            self.assertEqual({line[3] for line in again if line[3]}, {"final"})
        finally:
            program.stop()


if __name__ == "__main__":
    if INSIDE in sys.argv:
        tshark.main(argv=[sys.argv[0], *sys.argv[2:]])
    command = in_own_network([sys.executable, "-B", __file__, INSIDE])
    if command is None:
        print("skipped: a network of its own and the right to capture there are needed. Root has them; "
              "others need util-linux 2.38, iproute2, dumpcap, and a kernel that lets users make "
              "namespaces (sysctl kernel.unprivileged_userns_clone=1)")
        sys.exit(SKIPPED)
    sys.exit(subprocess.run(command, timeout=200).returncode)
