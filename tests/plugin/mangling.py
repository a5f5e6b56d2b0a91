#!/usr/bin/env python3
"""Captures as nobody should send them, and what tshark must still do with the plugin in it.

mangling.py BUILD [--seeds N] [--together N] [FILE-OR-FOLDER ...] is the long form of mangled_test.py: every capture of
the project and of the folders named, whole, damaged by N seeds, cut at every length and merged, and
packets of randpkt, through the tshark of a build (asan-ubsan is the one to use) and through what stands for
Wireshark's window, dissected twice there. --together: each N captures as one file, which starts fewer programs. It prints what it ran;
its exit code is 1 where anything was wrong, and the capture then stays.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SNAP_LENGTHS = (14, 20, 33, 34, 40, 53, 54, 60, 66, 74, 96)
# Damage anywhere, and behind the link layer and behind IP only, where more of it reaches TCP.
DAMAGE = (("0.002", 0), ("0.02", 0), ("0.02", 14), ("0.01", 34), ("0.1", 34))
RANDOM_TYPES = ("tcp", "ip", "ipv6", "eth", "icmp", "llc")
STATISTICS = ["tcpwave,conns", "tcpwave,sockets", "tcpwave,states", "tcpwave,resets", "tcpwave,tree", "expert",
              "flow,tcpwave,standard", "io,stat,0,tcpwave.step"]
LADDER = "tcpwave,ladder,0"  # where there is a connection at all
SUFFIXES = (".pcap", ".pcapng", ".gz", ".1", ".2")
# What no program of Wireshark says by itself.
ALARMS = re.compile(r"tcpwave|TCP Wave|AddressSanitizer|runtime error|LeakSanitizer|\*\*\*|Err file")
# What a capture that is no capture any more is answered with: not our affair.
DAMAGED_FILE = re.compile(r"appears to (be damaged|have been cut short)|isn't a capture file")


def tool(name, *arguments):
    subprocess.run([name, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def damaged(path, folder, seed):
    for probability, offset in DAMAGE:
        target = folder / f"{path.stem}-E{probability}-o{offset}-{seed}.pcapng"
        tool("editcap", "-E", probability, "-o", offset, "--seed", seed, path, target)
        yield target


def cut(path, folder, lengths=SNAP_LENGTHS):
    for length in lengths:
        target = folder / f"{path.stem}-s{length}.pcapng"
        tool("editcap", "-s", length, path, target)
        yield target


def merged(paths, target, in_time=False):
    """One after the other, or as they lie in time: connections that share everything mix."""
    tool("mergecap", *([] if in_time else ["-a"]), "-w", target, *paths)
    return target


def random_packets(folder, count=500):
    for kind in RANDOM_TYPES:
        target = folder / f"random-{kind}.pcap"
        tool("randpkt", "-b", "400", "-c", count, "-t", kind, target)
        yield target


class Complaint(Exception):
    pass


def tshark(program, path, *arguments, without_plugin=False):
    """Standard output; raises where the program died or said what it should not."""
    env = os.environ | ({"TCPWAVE_WITHOUT": "1"} if without_plugin else {})
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    done = subprocess.run([program, "-r", str(path), *arguments], capture_output=True, text=True,
                          errors="replace", env=env, timeout=600)
    said = "\n".join(line for line in done.stderr.splitlines() if ALARMS.search(line))
    died = done.returncode not in (0, 2)
    damaged_file = done.returncode == 2 and DAMAGED_FILE.search(done.stderr)
    if not without_plugin and (died or said or (done.returncode == 2 and not damaged_file)):
        raise Complaint(f"{path} {' '.join(arguments)}: exit code {done.returncode}\n"
                        f"{done.stderr[-3000:]}")
    return done.stdout


def bugs(text):
    return len(re.findall(r"Dissector bug|Malformed Packet: TCP Wave", text))


def frames_and_fields(text):
    return [line for line in text.splitlines() if line]


def examine(program, path):
    """All ways through a capture. The number of dissections of a frame that were looked at."""
    details = tshark(program, path, "-V")
    if bugs(details) and bugs(details) != bugs(tshark(program, path, "-V", without_plugin=True)):
        raise Complaint(f"{path}: a dissector bug that is ours")
    fields = ["-T", "fields", "-e", "frame.number", "-e", "tcpwave"] + [
        part for name in ("conn", "step", "client.state", "server.state", "client.state.basis",
                          "seq.check", "ack.check", "finding", "outcome", "seq", "ack", "phase")
        for part in ("-e", f"tcpwave.{name}")]
    one = frames_and_fields(tshark(program, path, *fields))
    two = frames_and_fields(tshark(program, path, "-2", *fields))
    again = frames_and_fields(tshark(program, path, "-2", "-R", "frame", *fields))
    if len(one) != len(two):
        raise Complaint(f"{path}: {len(one)} frames in one pass, {len(two)} in two")
    if two != again:
        frame = next(i for i, (a, b) in enumerate(zip(two, again)) if a != b)
        raise Complaint(f"{path}: two passes differ with a read filter:\n{two[frame]}\n{again[frame]}")
    filtered = frames_and_fields(tshark(program, path, "-Y", "tcpwave.conn", *fields))
    ours = [line for line in one if line.split("\t")[2]]
    if filtered != ours:
        raise Complaint(f"{path}: a display filter of ours selects other frames or changes them")
    statistics = STATISTICS + [LADDER] * bool(ours)
    tshark(program, path, "-q", *(part for name in statistics for part in ("-z", name)))
    return 8 * len(one)  # each two passes are two


def examine_in_window(program, path):
    """Dissected again, each frame says what it said at first; looked at in an order that is not the file's."""
    fields = "fields=frame.number,tcpwave.conn,tcpwave.step,tcpwave.client.state,tcpwave.server.state,tcpwave.finding"
    done = subprocess.run([program, str(path), fields, "redissect", fields, "table=tcpwave,conns"],
                          capture_output=True, text=True, errors="replace", timeout=600)
    if done.returncode == 1 and DAMAGED_FILE.search(done.stderr):
        return
    if done.returncode != 0 or ALARMS.search(done.stderr):
        raise Complaint(f"{path}: window: exit code {done.returncode}\n{done.stderr[-3000:]}")
    first, again = re.split(r"^== .*\n", done.stdout, flags=re.MULTILINE)[1:4:2]
    if first != again:
        raise Complaint(f"{path}: the window says other things after it dissected anew")


