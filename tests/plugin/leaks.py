#!/usr/bin/env python3
"""Memory that nobody gives back, and memory that nobody may touch: tshark and the window under valgrind.

leaks.py BUILD [--quick] [--run NAME] [CAPTURE ...] lets valgrind watch tshark of a build (no sanitizers: build/dev)
read each capture in one pass, in two, with every detail, with the statistics of the plugin; and the program that stands
for Wireshark's window open it, show fields and statistics, dissect it anew after a changed preference, switch the
profile, and open it again. Ours is each error with a function of ours among its callers but for FORGOTTEN, and each
invalid access that does not happen without the plugin; Wireshark's own leaks are counted beside them. The exit code is 1
where anything is ours.
--quick: one run, and no other without the plugin: then every invalid access counts as ours.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAPTURES = HERE.parents[1] / "captures"
# A close with all its steps, losses and resets, another incarnation, tunnels of every kind (written by hazards.py).
DEFAULT = [CAPTURES / "kernel" / name for name in
           ("close4-client.pcapng", "random-03-heavy-mixed.pcapng", "reuse-thrice.pcapng", "forged-rst-inwin.pcapng")]
STATISTICS = ["tcpwave,conns", "tcpwave,sockets", "tcpwave,tree", "flow,tcpwave,standard", "io,stat,0,tcpwave.step",
              "tcpwave,ladder,0"]
FIELDS = "fields=frame.number,tcpwave.conn,tcpwave.step,tcpwave.client.state,tcpwave.finding"
RUNS = {
    "one pass": ("tshark", ["-r", "{}"]),
    "two passes, all details": ("tshark", ["-2", "-r", "{}", "-V"]),
    "a filter": ("tshark", ["-2", "-r", "{}", "-Y", "tcpwave.step", "-T", "fields", "-e", "tcpwave.step.name"]),
    "statistics": ("tshark", ["-q", "-r", "{}", *(part for name in STATISTICS for part in ("-z", name))]),
    "the window": ("window", ["{}", FIELDS, "table=tcpwave,conns", "table=tcpwave,sockets", "table=tcpwave,tree",
                              "flow=tcpwave", "ladder=1", "prefer=tcpwave.language:Chinese", "table=tcpwave,conns", "profile=TCP Wave",
                              "redissect", FIELDS, "reopen", FIELDS]),
}
QUICK = "two passes, all details"
# What Wireshark's own functions lose of what they made for us, and why nobody else can free it.
FORGOTTEN = {"stats_tree_new": "stats_tree_free of 4.0 frees neither the tree's name nor its root's first bucket"}
LOST, KEPT = "Leak_DefinitelyLost", "Leak_StillReachable"


def report(build, run, path, folder, without=False):
    """[(kind, octets, [functions, innermost first])] of valgrind's errors."""
    program, arguments = RUNS[run]
    if without:  # what only the plugin knows is left out
        arguments = [a for a in arguments if "tcpwave" not in a and a not in ("-Y", "-z", "-T", "-e", "fields")
                     and not a.startswith("ladder")]
    out = folder / f"{run.replace(' ', '-')}{'-without' * without}-{path.stem}.xml"
    out.touch()
    out.chmod(0o666)
    valgrind = ["valgrind", "--xml=yes", f"--xml-file={out}", "--leak-check=full", "--show-leak-kinds=definite,reachable",
                "--keep-debuginfo=yes", "--num-callers=40", "--child-silent-after-fork=yes"]
    env = os.environ | {"TCPWAVE_UNDER": " ".join(valgrind), "G_SLICE": "always-malloc"} | \
        ({"TCPWAVE_WITHOUT": "1"} if without else {})
    done = subprocess.run([build / "tests" / program, *(a.format(path) for a in arguments)], env=env, timeout=1800,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{run}, {path}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    errors = []
    for error in ElementTree.parse(out).getroot().iter("error"):
        octets = int(error.findtext("xwhat/leakedbytes", "0"))
        stack = [f"{frame.findtext('fn', '?')} ({Path(frame.findtext('obj', '?')).name})"
                 for frame in error.find("stack").iter("frame")]
        errors.append((error.findtext("kind"), octets, stack))
    return errors


def is_ours(stack):
    if any(function.startswith(f"{name} (libwireshark") for function in stack for name in FORGOTTEN):
        return False
    return any("tcpwave::" in function or "(tcpwave.so)" in function for function in stack)


def compare(with_it, without):
    """The errors that are ours, and two sums of definitely lost octets."""
    if not any(kind == KEPT and is_ours(stack) for kind, _, stack in with_it):
        sys.exit("valgrind names none of the plugin's functions, not even for what Wireshark keeps of its registration")
    seen = {(kind, stack[0]) for kind, _, stack in without}
    ours = [error for error in with_it if error[0] != KEPT and
            (is_ours(error[2]) or (error[0] != LOST and (error[0], error[2][0]) not in seen))]
    lost = [sum(octets for kind, octets, _ in errors if kind == LOST) for errors in (with_it, without)]
    return ours, lost


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help="a build folder without sanitizers, build/dev for example")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--run", choices=RUNS, help="only this one")
    parser.add_argument("captures", nargs="*", type=Path)
    options = parser.parse_args()
    if not (options.build / "tests" / "window").exists():
        sys.exit(f"there is no {options.build}/tests/window: build that folder first (cmake --build --preset dev)")
    if not shutil.which("valgrind"):
        print("valgrind is missing; on Debian: apt-get install valgrind", file=sys.stderr)
        sys.exit(77)
    folder = Path(tempfile.mkdtemp(prefix="tcpwave-leaks-"))
    folder.chmod(0o777)
    paths = [path.resolve() for path in options.captures]
    if not paths:
        hazards = folder / "hazards.pcap"
        sys.path.insert(0, str(HERE))
        import frames
        import hazards as wrapped
        frames.write_pcap(hazards, wrapped.frames_and_counts()[0])
        hazards.chmod(0o644)
        paths = DEFAULT[:1] if options.quick else [*DEFAULT, hazards]
    bad = 0
    for run in [options.run] if options.run else [QUICK] if options.quick else RUNS:
        for path in paths:
            with_it = report(options.build, run, path, folder)
            without = [] if options.quick else report(options.build, run, path, folder, without=True)
            ours, lost = compare(with_it, without)
            accesses = sum(kind not in (LOST, KEPT) for kind, _, _ in with_it)
            print(f"{run}, {path.stem}: {len(ours)} errors of ours; {accesses} invalid accesses in all; definitely lost "
                  f"{lost[0]} octets with the plugin" + f", {lost[1]} without" * (not options.quick), flush=True)
            for kind, octets, stack in ours:
                bad += 1
                print(f"  {kind} {octets}\n    " + "\n    ".join(stack))
    shutil.rmtree(folder)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
