#!/usr/bin/env python3
"""Tests of the comparator itself, against a tshark that is only a script with prepared answers.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import io
import json
import runpy
import stat
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import compare  # noqa: E402
import expectation  # noqa: E402
import observation  # noqa: E402

EXPECT = """\
# A close in three segments, seen from its second segment on.
connection 0
  role           port
  outcome        normal_close
  active_closer  both
  cause          fin_repeated@3 half_close

frames
  1  0  w1     wave    both/client             # C> F. 1:1(0) ack 1
  2  0  w2+w3  wave    both         ack=?
  3  0  w1*    wave    both         seq=out_of_window ack=-
"""

REGISTERED = {*compare.ROW_FIELDS.values(), *compare.HEAD_FIELDS.values(), *observation.STEP_FIELDS,
              compare.CHECK_OK, compare.FINDING, "tcpwave.finding.fin_repeated",
              "tcpwave.finding.half_close"}


def frame(number, passes=2, **changes):
    """What tshark says about a frame of EXPECT, with changes (_dot_ is a dot in a field's name)."""
    steps = {1: ("1", "0"), 2: ("2,3", "0,0"), 3: ("1", "1")}[number]
    cells = {"frame.number": str(number), "conn": "0", "phase": "wave", "role.basis": "port",
             "step": steps[0], "step.repeat": steps[1], "wave.step": steps[0],
             "active_closer": "client" if passes == 1 and number == 1 else "both",
             "seq.check": "ok", "ack.check": "ok", "check.ok": "1", "outcome": "normal_close"}
    if number == 3:
        cells |= {"seq.check": "out_of_window", "ack.check": "", "check.ok": "0",
                  "finding": "fin_repeated,half_close"}
    cells |= {name.replace("_dot_", "."): value for name, value in changes.items()}
    return {name if name == "frame.number" else f"tcpwave.{name}": value for name, value in cells.items()}


def output(fields, *frames):
    return "".join("\t".join(f.get(name, "") for name in fields) + "\n" for f in frames)


def seen(*frames, registered=frozenset(REGISTERED)):
    fields = compare.fields_needed(registered)
    return observation.parse(output(fields, *frames), fields)


def result_of(*frames, text=EXPECT, one=None, registered=frozenset(REGISTERED)):
    wanted = expectation.parse(Path("some.expect"), text)
    in_one = one or [frame(n, 1) for n in (1, 2, 3)]
    return compare.compare(wanted, seen(*in_one, registered=registered),
                           seen(*frames, registered=registered), registered)


def good(**changes):
    """The three frames as EXPECT wants them in two passes; changes go to the last."""
    return [frame(1), frame(2), frame(3, **changes)]


class Reading(unittest.TestCase):
    def test_values_that_differ_in_one_pass_are_kept_apart(self):
        row = expectation.parse(Path("f"), EXPECT).rows[0]
        self.assertEqual(row.values["closer"].two, "both")
        self.assertEqual(row.values["closer"].one, "client")

    def test_checks_are_ok_where_nothing_is_said(self):
        row = expectation.parse(Path("f"), EXPECT).rows[0]
        self.assertEqual(row.values["seq"].two, "ok")
        self.assertEqual(row.values["ack"].one, "ok")

    def test_a_cause_may_name_its_frame(self):
        causes = [c for _, c in expectation.parse(Path("f"), EXPECT).connections[0].causes]
        self.assertEqual([str(c) for c in causes], ["fin_repeated@3", "half_close"])

    def test_comments_say_nothing(self):
        self.assertEqual(expectation.parse(Path("f"), EXPECT.replace("C>", "S>")).rows,
                         expectation.parse(Path("f"), EXPECT).rows)

    def test_what_is_malformed_is_named_with_its_line(self):
        for old, new, words in (
                ("outcome ", "outcom ", "4: outcom"),
                ("w2+w3", "w5", "10: 2"),
                ("ack=?", "ak=?", "no such word"),
                ("  2  0", "  4  0", "not 1, 2, 3"),
                ("connection 0", "", "before the first"),
                ("role           port", "outcome open", "given before"),
                ("both/client  ", "", "a frame's line is")):
            with self.assertRaisesRegex(expectation.Malformed, words):
                expectation.parse(Path("f"), EXPECT.replace(old, new, 1))


class Comparing(unittest.TestCase):
    def differences(self, *frames, **more):
        return [str(d) for d in result_of(*frames, **more).differences]

    def test_nothing_differs_where_all_is_as_wanted(self):
        result = result_of(*good())
        self.assertEqual(result.differences, [])
        self.assertEqual(result.skipped, {})
        self.assertGreater(result.compared, 40)

    def test_a_difference_names_line_frame_field_want_got_and_pass(self):
        frames = good()
        frames[1] = frame(2, phase="closed")
        self.assertEqual(self.differences(*frames),
                         ["10: frame 2 tcpwave.phase: want wave, got closed  [two passes]"])

    def test_one_pass_is_compared_with_its_own_value(self):
        one = [frame(1, 1, active_closer="both"), frame(2, 1), frame(3, 1)]
        self.assertEqual(self.differences(*good(), one=one),
                         ["9: frame 1 tcpwave.active_closer: want client, got both  [one pass]"])

    def test_steps_tell_their_phase_and_whether_they_repeat(self):
        frames = good(step_dot_repeat="0")
        self.assertEqual(self.differences(*frames), ["11: frame 3 steps: want w1*, got w1  [two passes]"])
        frames = good(wave_dot_step="", handshake_dot_step="1")
        self.assertEqual(self.differences(*frames), ["11: frame 3 steps: want w1*, got h1*  [two passes]"])

    def test_step_fields_that_contradict_each_other_are_shown_as_they_are(self):
        self.assertIn("wave.step=[]", self.differences(*good(wave_dot_step=""))[0])

    def test_what_is_left_open_is_not_compared(self):
        frames = good()
        frames[1] = frame(2, ack_dot_check="wrong", check_dot_ok="0")
        self.assertEqual(self.differences(*frames), [])

    def test_check_ok_must_follow_from_the_two_checks(self):
        self.assertEqual(self.differences(*good(check_dot_ok="1")),
                         ["11: frame 3 tcpwave.check.ok: want False, got True  [two passes]"])

    def test_the_verdict_is_that_of_the_connections_last_frame(self):
        frames = good()
        frames[0] = frame(1, outcome="open")
        self.assertEqual(self.differences(*frames), [])
        self.assertEqual(self.differences(*good(outcome="open")),
                         ["4: frame 3 tcpwave.outcome: want normal_close, got open  [two passes]"])

    def test_a_cause_must_stand_on_its_frame(self):
        frames = good(finding="half_close")
        frames[0] = frame(1, finding="fin_repeated")
        self.assertEqual(self.differences(*frames),
                         ["6: frame 3 tcpwave.finding: want fin_repeated, got half_close  [two passes]"])

    def test_a_missing_frame_and_a_missing_connection_differ(self):
        self.assertIn("11: frame 3 frame.number: want 3, got -  [two passes]",
                      self.differences(*good()[:2]))
        self.assertIn("2: connection 0: want frames, got -  [two passes]",
                      self.differences(*[f | {"tcpwave.conn": "7"} for f in good()]))

    def test_unregistered_fields_are_skipped_and_counted(self):
        result = result_of(*good(), registered=REGISTERED - {"tcpwave.outcome",
                                                             "tcpwave.finding.half_close"})
        self.assertEqual(result.differences, [])
        self.assertEqual(result.skipped, {"tcpwave.outcome": 1, "tcpwave.finding.half_close": 1})


class Running(unittest.TestCase):
    """The whole program, with a tshark that prints what it was prepared to."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.expect = self.folder / "some.expect"
        self.expect.write_text(EXPECT, encoding="utf-8")
        self.not_yet = self.folder / "not_yet"
        self.not_yet.write_text("# nothing\n", encoding="utf-8")

    def tshark(self, frames, registered=frozenset(REGISTERED)):
        fields = compare.fields_needed(registered)
        answers = {"1": output(fields, *[frame(n, 1) for n in (1, 2, 3)]), "2": output(fields, *frames),
                   "G": "".join(f"F\tWords\t{name}\tFT_STRING\n" for name in sorted(registered))}
        script = self.folder / "tshark"
        script.write_text(
            "#!/usr/bin/env python3\nimport json, sys\n"
            f"answers = json.loads({json.dumps(json.dumps(answers))})\n"
            "key = 'G' if '-G' in sys.argv else '2' if '-2' in sys.argv else '1'\n"
            "print(answers[key], end='')\n", encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)

    def check(self, *arguments):
        printed = io.StringIO()
        program = ["check", *map(str, arguments)]
        before, sys.argv = sys.argv, program
        try:
            with contextlib.redirect_stdout(printed), self.assertRaises(SystemExit) as end:
                runpy.run_path(str(HERE / "check"), run_name="__main__")
        finally:
            sys.argv = before
        return end.exception.code, printed.getvalue()

    def test_agreement_succeeds(self):
        code, printed = self.check("--tshark", self.tshark(good()), self.expect)
        self.assertEqual(code, 0, printed)
        self.assertIn("0 different", printed)

    def test_disagreement_fails_with_file_and_line(self):
        code, printed = self.check("--tshark", self.tshark(good(phase="closed")), self.expect)
        self.assertEqual(code, 1)
        self.assertIn("some.expect:11: frame 3 tcpwave.phase: want wave, got closed", printed)

    def test_what_cannot_be_compared_fails_unless_it_is_listed(self):
        tshark = self.tshark(good(), REGISTERED - {"tcpwave.outcome"})
        code, printed = self.check("--tshark", tshark, "--not-yet", self.not_yet, self.expect)
        self.assertEqual(code, 1)
        self.assertIn("SKIPPED 1: tcpwave.outcome is not registered, and not listed", printed)
        self.not_yet.write_text("tcpwave.outcome  # comes later\n", encoding="utf-8")
        code, printed = self.check("--tshark", tshark, "--not-yet", self.not_yet, self.expect)
        self.assertEqual(code, 0, printed)
        self.assertIn("SKIPPED 1: tcpwave.outcome", printed)

    def test_a_listed_field_that_is_registered_is_stale(self):
        self.not_yet.write_text("tcpwave.outcome\n", encoding="utf-8")
        code, printed = self.check("--tshark", self.tshark(good()), "--not-yet", self.not_yet, "--stale")
        self.assertEqual(code, 1)
        self.assertIn("tcpwave.outcome is registered now", printed)

    def test_no_plugin_at_all_is_a_failure(self):
        code, printed = self.check("--tshark", self.tshark([], frozenset()), self.expect)
        self.assertEqual(code, 1, printed)

    def test_a_tshark_that_fails_is_a_failure(self):
        code, printed = self.check("--tshark", "/bin/false", self.expect)
        self.assertEqual(code, 1)
        self.assertIn("exit 1", printed)


class Committed(unittest.TestCase):
    """The expectations that are in the repository."""

    def test_all_are_well_formed_and_have_their_capture(self):
        files = sorted((HERE / "../../captures").glob("*/*.expect"))
        self.assertGreater(len(files), 80)
        for path in files:
            with self.subTest(path.name):
                self.assertTrue(expectation.read(path).capture.exists())

    def test_all_segments_have_a_line(self):
        for path in sorted((HERE / "../../captures/kernel").glob("*.expect")):
            rows = expectation.read(path).rows
            truth = path.with_suffix(".truth.jsonl").read_text(encoding="utf-8").splitlines()
            if rows:
                with self.subTest(path.name):
                    self.assertEqual(len(rows), len(truth) - 1)


if __name__ == "__main__":
    unittest.main()
