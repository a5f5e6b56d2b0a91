# SPDX-License-Identifier: GPL-2.0-or-later
"""RFC 9293's requirements against the engine: src/docs/compliance.md, and the citations it rests on.

    compliance.py --check PROJECT   fails where a citation or the page is wrong
    compliance.py --write PROJECT   writes the page

src/docs/requirements.tsv lists the requirements. A line `//= rfc9293#SECTION REQUIREMENT ...` above
a check, a row or a function of the sources says that this is where tcpwave judges or models it.
"""
import pathlib
import re
import sys

CITATION = re.compile(r"^\s*//= rfc9293#(\S+) (.+)$")
FUNCTION = re.compile(r"^(?: {2})?(?:[\w:<>&*,\[\]]+ )+[*&]?((?:\w+::)*\w+)\(.*(?:\{|,|\(|&&|\|\|)$")
FLOW = re.compile(r"^\s*(?:if|for|while|switch|return|else|case)\b")
TABLE = re.compile(r"^(?:(?:class|struct) (\w+)|.*\b(k[A-Z]\w+) =)")
COLUMNS = 6


class Requirement:
    def __init__(self, cells):
        self.name, self.section, self.level, self.asks, self.seen, self.by = cells
        self.places = []

    def shown_by(self):
        return self.by.split() if self.seen == "yes" else []


def read_requirements(file):
    rows = [line.split("\t") for line in file.read_text().splitlines() if line and line[0] != "#"]
    for row in rows:
        if len(row) != COLUMNS:
            raise ValueError(f"{file.name}: {len(row)} cells in: {row[0]}")
    return {row[0]: Requirement(row) for row in rows[1:]}


def place_of(lines, number):
    """The function or table that a citation in line `number` belongs to: what begins right below it,
    or else what stands around it."""
    below = number
    while below < len(lines) and lines[below].lstrip().startswith("//"):
        below += 1
    for line in [lines[below]] + lines[number::-1]:
        found = not line.startswith(" ") and TABLE.match(line)
        found = found or (not FLOW.match(line) and FUNCTION.match(line))
        if found:
            return next(filter(None, found.groups()))
    return "?"


def read_citations(project, requirements):
    errors = []
    for file in sorted((project / "src").rglob("*")) + sorted((project / "plugin").rglob("*")):
        if file.suffix not in (".h", ".cpp"):
            continue
        lines = file.read_text().splitlines()
        for number, line in enumerate(lines):
            citation = CITATION.match(line)
            if not citation:
                if "//=" in line:
                    errors.append(f"{file.name}:{number + 1}: no citation: {line.strip()}")
                continue
            section, names = citation.groups()
            for name in names.split():
                requirement = requirements.get(name)
                if requirement is None or requirement.section != section:
                    errors.append(f"{file.name}:{number + 1}: requirements.tsv has no {section} {name}")
                    continue
                place = (file.relative_to(project), place_of(lines, number))
                if place not in requirement.places:
                    requirement.places.append(place)
    return errors


def check(project, requirements):
    errors = []
    for r in requirements.values():
        if r.seen not in ("yes", "other", "no"):
            errors.append(f"{r.name}: seen is yes, other or no")
        if not r.by:
            errors.append(f"{r.name}: {'nothing shows it' if r.seen == 'yes' else 'no reason'}")
        if r.seen == "yes" and not r.places:
            errors.append(f"{r.name}: no line `//= rfc9293#{r.section} {r.name}` in the sources")
        if r.seen != "yes" and r.places:
            errors.append(f"{r.name}: cited, but not listed as seen")
        if len(r.asks.split()) > 12:
            errors.append(f"{r.name}: say it in twelve words")
        errors += [f"{r.name}: no {shown}" for shown in r.shown_by() if not path_of(project, shown).exists()]
    return errors


def path_of(project, shown):
    return project / "tests/scenarios" / shown if shown.endswith(".tw") else project / shown


def link(project, path, text):
    return f"[{text}](../../{path_of(project, path).relative_to(project)})"


def rows(requirements, seen, cells):
    chosen = [r for r in requirements.values() if r.seen == seen]
    return "".join("| " + " | ".join(cells(r)) + " |\n" for r in chosen)


def page(project, requirements):
    def code(r):
        return ", ".join(f"{link(project, str(file), file.name)} `{place}`" for file, place in r.places)

    def shown(r):
        return " ".join(link(project, s, pathlib.Path(s).name) for s in r.shown_by())

    def count(seen):
        return sum(r.seen == seen for r in requirements.values())

    labelled = sum(not r.name.startswith("rule-") for r in requirements.values())
    return f"""# RFC 9293, requirement by requirement

<!-- Made by compliance.py from src/docs/requirements.tsv and the citations in the sources; to change it,
change those and run `compliance.py --write`. -->

RFC 9293 asks things of endpoints. tcpwave is none, but it says in which state endpoints are, and whether
a segment is right; so for each requirement this page says where tcpwave judges or models it, and what shows
that, or why it does not. The {labelled} requirements with a number are those of the RFC's appendix B, in our
own words; `rule-...` are ours, for what section 3.10 requires without a number. In the sources each place is
marked by a line `//= rfc9293#SECTION REQUIREMENT`; a test holds this page to them.

## Seen: {count("yes")}

| requirement | section | level | asks | code | shown by |
|---|---|---|---|---|---|
{rows(requirements, "yes", lambda r: (r.name, r.section, r.level, r.asks, code(r), shown(r)))}
For a SHOULD NOT, code and script show what tcpwave says where it happens.

## To be seen, but not looked at: {count("other")}

| requirement | section | level | asks | why |
|---|---|---|---|---|
{rows(requirements, "other", lambda r: (r.name, r.section, r.level, r.asks, r.by))}
## Not to be seen in a capture: {count("no")}

| requirement | section | level | asks | why |
|---|---|---|---|---|
{rows(requirements, "no", lambda r: (r.name, r.section, r.level, r.asks, r.by))}""".rstrip("\n") + "\n"


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("--check", "--write"):
        print("usage: compliance.py --check|--write PROJECT", file=sys.stderr)
        return 2
    project = pathlib.Path(arguments[1]).resolve()
    requirements = read_requirements(project / "src/docs/requirements.tsv")
    errors = read_citations(project, requirements) + check(project, requirements)
    for error in errors:
        print(error)
    file = project / "src/docs/compliance.md"
    text = page(project, requirements)
    if file.exists() and file.read_text() == text:
        return 1 if errors else 0
    if arguments[0] == "--write":
        file.write_text(text)
        print(f"wrote {file.relative_to(project)}")
        return 1 if errors else 0
    print(f"{file.relative_to(project)} differs: run compliance.py --write {project}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
