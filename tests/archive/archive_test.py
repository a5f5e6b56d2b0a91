"""Archives in shards: the rows of all shards are those of one tshark over the whole.

    archive_test.py Split|Parallel|Slurm

TCPWAVE_SPLIT names tcpwave-split, TCPWAVE_TSHARK the tshark with this build's plugin. Parallel and Slurm exit with 77
(skipped), and say why, where GNU parallel or Slurm is not there.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import os
import random
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "plugin"))

import frames  # noqa: E402
import mixed  # noqa: E402
import slurm  # noqa: E402
from frames import ACK, SYN, ethernet, ipv4, ipv6, tcp  # noqa: E402

SPLIT, TSHARK = os.environ["TCPWAVE_SPLIT"], os.environ["TCPWAVE_TSHARK"]
ARCHIVE = TOP / "packaging" / "archive"
SKIPPED = 77


def run(*command, code=0, **environment):
    """What it prints, standard error behind it."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=200,
                          env=os.environ | {"TSHARK": TSHARK} | environment)
    if done.returncode != code:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def wrapped(client, wrap, **options):
    """The frames of a conversation of this client, each in one more header or none."""
    return [ethernet(wrap(ipv4(a, b, s, ident=i))) for i, (a, b, s) in
            enumerate(frames.conversation(client, 2, **options), 1)]


def in_pieces(client):
    """A conversation whose data come in three fragments."""
    some = []
    for i, (a, b, s) in enumerate(frames.conversation(client, 2, data=b"x" * 60), 1):
        some += [ethernet(p) for p in (frames.fragments(a, b, s, 32, ident=500 + client) if len(s) > 60
                                       else [ipv4(a, b, s, ident=i)])]
    return some


def connections():
    """Lists of frames, each of one connection (or of several that belong together)."""
    some = [mixed.one_of_each()]
    for host in range(10, 22):
        some.append(wrapped(host, lambda p: p, port=41000 + host))
    some.append([ethernet(ipv6(a, b, s)) for a, b, s in frames.conversation(address=frames.v6)])
    some.append(wrapped(30, lambda p: ipv4(91, 92, p, frames.IPIP)))
    some.append(wrapped(31, lambda p: ipv4(91, 92, frames.gre(p, key=7), frames.GRE)))
    some.append(wrapped(32, lambda p: ipv4(91, 92, frames.vxlan(5, ethernet(p)), frames.UDP)))
    some.append(wrapped(33, lambda p: ipv4(91, 92, frames.geneve(5, ethernet(p), bytes(4)), frames.UDP)))
    some.append([ethernet(ipv4(a, b, s), vlans=(5, 6)) for a, b, s in frames.conversation(34, 2)])
    some.append(in_pieces(35))
    for host in (40, 41, 42):  # closed by one end only, to the end of the capture
        some.append(wrapped(host, lambda p: p)[:7])
    for host in (43, 44):  # nobody answers
        some.append([ethernet(ipv4(host, 2, tcp(host, 2, (40000, 80), SYN, 7), ident=i)) for i in (1, 2, 3)])
    syn = ipv4(45, 2, tcp(45, 2, (40000, 80), SYN, 7))
    some.append([ethernet(syn), ethernet(ipv4(9, 45, frames.icmp_error(syn[:28], 3, 1), frames.ICMP))])
    some.append([ethernet(ipv4(46, 2, frames.udp(5, 5, b"no TCP"), frames.UDP))])
    some.append([bytes.fromhex("ffffffffffff0200000000010806") + bytes(46)])  # ARP
    return some


def interleaved(lists, seed=7):
    """All frames, each list in its order."""
    chance = random.Random(seed)
    left = [list(some) for some in lists]
    mixed_up = []
    while any(left):
        mixed_up.append(chance.choice([some for some in left if some]).pop(0))
    return mixed_up


class Archive:
    """Files of an archive, and what one tshark says of the whole."""

    def __init__(self, folder, some, link=frames.ETHERNET):
        self.folder, self.files = folder, []
        folder.mkdir()
        folder.chmod(0o777)
        size = len(some) // 3
        for i in range(3):
            part = some[i * size:(i + 1) * size if i < 2 else None]
            path = folder / f"{'bca'[i]}.pcap"  # not in the order of their names
            frames.write_pcap(path, part, start=1_700_000_000 + i * size * 0.01, link=link)
            self.files.append(path)
        whole = folder / "whole.pcapng"
        run("mergecap", "-w", whole, *self.files)
        whole.chmod(0o644)
        self.whole = self.whole_with()

    def whole_with(self, *options):
        """The rows of all in one capture."""
        rows = self.folder / "whole.csv"
        rows.write_text(run(TSHARK, "-n", "-q", "-r", self.folder / "whole.pcapng", *options, "-z",
                            "tcpwave,conns,csv"))
        return run(ARCHIVE / "gather", "--whole", rows)

    def split(self, name, *options, code=0, limit=0):
        self.shards = self.folder / name
        first = ["prlimit", f"--nofile={limit}:5000"] if limit else []
        said = run(*first, SPLIT, "-o", self.shards, *options, *self.files, code=code)
        self.shards.chmod(0o777)
        return said

    def gathered(self):
        return run(ARCHIVE / "gather", self.shards)


