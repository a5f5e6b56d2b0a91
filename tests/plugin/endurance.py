#!/usr/bin/env python3
"""Long work: nothing grows, and nothing of the last file is left.

endurance.py BUILD [SECONDS] is the long form of endurance_test.py: the same file opened, filtered, given
other preferences and another profile, dissected again and captured once more, many times, in what stands for
Wireshark's window; then tshark on
the loopback of a network of its own for SECONDS (180), with ring files and connections that come steadily.
It prints resident memory as it goes.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

FIELDS = "fields=frame.number,tcpwave.conn,tcpwave.step,tcpwave.client.state,tcpwave.server.state"
VIEWS = [FIELDS, "table=tcpwave,conns", "table=tcpwave,sockets:tcp.dstport != 80", "table=tcpwave,tree",
         "flow=tcpwave:tcpwave.step", "memory"]
# Each of these but the fields is a new session for Wireshark, which keeps megabytes of each for ever, with
# the plugin or without: its own part is what counts.
SESSIONS = ["prefer=tcpwave.time_wait:1", FIELDS, "prefer=tcpwave.language:Chinese",
            "prefer=tcpwave.separate_tunnels:FALSE", "prefer=tcpwave.language:English",
            "prefer=tcpwave.separate_tunnels:TRUE", "prefer=tcpwave.time_wait:60", FIELDS,
            "redissect", FIELDS, "reopen", FIELDS, "profile=TCP Wave", FIELDS, "profile=", FIELDS, "restart=100",
            FIELDS, "memory"]
PLAIN_SESSIONS = ["redissect"] * 3 + ["profile=TCP Wave", "profile=", "restart=100", "reopen", "memory"]


def rounds(program, path, commands, count, **environment):
    """What each round said, and the KiB after it."""
    done = subprocess.run([program, str(path), *(commands * count)], capture_output=True, text=True,
                          env=os.environ | environment, timeout=3600)
    if done.returncode != 0:
        raise AssertionError(f"{program}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    parts = re.split(r"^== memory\n(\d+)\n", done.stdout, flags=re.MULTILINE)
    return parts[0:-1:2], [int(kib) for kib in parts[1::2]]


def growth(kib):
    """KiB for a round; the first rounds fill what libraries keep for the next time."""
    return (kib[-1] - kib[2]) / (len(kib) - 3)


def converse(port, stop):
    """A connection after the other, each closed in its own way."""
    server = socket.create_server(("127.0.0.1", port), backlog=16)
    ways = 0
    while not stop.is_set():
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        client.sendall(b"x" * 200)
        accepted.recv(400)
        ways += 1
        first, second = (client, accepted) if ways % 2 else (accepted, client)
        if ways % 3 == 0:
            first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        first.close()
        second.close()
        time.sleep(0.005)
    return ways


def resident_kib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0




def live(program, seconds, ring_seconds, environment, report=print):
    """Resident KiB of tshark, sampled; it runs on the loopback, in the network that we are in."""
    folder = tempfile.mkdtemp(prefix="tcpwave-ring-")
    os.chmod(folder, 0o777)
    stop = threading.Event()
    speaker = threading.Thread(target=converse, args=(8000, stop))
    process = subprocess.Popen([program, "-i", "lo", "-q", "-P", "-w", f"{folder}/ring.pcapng",
                                "-b", f"duration:{ring_seconds}", "-b", "files:3"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, env=os.environ | environment)
    time.sleep(3)
    speaker.start()
    samples, begun = [], time.monotonic()
    while time.monotonic() - begun < seconds:
        time.sleep(max(1, seconds / 60))
        if process.poll() is not None:
            raise AssertionError(f"tshark ended: {process.stderr.read()}")
        samples.append(resident_kib(process.pid))
        if len(samples) % 10 == 0:
            report(f"{time.monotonic() - begun:5.0f} s: {samples[-1]} KiB, "
                   f"{len(os.listdir(folder))} ring files", flush=True)
    stop.set()
    speaker.join()
    process.terminate()
    said = process.communicate(timeout=30)[1]
    return samples, said


def main():
    if "--inside" in sys.argv:
        build, seconds = Path(sys.argv[2]), int(sys.argv[3])
        # tshark itself keeps what it dissected, ring files or not: compared with itself.
        for name, half in (("with", {}), ("without", {"TCPWAVE_WITHOUT": "1"})):
            samples, said = live(build / "tests" / "tshark", seconds // 2, max(5, seconds // 24), half)
            packets = int(re.search(r"(\d+) packets captured", said)[1])
            print(f"live {name} the plugin, {seconds // 2} s, {packets} packets: {samples[0]} KiB at "
                  f"first, {samples[-1]} at last, "
                  f"{(samples[-1] - samples[0]) * 1024 // packets} octets a packet", flush=True)
            if "WARNING" in said:
                sys.exit(said)
        return
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "tests" / "window").exists():
        sys.exit("usage: endurance.py BUILD [SECONDS]; BUILD is a folder where the tests were built")
    build, seconds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 180
    captures = Path(__file__).resolve().parents[2] / "captures"
    path = captures / "kernel" / "random-03-heavy-mixed.pcapng"
    window = build / "tests" / "window"
    for name, commands in (("views", VIEWS), ("sessions", SESSIONS)):
        said, kib = rounds(window, path, commands, 60)
        alike = "the same said in each" if len(set(said)) == 1 else "NOT the same said in each"
        print(f"{name}: {len(kib)} rounds, {kib[2]} KiB after the third, {kib[-1]} after the last, "
              f"{growth(kib):.1f} a round; {alike}", flush=True)
    for name, environment in (("with", {}), ("without", {"TCPWAVE_WITHOUT": "1"})):
        _, kib = rounds(window, path, PLAIN_SESSIONS, 15, **environment)
        print(f"8 sessions {name} the plugin: {growth(kib):.1f} KiB", flush=True)
    os.environ.update(TCPWAVE_TSHARK=str(build / "tests" / "tshark"), TCPWAVE_WIRESHARK="",
                      TCPWAVE_CAPTURES=str(captures))
    import live_test  # needs the environment
    command = live_test.in_own_network([sys.executable, "-B", __file__, "--inside", str(build),
                                        str(seconds)])
    if command is None:
        sys.exit("no network of its own can be made here: no live capture")
    sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