def captures_in(paths):
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES)
        else:
            yield path


def all_mangled(sources, folder, seeds, whole):
    """Paths, made as they are asked for."""
    yield from sources
    if whole:
        return
    for path in sources:
        for seed in range(1, seeds + 1):
            yield from damaged(path, folder, seed)
        yield from cut(path, folder)
    for n, pair in enumerate(zip(sources, sources[1:])):
        yield merged(pair, folder / f"merged-{n}.pcapng", in_time=n % 2 == 0)
    yield from random_packets(folder, 5000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help="a build folder, build/asan-ubsan for example")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--together", type=int, default=1, help="merge each N captures into one file")
    parser.add_argument("--whole", action="store_true", help="the captures as they are, nothing else")
    parser.add_argument("--every", type=int, default=1, help="take only every n-th capture")
    parser.add_argument("captures", nargs="*", type=Path)
    options = parser.parse_intermixed_args()
    program = options.build / "tests" / "tshark"
    if not program.exists():
        sys.exit(f"there is no {program}: build that folder first (cmake --build ...)")
    project = Path(__file__).resolve().parents[2] / "captures"
    folder = Path(tempfile.mkdtemp(prefix="tcpwave-mangled-"))
    folder.chmod(0o777)
    ran = dissections = 0
    complaints = []

    def one(path):
        try:
            examine_in_window(options.build / "tests" / "window", path)
            return examine(program, path)
        except (Complaint, subprocess.TimeoutExpired) as complaint:
            complaints.append(str(complaint))
            print(complaint, flush=True)
            return 0

    def ready(path):
        path.chmod(0o644) if path.parent == folder else None
        return path

    sources = list(captures_in([project, *options.captures]))[::options.every]
    if options.together > 1:
        n = options.together
        sources = [merged(sources[i:i + n], folder / f"together-{i}.pcapng") for i in range(0, len(sources), n)]
        for path in sources:
            path.chmod(0o644)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        paths = (ready(path) for path in all_mangled(sources, folder, options.seeds, options.whole))
        for count in pool.map(one, paths):
            ran += 1
            dissections += count
            if ran % 100 == 0:
                print(f"{ran} captures, {dissections} dissections, {len(complaints)} complaints",
                      flush=True)
    print(f"{ran} captures, {dissections} dissections of a frame, {len(complaints)} complaints")
    if not complaints:
        shutil.rmtree(folder)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
