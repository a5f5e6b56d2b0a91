"""The same answers by every way of asking: passes, filters, fields, JSON.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import unittest

import tshark
from tshark import CAPTURES, ONE_PASS, TWO_PASSES

NORMAL = CAPTURES / "kernel" / "close3-client.pcapng"  # nothing is lost: both passes know the same
LOSSY = CAPTURES / "kernel" / "finack-lost.pcapng"
FIELDS = ["tcpwave.conn", "tcpwave.phase", "tcpwave.step", "tcpwave.step.repeat",
          "tcpwave.client.state", "tcpwave.server.state", "tcpwave.seq.check", "tcpwave.ack.check",
          "tcpwave.check.rule", "tcpwave.finding"]


class Passes(unittest.TestCase):
    def test_two_passes_say_final_and_one_so_far(self):
        for passes, word in ((ONE_PASS, "so_far"), (TWO_PASSES, "final")):
            words = tshark.by_frame(NORMAL, "tcpwave.known", *passes).values()
            self.assertEqual(list(words), [[word]] * 10)

    def test_a_capture_without_loss_reads_the_same_in_both(self):
        fields = [f for f in FIELDS if f != "tcpwave.finding"]
        self.assertEqual(tshark.rows(NORMAL, fields), tshark.rows(NORMAL, fields, "-2"))

    def test_links_forward_need_two_passes(self):
        last = tshark.by_frame(NORMAL, "tcpwave.wave.step4.frame")
        self.assertEqual(set(last), {10})
        last = tshark.by_frame(NORMAL, "tcpwave.wave.step4.frame", "-2")
        self.assertEqual(last, {frame: ["10"] for frame in range(1, 11)})

    def test_a_filter_on_each_value_finds_its_frames(self):
        # Only referenced fields are built under a filter: here, one at a time.
        for passes in (ONE_PASS, TWO_PASSES):
            for field in FIELDS:
                found = self.frames_by_value(LOSSY, field, passes)
                for value, frames in list(found.items())[-1:]:
                    number = value.isdigit() or value in ("True", "False")
                    test = f"{field} == {int(value in tshark.TRUE) if value[0] in 'TF' else value}" \
                        if number else f'{field} == "{value}"'
                    with self.subTest(test, passes=passes):
                        self.assertEqual(tshark.matching(LOSSY, test, *passes), frames)

    @staticmethod
    def frames_by_value(path, field, passes):
        found = {}
        for frame, values in tshark.by_frame(path, field, *passes).items():
            for value in dict.fromkeys(values):
                found.setdefault(value, []).append(frame)
        return found

    def test_a_read_filter_in_two_passes(self):
        fins = tshark.matching(NORMAL, "tcp.flags.fin == 1")
        self.assertEqual(fins, [8, 9])
        steps = tshark.by_frame(NORMAL, "tcpwave.wave.step", "-2", "-R", "tcp.flags.fin == 1")
        self.assertEqual(steps, {1: ["1"], 2: ["2", "3"]})

    def test_json_has_the_annotation_within_tcp(self):
        layers = tshark.as_json(NORMAL)
        self.assertEqual(len(layers), 10)
        for layer in layers:
            self.assertNotIn("tcpwave", layer)
        wave = layers[8]["tcp"]["tcpwave"]
        self.assertEqual(wave["tcpwave.step"], ["2", "3"])
        self.assertEqual(wave["tcpwave.conn"], "0")
        self.assertEqual(wave["tcpwave.state"],
                         [wave["tcpwave.client.state"], wave["tcpwave.server.state"]])

    def test_fields_have_the_types_of_the_specification(self):
        types = {}
        for line in tshark.run("-G", "fields").splitlines():
            kind, _, name, *rest = line.split("\t")
            if kind == "F" and name.startswith("tcpwave."):
                types.setdefault(rest[0], set()).add(name.removeprefix("tcpwave."))
        self.assertLessEqual({"conn", "seq", "ack", "seq.expected", "ack.expected"},
                             types["FT_UINT32"])
        self.assertLessEqual({"step", "handshake.step", "wave.step"}, types["FT_UINT8"])
        self.assertLessEqual({"step.repeat", "check.ok"}, types["FT_BOOLEAN"])
        self.assertLessEqual({"handshake.rtt", "wave.duration", "since_previous_step"},
                             types["FT_RELATIVE_TIME"])
        self.assertLessEqual({"step.original.frame"} |
                             {f"handshake.step{n}.frame" for n in (1, 2, 3)} |
                             {f"wave.step{n}.frame" for n in (1, 2, 3, 4)}, types["FT_FRAMENUM"])
        self.assertLessEqual({"phase", "step.name", "client.state", "server.state.before", "state",
                              "transition", "client.state.basis", "known", "active_closer",
                              "role.basis", "seq.check", "ack.check", "check.rule", "finding",
                              "waiting_for", "outcome", "outcome.kind", "reset_by"},
                             types["FT_STRING"])


class Info(unittest.TestCase):
    @staticmethod
    def marks(*arguments):
        return {frame: text.partition("] ")[0].removeprefix("[")
                for frame, text in tshark.info_column(NORMAL, *arguments).items()
                if text.startswith("[")}

    def test_steps_are_marked_in_front(self):
        expected = {1: "handshake 1/3", 2: "handshake 2/3", 3: "handshake 3/3", 8: "wave 1/4",
                    9: "wave 2+3/4", 10: "wave 4/4"}
        for passes in (ONE_PASS, TWO_PASSES):
            self.assertEqual(self.marks(*passes), expected)

    def test_a_reset_is_marked_and_one_that_does_not_count_is_crossed(self):
        for name, expected in (("rst_abort", {10: "[Open connection aborted by RST"}),
                               ("rst_out_of_window", {8: "[RST outside the window: ignored",
                                                      9: "[RST outside the window: ignored"})):
            info = tshark.info_column(CAPTURES / f"{name}.pcapng", "-2")
            marks = {f: text.partition("] ")[0] for f, text in info.items() if "RST" in text and text.startswith("[")}
            self.assertEqual(marks, expected)

    def test_the_preference_takes_the_marks_away(self):
        self.assertEqual(self.marks("-o", "tcpwave.info_mark:FALSE"), {})


class ResetStates(unittest.TestCase):
    """The states that the RST met, client first; on every row in two passes, from the RST on in one."""

    def test_of_client_and_server(self):
        for name, states, frames in (
                ("kernel/linger0-closewait", ["FIN_WAIT_2", "CLOSE_WAIT"], 10),
                ("kernel/refused", ["SYN_SENT", "CLOSED"], 2),
                ("rst_abort", ["ESTABLISHED", "ESTABLISHED"], 10)):
            path = CAPTURES / f"{name}.pcapng"
            with self.subTest(name):
                self.assertEqual(tshark.by_frame(path, "tcpwave.reset_states", "-2"),
                                 {frame: states for frame in range(1, frames + 1)})
                self.assertEqual(list(tshark.by_frame(path, "tcpwave.reset_states")), [frames])
                self.assertEqual(tshark.matching(path, f'tcpwave.reset_states == "{states[0]}"'),
                                 [frames])

    def test_a_line_says_whose(self):
        path = CAPTURES / "kernel" / "linger0-closewait.pcapng"
        for language, lines in (
                ("English", ("State met by the RST: client FIN_WAIT_2]",
                             "State met by the RST: server CLOSE_WAIT]")),
                ("Chinese", ("RST 到达时的状态：客户端 FIN_WAIT_2]", "RST 到达时的状态：服务器 CLOSE_WAIT]"))):
            text = tshark.run("-2", "-r", path, "-V", "-o", f"tcpwave.language:{language}",
                              "-Y", "frame.number == 10")
            for line in lines:
                self.assertIn(line, text)

    def test_nothing_where_no_reset_counts(self):
        for name in ("rst_out_of_window", "kernel/close4-client"):
            path = CAPTURES / f"{name}.pcapng"
            self.assertEqual(tshark.by_frame(path, "tcpwave.reset_states", "-2"), {})


class TimeWait(unittest.TestCase):
    def test_its_length_is_a_preference(self):
        path = CAPTURES / "kernel" / "reuse-client-tw.pcapng"
        default = tshark.rows(path, ["tcpwave.transition", "tcpwave.client.state.basis"], "-2")
        short = tshark.rows(path, ["tcpwave.transition", "tcpwave.client.state.basis"], "-2",
                            "-o", "tcpwave.time_wait:0")
        self.assertNotEqual(default, short)


if __name__ == "__main__":
    tshark.main()
