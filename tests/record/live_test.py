"""tcpwave-record on this machine's kernel, on the loopback of a network of its own: what its comments say is
what `ss` and the applications said at that time, and nothing of it stays behind.

It needs root, for the network and for the kernel's tracepoints; without, or where the kernel has none, it is
skipped (exit code 77) and says why. Programs that are not installed are left out, and named.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "plugin"))
import tshark  # noqa: E402

RECORD = os.environ["TCPWAVE_RECORD"]
INSIDE, SKIPPED = "--inside", 77
FOLDER = tshark.FOLDER
SETTLE = 0.35  # seconds: an event is looked at when it is 0.1 s old
SS_STATES = {"ESTAB": "ESTABLISHED", "SYN-SENT": "SYN_SENT", "FIN-WAIT-1": "FIN_WAIT_1",
             "FIN-WAIT-2": "FIN_WAIT_2", "CLOSE-WAIT": "CLOSE_WAIT", "LAST-ACK": "LAST_ACK",
             "CLOSING": "CLOSING", "TIME-WAIT": "TIME_WAIT"}


class Recorder:
    """tcpwave-record while it runs; the words of its file afterwards."""

    def __init__(self, name, *options, device="lo", inside=()):
        self.file, self.found = FOLDER / f"{name}.pcapng", None
        self.process = subprocess.Popen([*inside, RECORD, "-i", device, "-w", self.file, *options],
                                        stderr=subprocess.PIPE, text=True)
        first = self.process.stderr.readline()
        if "capturing on" not in first:
            raise AssertionError(first + self.process.stderr.read())

    def stop(self, sent=signal.SIGINT):
        time.sleep(SETTLE)
        self.process.send_signal(sent)
        self.report = self.process.communicate(timeout=20)[1]
        self.file.chmod(0o644)
        return self.process.returncode

    def words(self):
        """[(time of the packet, {key: value})], in order."""
        if self.found is not None:
            return self.found
        text = tshark.run("-r", self.file, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.comment",
                          "-E", "aggregator=|")
        found = []
        for line in text.splitlines():
            stamp, _, comments = line.partition("\t")
            for comment in filter(None, comments.split("|")):
                assert comment.startswith("kernel: "), comment
                found.append((float(stamp), dict(pair.split("=", 1) for pair in comment.split()[1:])))
        self.found = found
        return found

    def state_of(self, end, moment):
        """What was said last of an end, up to a time."""
        state = None
        for stamp, word in self.words():
            if word["end"] == end and "state" in word and stamp <= moment:
                state = word["state"].split(">")[-1]
        return state

    def reasons(self):
        return {word["end"]: word.get("reset_reason") for _, word in self.words() if "send_reset" in word.get("event", "")}


def end_of(sock):
    return "%s:%d" % sock.getsockname()[:2]


def by_ss():
    """{(local end, peer): state} of all connections now."""
    lines = subprocess.run(["ss", "-Htan"], capture_output=True, text=True, check=True).stdout.splitlines()
    return {tuple(line.split()[3:5]): SS_STATES[line.split()[0]] for line in lines if line.split()[0] in SS_STATES}


def connected(port=8000):
    with socket.create_server(("127.0.0.1", port)) as server:
        client = socket.create_connection(("127.0.0.1", port))
        return client, server.accept()[0]


def abort(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Network:
    """A second network namespace, 10.9.0.2 on vb, beside this one, 10.9.0.1 on va."""

    def __enter__(self):
        self.peer = subprocess.Popen(["unshare", "--net", "sleep", "60"])
        time.sleep(0.3)
        self.inside = ["nsenter", "-t", str(self.peer.pid), "-n"]
        for command in (["ip", "link", "add", "va", "type", "veth", "peer", "name", "vb", "netns", str(self.peer.pid)],
                        ["ip", "addr", "add", "10.9.0.1/24", "dev", "va"], ["ip", "link", "set", "va", "up"],
                        [*self.inside, "ip", "addr", "add", "10.9.0.2/24", "dev", "vb"],
                        [*self.inside, "ip", "link", "set", "vb", "up"]):
            subprocess.run(command, check=True)
        time.sleep(0.3)
        return self

    def serve(self, program):
        started = subprocess.Popen([*self.inside, sys.executable, "-c", "import socket, time\n"
                                    "s = socket.create_server(('10.9.0.2', 7000))\n" + program])
        time.sleep(0.5)
        return started

    def __exit__(self, *_):
        subprocess.run(["ip", "link", "del", "va"], check=True)  # else it goes some time after its namespace
        self.peer.kill(), self.peer.wait()


class Live(unittest.TestCase):
    def compare_with_ss(self, recorder, seen):
        """`seen`: [(moment, {(end, peer): state} by ss, both ends)]. An end that ss does not have is closed."""
        compared = 0
        for moment, states, (one, other) in seen:
            for end, peer in ((one, other), (other, one)):
                by_kernel = states.get((end, peer), "CLOSED")
                self.assertEqual(recorder.state_of(end, moment), by_kernel, (end, moment))
                compared += 1
        return compared

    def test_states_are_those_that_ss_shows(self):
        recorder, seen = Recorder("states"), []

        def look(*ends):
            time.sleep(0.05)
            seen.append((time.time(), by_ss(), ends))
            time.sleep(0.05)

        for first in ("client", "server"):
            for half_close in (False, True):
                client, server = connected()
                closer, other = (client, server) if first == "client" else (server, client)
                ends = end_of(client), end_of(server)
                look(*ends)
                if half_close:
                    closer.shutdown(socket.SHUT_WR)
                    look(*ends)
                    other.sendall(b"still here")
                    closer.recv(100)
                else:
                    closer.close()
                look(*ends)
                other.close()
                look(*ends)
                closer.close()
        self.assertEqual(recorder.stop(), 0)
        self.assertEqual(self.compare_with_ss(recorder, seen), 28)
        self.assertIn("0 of them without a packet, 0 lost", recorder.report)
        differ = tshark.matching(recorder.file, "tcpwave.kernel.agrees == 0", "-2")
        self.assertEqual(differ, [])
        names = {word["process"] for _, word in recorder.words() if "process" in word}
        self.assertEqual(names, {f"{Path('/proc/self/comm').read_text().strip()}[{os.getpid()}]"})

    def test_each_reset_has_its_reason(self):
        recorder, expected = Recorder("resets"), {}
        client, server = connected()
        server.sendall(b"never read")
        time.sleep(0.05)
        expected[end_of(client)] = "TCP_ABORT_ON_CLOSE"
        client.close(), server.close()

        client, server = connected()
        expected[end_of(client)] = "TCP_STATE"  # linger 0
        abort(client), server.close()

        client, server = connected()
        expected[end_of(server)] = "NO_SOCKET"  # data after close(): its socket has shrunk, then gone
        server.close()
        time.sleep(0.05)
        client.sendall(b"to nobody")
        time.sleep(0.05)
        client.close()

        with socket.socket() as refused:
            self.assertNotEqual(refused.connect_ex(("127.0.0.1", 9)), 0)
        expected["127.0.0.1:9"] = "NO_SOCKET"
        self.assertEqual(recorder.stop(signal.SIGTERM), 0)
        said = recorder.reasons()
        # Data for an orphan in FIN_WAIT_2 is another word of Linux, by whether its socket is there still.
        ours = expected.copy()
        if said.get(end) in ("TCP_ABORT_ON_DATA", "TCP_TIMEWAIT_SOCKET") if (
                end := next(e for e in expected if e.startswith("127.0.0.1:8000"))) else False:
            ours[end] = said[end]
        if not any(said.values()):
            self.skipTest("this kernel gives no reason for a RST (Linux 6.10 does)")
        self.assertEqual(said, ours)

    def test_a_socket_that_was_there_is_introduced(self):
        client, server = connected()
        recorder = Recorder("before")
        client.sendall(b"x")
        time.sleep(0.05)
        server.close(), client.close()
        recorder.stop()
        first = {}
        for _, word in recorder.words():
            first.setdefault(word["end"], word)
        self.assertTrue(first["127.0.0.1:8000"]["state"].startswith("ESTABLISHED"))
        self.assertEqual(first["127.0.0.1:8000"]["owner"], "descriptor")

    def test_a_keepalive_death_across_namespaces(self):
        with Network() as network:
            server = network.serve("a, _ = s.accept()\ntime.sleep(30)")
            recorder = Recorder("keepalive", device="va")
            client = socket.create_connection(("10.9.0.2", 7000))
            mine = end_of(client)
            for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
                client.setsockopt(socket.IPPROTO_TCP, option, value)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            time.sleep(0.8)
            # Still a neighbour, but one that knows of no such address any more.
            subprocess.run([*network.inside, "sh", "-c", "ip addr flush dev vb; ip route add blackhole 10.9.0.1"],
                           check=True)
            time.sleep(5)
            recorder.stop()
            server.kill(), server.wait(), client.close()
        died = [word for _, word in recorder.words() if word["end"] == mine and "CLOSED" in word.get("state", "")
                and "send_reset" in word.get("event", "")]
        self.assertEqual(len(died), 1, recorder.words())
        self.assertEqual(died[0]["state"], "ESTABLISHED>CLOSED")
        self.assertIn(died[0].get("reset_reason"), (None, "TCP_KEEPALIVE_TIMEOUT"))
        netns = {word["end"]: word["netns"] for _, word in recorder.words() if "netns" in word}
        self.assertEqual(netns[mine], str(os.stat("/proc/self/ns/net").st_ino))
        self.assertNotEqual(netns.get("10.9.0.2:7000", "0"), netns[mine])

    def test_captures_of_both_ends_merge(self):
        with Network() as network:
            server = network.serve("a, _ = s.accept()\nwhile a.recv(100): pass\ntime.sleep(.2)\na.close()")
            here = Recorder("here", device="va")
            there = Recorder("there", device="vb", inside=network.inside)
            with socket.create_connection(("10.9.0.2", 7000)) as client:
                client.sendall(b"x")
                time.sleep(0.2)
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(client.recv(1), b"")
            server.wait(), here.stop(), there.stop()
        both = FOLDER / "both.pcapng"
        subprocess.run(["mergecap", "-w", both, here.file, there.file], check=True)
        both.chmod(0o644)
        states = [frame[0] for frame in tshark.rows(both, ["tcpwave.kernel.state"], "-2", "-Y", "tcpwave.step")]
        self.assertEqual(len(states), 14, states)  # seven steps, each at both ends
        self.assertIn(["FIN_WAIT_2", "CLOSE_WAIT"], states)
        self.assertEqual(states[-1], ["TIME_WAIT", "CLOSED"])
        self.assertEqual(tshark.matching(both, "tcpwave.kernel.agrees == 0", "-2"), [])

    def test_real_programs(self):
        programs = [name for name in ("nginx", "haproxy", "redis-server", "curl") if shutil.which(name)]
        if "curl" not in programs or len(programs) < 2:
            self.skipTest(f"of nginx, haproxy, redis-server and curl only {programs} are installed")
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            self.serve(Path(folder), programs)

    def serve(self, folder, programs):
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}} http {{ access_log {folder}/access.log; client_body_temp_path {folder}/b;\n"
            f"server {{ listen 127.0.0.1:8080; location / {{ return 200 hello; }} }} }}\n")
        (folder / "haproxy.cfg").write_text(
            "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\n"
            "frontend f\n bind 127.0.0.1:8081\n default_backend b\nbackend b\n server n 127.0.0.1:8080\n")
        commands = {"nginx": ["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"],
                    "haproxy": ["haproxy", "-f", folder / "haproxy.cfg"],
                    "redis-server": ["redis-server", "--port", "8082", "--save", ""]}
        ports = {"nginx": 8080, "haproxy": 8081, "redis-server": 8082}
        servers = [subprocess.Popen(commands[name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                   for name in programs if name in commands]
        try:
            time.sleep(1)
            recorder = Recorder("programs")
            for name in programs:
                if name in ("nginx", "haproxy"):
                    for _ in range(5):
                        subprocess.run(["curl", "-s", "-o", "/dev/null", f"http://127.0.0.1:{ports[name]}/"], check=True)
                elif name == "redis-server":
                    with socket.create_connection(("127.0.0.1", ports[name])) as client:
                        client.sendall(b"PING\r\n")
                        self.assertEqual(client.recv(100), b"+PONG\r\n")
                        time.sleep(0.8)  # it is idle for a while, as clients are
                        client.sendall(b"PING\r\n")
                        client.recv(100)
            time.sleep(0.3)
            recorder.stop()
        finally:
            for server in servers:
                server.terminate(), server.wait()
        owners = {}
        for _, word in recorder.words():
            if "process" in word:
                owners.setdefault(word["end"].rsplit(":", 1)[1], set()).add(word["process"].split("[")[0])
        curls = [port for port, names in owners.items() if names == {"curl"}]
        requests = 5 * sum(name in programs for name in ("nginx", "haproxy"))
        self.assertEqual(len(curls), requests, owners)
        if "redis-server" in programs:
            self.assertEqual(owners["8082"], {"redis-server"})
        if "nginx" in programs:
            # As many connections as the log has requests: curl's, and haproxy's, which keeps its own open.
            logged = len((folder / "access.log").read_text().splitlines())
            self.assertEqual(logged, requests if "haproxy" in programs else 5)
            self.assertLessEqual({name for name in owners["8080"]}, {"nginx"})
        # ss has the last word on those in TIME_WAIT.
        for (end, _), state in by_ss().items():
            said = recorder.state_of(end, time.time())  # None: of a test before
            if state == "TIME_WAIT" and said and int(end.rsplit(":", 1)[1]) not in ports.values():
                self.assertEqual(said, "TIME_WAIT", end)
        accuracy = tshark.run("-q", "-r", recorder.file, "-z", "tcpwave,accuracy")
        print(accuracy, file=sys.stderr)
        share = re.search(r"^all +(\d+) +(\d+)", accuracy, re.MULTILINE)
        self.assertGreater(int(share[1]), 100)
        self.assertEqual(share[1], share[2], accuracy)

    def test_nothing_is_left_behind(self):
        mounted = "tracefs" in Path("/proc/mounts").read_text()
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.assertEqual(Recorder(f"signal{sent}").stop(sent), 0)
            self.assertEqual("tracefs" in Path("/proc/mounts").read_text(), mounted)
            self.assertEqual(self.instances(), [])
        # One that was killed could not clear up; the next one does.
        self.assertEqual(Recorder("killed").stop(signal.SIGKILL), -signal.SIGKILL)
        Recorder("after").stop()
        self.assertEqual(self.instances(), [])

    def instances(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["mount", "-t", "tracefs", "tracefs", folder], check=True)
            try:
                return [name for name in os.listdir(f"{folder}/instances") if name.startswith("tcpwave-")]
            finally:
                subprocess.run(["umount", folder], check=True)

    def test_a_fifo_is_read_as_it_is_written_and_its_end_ends_it(self):
        fifo = FOLDER / "fifo"
        os.mkfifo(fifo)
        process = subprocess.Popen([RECORD, "--capture", "--extcap-interface", "tcpwave", "--fifo", fifo,
                                    "--device", "lo"])
        reader = os.open(fifo, os.O_RDONLY)
        time.sleep(3)
        client, server = connected()
        client.close(), server.close()
        octets, end = b"", time.monotonic() + 5
        while b"kernel: end=" not in octets and time.monotonic() < end:
            octets += os.read(reader, 1 << 16)
        self.assertIn(b"kernel: end=", octets)
        os.close(reader)  # and nothing more comes that could fail to be written
        self.assertEqual(process.wait(timeout=10), 0)

    def test_a_ring_keeps_as_many_files_as_it_should(self):
        folder = FOLDER / "ring"
        folder.mkdir()
        process = subprocess.Popen([RECORD, "-q", "-i", "lo", "-w", folder / "r.pcapng", "-b", "packets:5", "-b", "files:2",
                                    "-c", "30"])
        time.sleep(3)
        for _ in range(8):
            client, server = connected()
            client.close(), server.close()
        self.assertEqual(process.wait(timeout=20), 0)
        files = sorted(folder.iterdir())
        self.assertEqual([re.sub(r"_\d{14}", "", file.name) for file in files], ["r_00005.pcapng", "r_00006.pcapng"])
        for file in files:
            file.chmod(0o644)
            self.assertEqual(len(tshark.rows(file, ["frame.number"])), 5)

    def test_capabilities_are_enough(self):
        rights = "+net_raw,+net_admin,+dac_override,+sys_ptrace,+sys_admin"
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        check = subprocess.run([*nobody, f"--inh-caps={rights}", f"--ambient-caps={rights}", RECORD, "--check"],
                               capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stdout)
        check = subprocess.run([*nobody, "--inh-caps=-all", RECORD, "--check"], capture_output=True, text=True)
        self.assertEqual(check.returncode, 1, check.stdout)
        self.assertIn("CAP_NET_RAW", check.stdout)

    def test_the_extcap_dialogue(self):
        said = tshark.run("--extcap-interfaces", program=RECORD)
        self.assertIn("interface {value=tcpwave}{display=TCP Wave: packets and sockets}", said)
        self.assertIn("dlt {number=", tshark.run("--extcap-interface", "tcpwave", "--extcap-dlts", program=RECORD))
        self.assertIn("{value=lo}", tshark.run("--extcap-interface", "tcpwave", "--extcap-config", program=RECORD))


def what_is_missing():
    if os.geteuid() != 0:
        return "it takes root to make a network and to hear the kernel's tracepoints"
    for tool in ("unshare", "nsenter", "ip", "ss", "mount"):
        if not shutil.which(tool):
            return f"{tool} is not installed"
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode != 0:
        return "no network namespace can be made here"
    check = subprocess.run([RECORD, "--check"], capture_output=True, text=True)
    return None if check.returncode == 0 else "this machine does not allow it:\n" + check.stdout


if __name__ == "__main__":
    if INSIDE in sys.argv:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        tshark.main(argv=[sys.argv[0], *[a for a in sys.argv[1:] if a != INSIDE]])
    missing = what_is_missing()
    if missing:
        print("skipped:", missing)
        sys.exit(SKIPPED)
    sys.exit(subprocess.run(["unshare", "--net", "--", sys.executable, "-B", __file__, INSIDE, *sys.argv[1:]],
                            timeout=280).returncode)
