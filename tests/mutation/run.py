#!/usr/bin/env python3
"""Whether a test fails for every mistake in the transition table and in the seq/ack comparisons.

run.py [FOLDER] builds the engine and its tests once, in FOLDER (build/mutation), with all mutants in them:
each row of the table missing, or leading to another state, and each cell without a row leading somewhere;
each comparison of FILES at its edge, and turned round; each one that is added left out. Then the tests run
once for each mutant. What survives is listed; the exit code is 1 unless EXPLAINED says why nothing can tell
the mutant from the original. A row counts as exercised where a script, or a test of the tracker, notices that
it is missing: the table's own tests do not count for that, and what only compares the table with itself is
not run at all. Every row has to be: one that no segment can show is none.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
# Where the seq/ack comparisons are; of a file what stands before the given line.
FILES = {"seq.h": None, "hindsight/steady.h": None, "hindsight/course.cpp": None, "tcp/checks.cpp": None,
         "tcp/model.cpp": "void Applier::apply(Row row, SegmentRecord& r) {",
         "tcp/receive.cpp": None, "tcp/send.cpp": None}
OPERATORS = {"<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual", "==": "Equal",
             "!=": "Unequal"}
ORDERING = ("<", "<=", ">", ">=")
TABLE, CELLS = 100000, 200000  # as in mutants.h
BY_BEHAVIOUR = ("scripts", "tracker tests")
# "file: mutated text" -> why it is the same program.
EXPLAINED = {
    "seq.h: distance < 0x80000000U: at the edge": "the edge is taken by the line above",
    "seq.h: a - b >= 0: at the edge": "of two equal numbers either is the later",
    "tcp/checks.cpp: r.seq - y.rcv_nxt > 0: at the edge": "the RST at RCV.NXT was accepted above",
    "tcp/model.cpp: newer > 0: at the edge": "equal time stamps were left to the numbers above",
    "tcp/checks.cpp: ahead < 0: at the edge": "a segment that is not ahead at all was in order above",
    "tcp/receive.cpp: r.seq - y.rcv_nxt > 0: at the edge": "the number that is taken is the one that was there",
    "tcp/receive.cpp: y.queued_to - y.queued_from > 0: at the edge": "a stretch that is empty is widened to the very "
                                                                       "segment, or left as it is",
    "tcp/receive.cpp: r.seq - y.queued_from < 0: at the edge": "the number that is taken is the one that was there",
    "tcp/receive.cpp: own > row_: at the edge": "an end takes a FIN with its own segment only where that acknowledges "
                                                  "the FIN, or where its own FIN was noted above",
    "tcp/send.cpp: r.end() - x.hole_from > 0: at the edge": "a hole begins where it began",
    "tcp/send.cpp: r.seq - x.hole_to < 0: at the edge": "a hole ends where it ended",
    "tcp/send.cpp: r.end() - x.hole_to < 0: at the edge": "of two equal numbers either is the hole's begin",
    "tcp/send.cpp: ack - x.rcv_nxt > 0: at the edge": "what is kept beyond a hole ends beyond RCV.NXT",
    "tcp/send.cpp: x.queued_to - x.queued_from > 0: at the edge": "a stretch that is empty stays empty",
}

def masked(text):
    """The text with comments and string literals blanked, the same length."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    return re.sub(r'//[^\n]*|"(?:\\.|[^"\\])*"', blank, text)


def operand_start(text, at):
    """Where the left operand of an operator at `at` begins."""
    depth = 0
    i = at - 1
    while i >= 0:
        if text[i] in ")]}":
            depth += 1
        elif text[i] in "([{":
            if depth == 0:
                return i + 1
            depth -= 1
        elif depth == 0:
            if text[i] in ",;" or text[i - 1:i + 1] in ("&&", "||"):
                return i + 1
            if text[i] in "?:=" and text[i - 1].isspace() and text[i + 1].isspace():
                return i + 1
            if text[i - 5:i + 1] == "return" and not text[i + 1].isalnum():
                return i + 1
        i -= 1
    return 0


def operand_end(text, at):
    """Where the right operand of an operator that ends at `at` ends."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            if depth == 0:
                return i
            depth -= 1
        elif depth == 0 and (text[i] in ",;" or text[i:i + 2] in ("&&", "||") or
                             (text[i] in "?:" and text[i - 1].isspace())):
            return i
    return len(text)


def mutate_comparisons(name, text, first, until=None):
    """The text with every comparison replaceable, and [(number, description)]."""
    plain = masked(text)[:text.index(until) if until else None]
    edits, mutants = [], []
    number = first
    for match in re.finditer(r"(?<= )(<=|>=|==|!=|<|>)(?=[ \n])", plain):
        before = plain[plain.rfind("\n", 0, match.start()) + 1:match.start()]
        if re.search(r"\b(template|operator|static_assert|requires)\b", before):
            continue
        start, end = operand_start(plain, match.start()), operand_end(plain, match.end())
        operator = match[1]
        words = " ".join(text[start:end].split())
        kind = f"tcpwave::mutation::Is::{OPERATORS[operator]}"
        edits.append((start, f" tcpwave::mutation::compare<{number}, {kind}>(", 0, -end))
        edits.append((match.start(), ",", len(operator), 0))
        edits.append((end, ")", 0, start))
        line = plain.count("\n", 0, start) + 1
        if operator in ORDERING:
            mutants.append((number, f"{name}:{line}: {words}: at the edge"))
            mutants.append((number + 1, f"{name}:{line}: {words}: turned round"))
        else:
            mutants.append((number, f"{name}:{line}: {words}: negated"))
        number += 2
    for match in re.finditer(r"(?<=[+-] )1U\b", plain):
        edits.append((match.start(), f"tcpwave::mutation::one<{number}>()", 2, 0))
        line = plain.count("\n", 0, match.start()) + 1
        words = text.splitlines()[line - 1].strip()
        mutants.append((number, f"{name}:{line}: {words}: without the one"))
        number += 1
    # From the end, so that offsets stay; at one place the outer one's begin comes before the inner's.
    for at, new, length, _ in sorted(edits, key=lambda e: (e[0], e[1] != ")", e[3]), reverse=True):
        text = text[:at] + new + text[at + length:]
    return with_header(text), mutants, number


def with_header(text):
    return text.replace("#include", '#include "tcpwave/mutants.h"\n#include', 1)


def enumerators(name):
    text = masked((SOURCE / "src" / "tcpwave" / "state.h").read_text())
    return re.findall(r"\w+", re.search(rf"enum class {name} : [\w:]+ {{(.*?)}}", text, re.DOTALL)[1])


def mutate_table(text):
    rows = re.findall(r"^\s*Transition\{(\w+),\s*(\w+),\s*(\w+),", text, re.MULTILINE)
    mutants = []
    for i, (state, event, to) in enumerate(rows):
        mutants.append((TABLE + 2 * i, f"table: {state}, {event} -> {to}: missing"))
        mutants.append((TABLE + 2 * i + 1, f"table: {state}, {event} -> {to}: leads elsewhere"))
    named = {(state, event) for state, event, _ in rows}
    for i, (state, event) in enumerate((s, e) for s in enumerators("State") for e in enumerators("Event")):
        if (state, event) not in named:
            mutants.append((CELLS + i, f"cell: {state}, {event} -> nothing: leads somewhere"))
    head = "constexpr State next(State s, Event event) {"
    assert head in text and rows
    text = text.replace(head, head + """
  if (!std::is_constant_evaluated() && mutation::active() >= mutation::kCells) {
    const auto cell = static_cast<std::size_t>(mutation::active() - mutation::kCells);
    if (cell == static_cast<std::size_t>(s) * kEvents + static_cast<std::size_t>(event))
      return static_cast<State>((static_cast<std::size_t>(s) + 1) % kStates);
  } else if (!std::is_constant_evaluated() && mutation::active() >= mutation::kTable) {
    const int mutant = mutation::active() - mutation::kTable;
    const Transition& row = kTransitions[static_cast<std::size_t>(mutant) / 2];
    if (row.from == s && row.event == event) {
      if (mutant % 2 == 0) return s;
      const auto after = [](std::size_t state) { return (state + 1) % kStates; };
      const auto elsewhere = after(static_cast<std::size_t>(row.to));
      return static_cast<State>(elsewhere == static_cast<std::size_t>(s) ? after(elsewhere) : elsewhere);
    }
  }
""")
    return with_header(text), mutants


def build(folder, built=False):
    """The mutants; with `built` they are listed only."""
    copy = folder / ("listed" if built else "source")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for name in ("src", "tests", "plugin"):
        shutil.copytree(SOURCE / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("CMakeLists.txt", "README.md", "captures", "packaging"):
        (copy / name).symlink_to(SOURCE / name)
    engine = copy / "src" / "tcpwave"
    shutil.copy(HERE / "mutants.h", engine)
    mutants, number = [], 0
    for name, until in FILES.items():
        text, some, number = mutate_comparisons(name, (engine / name).read_text(), number, until)
        (engine / name).write_text(text)
        mutants += some
    # The states of a course come from the table when it is compiled; here when the program begins.
    course = engine / "hindsight" / "course.cpp"
    assert "[]() consteval {" in course.read_text()
    course.write_text(course.read_text().replace("[]() consteval {", "[]() {"))
    text, some = mutate_table((engine / "tcp" / "transitions.h").read_text())
    (engine / "tcp" / "transitions.h").write_text(text)
    mutants += some
    if built:
        return mutants
    log = folder / "log"
    targets = ["scenario_test", "engine_test", "accuracy", "findings"]
    with log.open("w") as out:
        for command in (["cmake", "-S", copy, "-B", folder / "build", "-G", "Ninja",
                         "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS=-w",
                         "-DTCPWAVE_PLUGIN=OFF"],
                        ["cmake", "--build", folder / "build", "--target", *targets]):
            if subprocess.run(command, stdout=out, stderr=out).returncode != 0:
                sys.exit(f"{log.read_text()[-3000:]}\nrun.py: the mutants do not compile: {log}")
    return mutants


def commands(folder):
    """(name, command), the fastest to notice first."""
    tests = folder / "build" / "tests"
    real = [SOURCE / "captures" / "kernel", SOURCE / "captures" / "lwip"]
    return [
        ("scripts", [tests / "scenario" / "scenario_test", "--gtest_brief=1", "--gtest_fail_fast",
                     "--gtest_filter=*__as_written*"]),
        ("tracker tests", [tests / "engine_test", "--gtest_brief=1", "--gtest_fail_fast",
                           "--gtest_filter=Tracker*:OlderSockets*:Incarnations*"]),
        ("scripts", [tests / "scenario" / "scenario_test", "--gtest_brief=1",
                     "--gtest_filter=-*document*", "--gtest_fail_fast"]),
        ("units", [tests / "engine_test", "--gtest_brief=1", "--gtest_fail_fast",
                   "--gtest_filter=*Seq*:*Steady*:Course*:Property.Marks*:Checks*:Transitions*:Summary*:Zeek*:"
                   "-*EveryRowIsWhatNextSays"]),
        ("findings", [tests / "tools" / "findings", SOURCE / "captures" / "FINDINGS.md", *real]),
        ("accuracy", [tests / "tools" / "accuracy", SOURCE / "tests" / "tools" / "accuracy.floors",
                      SOURCE / "README.md", *real]),
    ]


def passes(command, mutant):
    env = os.environ | ({} if mutant is None else {"TCPWAVE_MUTANT": str(mutant)})
    try:
        return subprocess.run([str(part) for part in command], env=env, timeout=300,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False  # it hangs: noticed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SOURCE / "build" / "mutation")
    parser.add_argument("--only", default="", help="mutants whose description has this in it")
    parser.add_argument("--built", action="store_true", help="take the build that is in the folder")
    parser.add_argument("--list", action="store_true", help="list the mutants, and build and run nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    folder = options.folder.resolve()
    mutants = [m for m in build(folder, options.built or options.list) if options.only in m[1]]
    if options.list:
        print("\n".join(what for _, what in mutants), f"{len(mutants)} mutants", sep="\n")
        return
    asked = commands(folder)
    for name, command in asked:
        if not passes(command, None):
            sys.exit(f"run.py: {name} fails without any mutant: {' '.join(map(str, command))}")

    def killer(mutant):
        # The units take a moment; but whether scripts notice a row is asked first.
        row = TABLE <= mutant[0] < CELLS
        first = asked if row else sorted(asked, key=lambda named: named[0] != "units")
        return next((name for name, command in first if not passes(command, mutant[0])), None)

    killed, survivors, unexercised = {}, [], []
    with ThreadPoolExecutor(options.jobs) as pool:
        for (_, what), by in zip(mutants, pool.map(killer, mutants)):
            killed[by] = killed.get(by, 0) + 1
            if by is None:
                survivors.append(what)
                print(f"survives: {what}", flush=True)
            if what.startswith("table") and what.endswith("missing") and by not in BY_BEHAVIOUR:
                unexercised.append(what)
                print(f"not exercised: {what} (killed by {by})", flush=True)
    unexplained = [what for what in survivors if re.sub(r":\d+:", ":", what, count=1) not in EXPLAINED]
    table = sum(what.startswith("table") and what.endswith("missing") for _, what in mutants)
    print(f"{len(mutants)} mutants: " + ", ".join(
        f"{count} {'survive' if by is None else 'killed by ' + by}"
        for by, count in sorted(killed.items(), key=lambda item: -item[1])))
    print(f"{table - len(unexercised)} of {table} rows of the table are exercised by what segments make the engine say; "
          f"{len(survivors) - len(unexplained)} survivors are explained, {len(unexplained)} are not")
    sys.exit(1 if unexplained or unexercised else 0)


if __name__ == "__main__":
    main()
