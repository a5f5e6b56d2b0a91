#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The causes of resets against the kernel's own reasons, and the confidences as the promises they are.

  causes_test.py [--write] RESETS_TOOL CAPTURES/causes

Fails where a first RST of an end is not named, where a cause is wrong, where fewer are right than promised,
and where the table in the folder's README.md is not the one that this run makes (--write puts it there)."""
import collections
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mapping  # noqa: E402

COLUMNS = ["frame", "conn", "finding", "outcome", "reset_by", "reset_cause", "reset_confidence"]
PROMISE = {"certain": 0.995, "likely": 0.9, "possible": 0.5}  # the specification's, section 5
FIRST_RSTS_RIGHT = 0.9
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"


def answers(tool, capture):
    out = subprocess.run([tool, str(capture)], capture_output=True, text=True, check=True).stdout
    rows = (dict(zip(COLUMNS, line.split("\t"))) for line in out.splitlines())
    return {int(row["frame"]): row for row in rows}


def verdict(named, right, near):
    if not named:
        return "unnamed"
    if named - right - near:
        return "wrong"
    return "right" if named & right else "near"


def first_rsts(tool, folder):
    """(cause, its confidence where the RST ended the connection, verdict, where) of each first RST of an end."""
    for truth in sorted(folder.glob("*.causes.jsonl")):
        rows = [json.loads(line) for line in truth.read_text().splitlines()][1:]
        capture = folder / truth.name.replace(".causes.jsonl", ".pcapng")
        said = answers(tool, capture)
        forged = {said[r["frame"]]["conn"] for r in rows if r["origin"] == "forged" and r["frame"] in said}
        for r in rows:
            if r["origin"] not in ("kernel", "box") or r.get("copy_of") or not r["first"]:
                continue
            x = said[r["frame"]]
            named = set(x["finding"].split(",")) & mapping.CAUSES
            judged = verdict(named, *mapping.judge(r))
            ended = r.get("ended") and x["conn"] not in forged and x["reset_cause"] in named
            yield ",".join(sorted(named)), x["reset_confidence"] if ended else "", judged, f"{capture.name}:{r['frame']}"


def table(title, counts):
    lines = [f"| {title} | RSTs | right | near | wrong |", "|---|---:|---:|---:|---:|"]
    for key, c in counts.items():
        lines.append(f"| {key} | {sum(c.values())} | {c['right']} | {c['near']} | {c['wrong'] + c['unnamed']} |")
    return "\n".join(lines) + "\n"


def main():
    args = sys.argv[1:]
    write = args[:1] == ["--write"]
    tool, folder = args[-2], pathlib.Path(args[-1])
    by_cause, by_confidence = collections.defaultdict(collections.Counter), {c: collections.Counter() for c in PROMISE}
    everything, failures = collections.Counter(), []
    for cause, confidence, judged, where in first_rsts(tool, folder):
        everything[judged] += 1
        by_cause[f"`{cause}`"][judged] += 1
        if confidence:
            by_confidence[confidence][judged] += 1
        if judged in ("wrong", "unnamed"):
            failures.append(f"{where}: {cause or 'nothing'} is {judged}")
    total = sum(everything.values())
    if everything["right"] < FIRST_RSTS_RIGHT * total:
        failures.append(f"only {everything['right']} of {total} first RSTs are right")
    for confidence, counts in by_confidence.items():
        if counts["right"] < PROMISE[confidence] * sum(counts.values()):
            failures.append(f"{confidence}: only {counts['right']} of {sum(counts.values())} are right")
    measured = (table("cause of an end's first RST", {**dict(sorted(by_cause.items())), "all": everything}) + "\n"
                + table("`tcpwave.reset_confidence`", {f"`{c}`": n for c, n in by_confidence.items()}))
    page = folder / "README.md"
    text = page.read_text()
    made = text[:text.index(BEGIN) + len(BEGIN)] + measured + text[text.index(END):]
    if write:
        page.write_text(made)
    elif made != text:
        failures.append(f"{page}: the table is not what is measured now; causes_test.py --write puts that there")
    print(measured)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
