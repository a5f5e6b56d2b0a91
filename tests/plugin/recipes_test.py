"""Every command of plugin/docs/recipes.md is run, and prints what stands below it there; and what
scripts rest on: names, types, and the shape of JSON, EK and PDML.

`recipes_test.py --write` writes into the page what the commands print.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import frames
import mixed
import tshark

PAGE = Path(__file__).parents[2] / "plugin" / "docs" / "recipes.md"
BLOCKS = re.compile(r"```sh\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def run_in_shell(command):
    """With `tshark` as in this build, beside the scripts and FILE.pcap."""
    folder = tshark.FOLDER / "recipes"
    if not folder.exists():
        shutil.copytree(PAGE.parent / "recipes", folder)
        (folder / "tshark").symlink_to(tshark.TSHARK)
        frames.write_pcap(folder / "FILE.pcap", mixed.one_of_each(), step=0.05)
        (folder / "FILE.pcap").chmod(0o644)
    env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=env, timeout=120,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{command}\n{done.stderr}")
    return "".join(f"{line.expandtabs(4).rstrip()}\n" for line in done.stdout.splitlines())


class Recipes(unittest.TestCase):
    maxDiff = None

    def test_each_prints_what_the_page_says(self):
        found = BLOCKS.findall(PAGE.read_text())
        self.assertGreaterEqual(len(found), 9)
        for command, printed in found:
            with self.subTest(command):
                if "jq " in command and not shutil.which("jq"):
                    continue
                self.assertTrue(printed)
                self.assertEqual(run_in_shell(command), printed)

    def test_no_command_stands_without_its_output(self):
        text = PAGE.read_text()
        self.assertEqual(len(re.findall("```sh", text)), len(BLOCKS.findall(text)))

    def test_every_field_that_is_named_exists(self):
        known = {line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
                 if line.startswith("F\t")}
        for name in set(re.findall(r"tcpwave(?:\.[a-z_0-9]+)+", PAGE.read_text())):
            if not name.endswith("_tree"):
                self.assertTrue(name in known or any(k.startswith(name) for k in known), name)


def fields():
    """{name: type}"""
    lines = (line.split("\t") for line in tshark.run("-G", "fields").splitlines())
    return {line[2]: line[3] for line in lines
            if line[0] == "F" and line[2].startswith("tcpwave.")
            and not re.match(r"tcpwave\.finding\.(?!explanation|title)|tcpwave\.(unseen|lost)$", line[2])}


def capture():
    return tshark.capture("mixed", mixed.one_of_each(), step=0.05)


class Shapes(unittest.TestCase):
    def setUp(self):
        self.path = capture()
        text = tshark.run("-2", "-r", self.path, "-T", "ek")
        packets = (json.loads(line) for line in text.splitlines())
        self.waves = [p["layers"]["tcp"]["tcpwave"] for p in packets if "layers" in p]

    def test_each_field_of_ek_has_the_type_of_the_mapping(self):
        script = PAGE.parent / "recipes" / "elastic_mapping.py"
        run_in_shell("true")
        mapping = json.loads(run_in_shell(f"python3 {script.name}"))
        layers = mapping["mappings"]["properties"]["layers"]["properties"]
        types = layers["tcp"]["properties"]["tcpwave"]["properties"]
        self.assertEqual({f"tcpwave_{name.replace('.', '_')}" for name in fields()}, set(types))
        fits = {"short": lambda v: 0 <= int(v) < 1 << 15, "long": lambda v: int(v) >= 0,
                "double": lambda v: float(v) >= 0, "boolean": lambda v: v is True or v is False,
                "keyword": lambda v: isinstance(v, str) and v}
        seen = set()
        for wave in self.waves:
            for key, values in wave.items():
                if not key.startswith("tcpwave_"):
                    continue
                seen.add(key)
                for value in values if isinstance(values, list) else [values]:
                    self.assertTrue(fits[types[key]["type"]](value), (key, value))
        self.assertGreater(len(seen), 40)

    def test_ek_has_what_fields_has(self):
        names = [n for n, kind in fields().items() if kind in ("FT_STRING", "FT_UINT8", "FT_UINT32")]
        rows = tshark.rows(self.path, names, "-2")
        for wave, row in zip(self.waves, rows, strict=True):
            for name, cells in zip(names, row, strict=True):
                value = wave.get(f"tcpwave_{name.replace('.', '_')}", [])
                values = value if isinstance(value, list) else [value]
                self.assertEqual([str(v) for v in values], cells, name)

    def test_json_shows_what_explains_on_top(self):
        for layer in tshark.as_json(self.path, "-2"):
            wave = layer["tcp"]["tcpwave"]
            self.assertLessEqual({"tcpwave.meaning", "tcpwave.client.state", "tcpwave.server.state",
                                  "tcpwave.state", "tcpwave.check.ok", "tcpwave.phase",
                                  "tcpwave.conn"}, set(wave))
            self.assertIn("tcpwave.outcome", wave["tcpwave.conn_tree"])
            self.assertIn("tcpwave.seq", wave["tcpwave.check.ok_tree"])
            self.assertFalse([key for key in wave if not key.startswith("tcpwave.")])

    def test_pdml_has_english_values_and_lines_of_the_language(self):
        root = xml.fromstring(tshark.run("-2", "-r", self.path, "-T", "pdml", "-o",
                                         "tcpwave.language:Chinese"))
        state = root.find(".//field[@name='tcpwave.client.state']")
        self.assertEqual(state.get("show"), "SYN_SENT")
        self.assertTrue(state.get("showname").startswith("客户端：CLOSED → SYN_SENT"))


class Gauges(unittest.TestCase):
    def test_they_count_what_the_states_say(self):
        path = tshark.capture("leak", mixed.leak(30), step=0.025)
        gauge = tshark.by_frame(path, "tcpwave.server.gauge.close_wait", "-2")
        self.assertEqual(int(list(gauge.values())[-1][0]), 10)
        self.assertEqual(len(gauge), len(mixed.leak(30)))
        waiting = tshark.by_frame(path, "tcpwave.client.gauge.time_wait", "-2")
        self.assertEqual(int(list(waiting.values())[-1][0]), 20)


def write_page():
    def with_output(found):
        return f"```sh\n{found[1]}```\n\n```text\n{run_in_shell(found[1])}```"
    PAGE.write_text(BLOCKS.sub(with_output, PAGE.read_text()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write_page()
    else:
        tshark.main()