class Base(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tcpwave-archive-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.folder.chmod(0o777)
        cls.archive = Archive(cls.folder / "archive", interleaved(connections()))

    def each_shard(self, archive):
        for shard in archive.shards.glob("*.pcap"):
            run(ARCHIVE / "shard", shard)


class Split(Base):
    def assert_same(self, archive, *options):
        name = "-".join(options).replace("--", "-") or "plain"
        archive.split(f"shards{name}", *options)
        self.each_shard(archive)
        self.assertEqual(archive.gathered(), archive.whole)

    def test_what_gather_takes_out_are_the_findings_of_hosts(self):
        rows = (TOP / "src" / "tcpwave" / "findings" / "hosts.h").read_text(encoding="utf-8")
        group = set(re.findall(r'{Finding::\w+, "(\w+)"', rows))
        self.assertIn("syn_flood", group)
        taken_out = runpy.run_path(str(ARCHIVE / "gather"))["HOST_FINDINGS"]
        self.assertEqual(taken_out, group | {"scan_suspected"})  # this one stands with the segments, and counts hosts

    def test_the_archive_has_what_shards_could_get_wrong(self):
        rows = list(csv.DictReader(io.StringIO(self.archive.whole)))
        self.assertGreater(len(rows), 30)
        self.assertGreaterEqual({row["tcpwave.outcome"] for row in rows}, {
            "normal_close", "half_closed", "unanswered", "refused", "reset", "open"})
        self.assertIn("syn_unanswered", " ".join(row["tcpwave.finding"] for row in rows))
        self.assertIn(("2001:db8::1", "40000"), [(row["client"], row["client_port"]) for row in rows])
        self.assertGreaterEqual(len([r for r in rows if r["tcpwave.outcome"] == "half_closed" and r["half_close"]]), 3)

    def test_rows_are_the_same_however_many_shards(self):
        for shards in ("1", "7"):
            with self.subTest(shards):
                self.assert_same(self.archive, "-n", shards)

    def test_more_shards_than_files_may_be_open_by_default(self):
        self.archive.split("many", "-n", "100", limit=64)
        for shard in self.archive.shards.glob("*.pcap"):
            shard.with_suffix(".csv").write_text(
                "tcpwave.conn,first_frame,client,client_port,server,server_port,tcpwave.finding\n")
        self.assertEqual(self.gathered_with(64).count("\n"), 1)

    def gathered_with(self, limit):
        return run("prlimit", f"--nofile={limit}:5000", ARCHIVE / "gather", self.archive.shards)

    def test_by_hosts(self):
        self.assert_same(self.archive, "-n", "4", "-b", "hosts")

    def test_the_order_of_the_files_does_not_matter(self):
        self.archive.files.reverse()
        self.assert_same(self.archive, "-n", "3")

    def test_real_captures(self):
        folder = self.folder / "real"
        folder.mkdir()
        folder.chmod(0o777)
        kernel = sorted((TOP / "captures" / "kernel").glob("random-*.pcapng"))
        archive = Archive.__new__(Archive)
        archive.folder, archive.files = folder, kernel
        run("mergecap", "-w", folder / "whole.pcapng", *kernel)
        (folder / "whole.pcapng").chmod(0o644)
        (folder / "whole.csv").write_text(
            run(TSHARK, "-n", "-q", "-r", folder / "whole.pcapng", "-z", "tcpwave,conns,csv"))
        archive.whole = run(ARCHIVE / "gather", "--whole", folder / "whole.csv")
        self.assertGreater(archive.whole.count("\n"), 200)
        self.assert_same(archive, "-n", "3")

    def test_one_direction_only(self):
        some = [f for c in connections()[1:13] for i, f in enumerate(c) if i in (0, 2, 3, 5)]
        some += connections()[-4]  # SYNs without an answer, which here mean nothing
        archive = Archive(self.folder / "oneway", some)
        self.assertNotIn("syn_unanswered", archive.whole)
        self.assert_same(archive, "-n", "4")

    def test_other_link_types(self):
        for link, frame in ((frames.COOKED, frames.cooked), (frames.RAW, lambda p: p),
                            (frames.COOKED_2, lambda p: frames.cooked(p, 2))):
            some = interleaved([[frame(ipv4(a, b, s, ident=i)) for i, (a, b, s) in
                                 enumerate(frames.conversation(host, 2)[:7 + host % 3], 1)] for host in range(10, 20)])
            with self.subTest(link):
                self.assert_same(Archive(self.folder / f"link{link}", some, link), "-n", "3")

    def test_no_tcp_at_all(self):
        some = [ethernet(ipv4(46, 2, frames.udp(5, 5, b"no TCP"), frames.UDP))] * 3
        archive = Archive(self.folder / "none", some)
        self.assertEqual(archive.whole.count("\n"), 1)
        self.assert_same(archive, "-n", "2")

    def test_fragments_without_their_first_part_are_told_of(self):
        pieces = in_pieces(35)
        late = pieces[:3] + [pieces[4], pieces[3]] + pieces[5:]
        archive = Archive(self.folder / "late", late)
        self.assertIn("use -b hosts", archive.split("connection", "-n", "4", code=1))
        self.assert_same(archive, "-n", "4", "-b", "hosts")

    def test_a_file_that_ends_too_early(self):
        cut = self.folder / "cut.pcap"
        cut.write_bytes(self.archive.files[0].read_bytes()[:-7])
        said = run(SPLIT, "-o", self.folder / "cut", cut, code=1)
        self.assertIn("cut.pcap", said)
        self.assertIn("what came before was taken", said)
        self.assertTrue(list((self.folder / "cut").glob("*.pcap")))

    def test_what_cannot_be_split(self):
        raw = self.folder / "raw.pcap"
        frames.write_pcap(raw, [ipv4(1, 2, tcp(1, 2, (1, 2), ACK, 1, 1))], link=frames.RAW)
        text = self.folder / "text.pcap"
        text.write_text("no capture")
        first = self.archive.files[0]
        run(SPLIT, "-o", self.folder / "there", first)
        for words, code, what in (
                (["-o", self.folder / "x", first, raw], 1, "link type differs"),
                (["-o", self.folder / "x", text], 1, "text.pcap"),
                (["-o", self.folder / "x", self.folder / "nothing.pcap"], 1, "nothing.pcap"),
                (["-o", self.folder / "there", first], 1, "exists"),
                (["-o", self.folder / "x"], 2, "no capture to split"),
                ([first], 2, "-o FOLDER is missing"),
                (["-n", "0", "-o", "x", first], 2, "-n 0?"),
                (["-b", "luck", "-o", "x", first], 2, "-b luck?"),
                (["-o", "x", "-", first], 2, "stands alone")):
            with self.subTest(what):
                self.assertIn(what, run(SPLIT, *words, code=code))

    def test_rows_that_are_missing_are_named(self):
        self.archive.split("unfinished", "-n", "2")
        run(ARCHIVE / "shard", self.archive.shards / "shard-0000.pcap")
        self.assertIn("shard-0001", run(ARCHIVE / "gather", self.archive.shards, code=1))

    def test_a_tshark_without_the_plugin_is_told_of(self):
        self.archive.split("bare", "-n", "1")
        said = subprocess.run([ARCHIVE / "shard", self.archive.shards / "shard-0000.pcap"], capture_output=True,
                              text=True, timeout=60, env=os.environ | {"TSHARK": TSHARK, "TCPWAVE_WITHOUT": "1"})
        self.assertNotEqual(said.returncode, 0)
        self.assertFalse((self.archive.shards / "shard-0000.csv").exists())


class Parallel(Base):
    def test_rows_are_the_same(self):
        self.archive.split("parallel", "-n", "4")
        run(ARCHIVE / "on-one-machine", self.archive.shards, "-j", "2")
        self.assertEqual(self.archive.gathered(), self.archive.whole)
        self.assertEqual(len((self.archive.shards / "joblog").read_text().splitlines()), 5)

    def test_options_are_passed_on(self):
        self.archive.split("options", "-n", "2")
        said = run(ARCHIVE / "on-one-machine", self.archive.shards, "-o", "tcpwave.no_such:1", code=2)
        self.assertIn("tcpwave.no_such", said)
        option = ("-o", "tcpwave.time_wait:1")  # sooner than the capture ends: other final states
        run(ARCHIVE / "on-one-machine", self.archive.shards, *option)
        whole = self.archive.whole_with(*option)
        self.assertNotEqual(whole, self.archive.whole)
        self.assertEqual(self.archive.gathered(), whole)

    def test_a_failure_shows_in_the_exit_code(self):
        self.archive.split("failing", "-n", "2")
        (self.archive.shards / "shard-0001.pcap").write_bytes(b"no capture")
        said = subprocess.run([ARCHIVE / "on-one-machine", self.archive.shards], capture_output=True, text=True,
                              timeout=120, env=os.environ | {"TSHARK": TSHARK})
        self.assertEqual(said.returncode, 1, said.stderr)
        self.assertTrue((self.archive.shards / "shard-0000.csv").exists())
        self.assertFalse((self.archive.shards / "shard-0001.csv").exists())


class Slurm(Base):
    def test_rows_are_the_same(self):
        self.archive.split("slurm", "-n", "4")
        with tempfile.TemporaryDirectory(prefix="tcpwave-slurm-") as folder, slurm.Cluster(folder) as cluster:
            said = run(ARCHIVE / "on-slurm", self.archive.shards, **cluster.environment)
        self.assertIn("Submitted batch job", said)
        self.assertEqual(self.archive.gathered(), self.archive.whole)


def why_not(which):
    if which == "Parallel" and not shutil.which("parallel"):
        return "GNU parallel is not installed (Debian: apt-get install parallel)"
    return slurm.why_not() if which == "Slurm" else ""


if __name__ == "__main__":
    missing = why_not(sys.argv[1])
    if missing:
        print(f"skipped: {sys.argv[1]}: {missing}")
        sys.exit(SKIPPED)
    unittest.main()
