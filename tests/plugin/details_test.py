"""The details pane as a person reads it, in each language; and that filters read the same in all.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import subprocess
import unittest

import tshark
from tshark import CAPTURES

NORMAL = CAPTURES / "kernel" / "close4-client.pcapng"
LOSSY = CAPTURES / "kernel" / "fin1-lost.pcapng"
REFUSED = CAPTURES / "kernel" / "refused.pcapng"
CHINESE = ("-o", "tcpwave.language:Chinese")
LONGEST = 240  # Wireshark's labels, in bytes


def pane(path, frame, *arguments):
    """The lines of "TCP Wave", each with its depth: (depth, text without brackets)."""
    text = tshark.run("-2", "-r", path, "-V", "-Y", f"frame.number == {frame}", *arguments)
    lines = text[text.index("[TCP Wave: "):].splitlines()
    lines[0] = " " * 4 + lines[0]
    return [((len(line) - len(line.lstrip())) // 4 - 1, line.strip().strip("[]"))
            for line in lines if line.strip()]


def top(path, frame, *arguments):
    return [text for depth, text in pane(path, frame, *arguments) if depth <= 1]


class English(unittest.TestCase):
    def test_an_explanation_in_a_few_lines(self):
        self.assertEqual(top(NORMAL, 9), [
            "TCP Wave: wave 2/4, client FIN_WAIT_1 → FIN_WAIT_2, server CLOSE_WAIT",
            "The server has received the client's FIN. The connection is half-closed: only the server "
            "may still send.",
            "Step: wave 2/4: ACK of the active closer's FIN",
            "Client: FIN_WAIT_1 → FIN_WAIT_2 (presumed: delivery is assumed until "
            "disproved)",
            "Server: CLOSE_WAIT (confirmed by frame 9)",
            "✓ Numbers acceptable: seq 401, ack 122",
            "Expected next: server's FIN (half-closed)",
            "Phase: wave (handshake in frames 1, 2, 3; wave in frames 8, 9, 10, 11)",
            "Connection 0: closed normally (four segments), closed first by the client"])

    def test_below_each_line_is_what_it_rests_on(self):
        lines = pane(NORMAL, 9)
        self.assertIn((2, "✓ ack 122 = seq of wave step 1 (121) + 1"), lines)
        self.assertIn((2, "Wave step 4 in frame: 11"), lines)
        self.assertIn((2, "Kind of outcome: four_segment"), lines)

    def test_a_repetition_and_its_finding(self):
        lines = pane(LOSSY, 9)
        texts = [text for _, text in lines]
        # What is wrong comes first.
        self.assertEqual(lines[1], (1, "Note: FIN retransmitted (first sent in frame 8)"))
        self.assertTrue(any(text.endswith("It was first seen in frame 8.") for text in texts))
        self.assertIn((2, "The FIN or its ACK was lost or delayed."), lines)
        self.assertIn("The client has no more data to send and closes its direction (FIN). The server may "
                      "still send. Later segments show that it most likely did not arrive.", top(LOSSY, 8))

    def test_a_finding_says_its_text_once(self):
        for path, frame in ((LOSSY, 9), (REFUSED, 2)):
            texts = [text.split(": ", 1)[-1] for _, text in pane(path, frame)[1:]]
            self.assertEqual(texts.count(texts[0]), 1, texts)
            self.assertFalse([t for t in texts if "Expert Info" in t])
        self.assertEqual(tshark.matching(REFUSED, "tcpwave.finding.connection_refused"), [2])
        self.assertEqual(tshark.matching(REFUSED, "_ws.expert.group == sequence && _ws.expert.severity == warning")[-1:], [2])

    def test_gauges_where_they_change(self):
        def gauges(frame):
            return [text for _, text in pane(NORMAL, frame) if "of its host in" in text]
        self.assertEqual(gauges(6), [])
        self.assertEqual(gauges(8), ["Connections of its host in CLOSE_WAIT: 1"])
        self.assertEqual(len(tshark.by_frame(NORMAL, "tcpwave.server.gauge.close_wait", "-2")), 11)

    def test_a_challenge_ack_says_so_first(self):
        path = CAPTURES / "kernel" / "forged-rst-inwin.pcapng"
        frames = tshark.matching(path, "tcpwave.finding.challenge_ack", "-2")
        self.assertTrue(frames)
        lines = top(path, frames[0])
        self.assertIn("Challenge ACK", lines[1])
        self.assertIn("answers with a challenge ACK", lines[2])
        self.assertFalse([line for line in lines if "nothing new" in line])

    def test_expert_fields_have_a_name_and_a_description(self):
        experts = [line.split("\t") for line in tshark.run("-G", "fields").splitlines()
                   if line.startswith("F\t") and "\ttcpwave.finding." in line and "\tFT_NONE" in line]
        self.assertGreater(len(experts), 60)
        for row in experts:
            self.assertTrue(row[1][0].isupper() and " " in row[1], row)
            self.assertGreater(len(row[7]), 15, row)

    def test_a_refusal(self):
        texts = top(REFUSED, 2)
        self.assertIn("The server refuses the connection: nothing accepts it there.", texts)
        self.assertTrue(any(t.startswith("Warning: Connection refused") for t in texts), texts)


class Chinese(unittest.TestCase):
    def test_the_same_lines(self):
        self.assertEqual(top(NORMAL, 9, *CHINESE), [
            "TCP Wave: 挥手 2/4，客户端 FIN_WAIT_1 → FIN_WAIT_2，服务器 CLOSE_WAIT",
            "服务器已收到客户端的 FIN，连接进入半关闭状态：只有服务器还能发送数据。",
            "步骤：挥手 2/4：对主动关闭方 FIN 的确认",
            "客户端：FIN_WAIT_1 → FIN_WAIT_2（推定：在出现反证之前视为已送达）",
            "服务器：CLOSE_WAIT（已证实：见帧 9）",
            "✓ 序号可接受：seq 401，ack 122",
            "预期下一步：服务器的 FIN（处于半关闭状态）",
            "阶段：挥手（握手在帧 1、2、3；挥手在帧 8、9、10、11）",
            "连接 0：正常关闭（四次挥手），主动关闭方：客户端"])

    def test_the_preference_takes_the_language_by_its_own_name(self):
        self.assertEqual(top(NORMAL, 9, "-o", "tcpwave.language:中文"), top(NORMAL, 9, *CHINESE))

    def test_findings_marks_and_expert_info(self):
        self.assertIn("警告：连接被拒绝：服务器以 RST 应答 SYN", top(REFUSED, 2, *CHINESE))
        self.assertIn("连接被拒绝：服务器以 RST 应答 SYN",
                      tshark.run("-q", "-r", REFUSED, "-z", "expert", *CHINESE))
        self.assertTrue(tshark.info_column(NORMAL, "-2", *CHINESE)[9].startswith("[挥手 2/4] "))

    def test_values_stay_english(self):
        names = [line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()
                 if line.startswith("F\t") and "\ttcpwave." in line]
        texts = ("tcpwave.meaning", "tcpwave.label", "tcpwave.outcome.text")
        names = [n for n in names if n not in texts and n.count(".finding.") == 0]
        for path in (NORMAL, LOSSY, REFUSED):
            self.assertEqual(tshark.rows(path, names, "-2", *CHINESE),
                             tshark.rows(path, names, "-2"))
        step = 'tcpwave.step.name == "wave 2/4: ACK of the active closer\'s FIN"'
        self.assertEqual(tshark.matching(NORMAL, step, "-2", *CHINESE), [9])


class Marks(unittest.TestCase):
    """In front of Info, saying what Info does not."""

    def test_steps_and_what_a_reset_does(self):
        info = tshark.info_column(NORMAL, "-2")
        self.assertTrue(info[9].startswith("[wave 2/4] 8000 → 40000 [ACK]"), info[9])
        self.assertFalse(info[5].startswith("["), info[5])
        info = tshark.info_column(CAPTURES / "kernel" / "linger0-closewait.pcapng", "-2")
        self.assertTrue(info[10].startswith("[The passive closer resets instead of closing] 8000"), info[10])
        info = tshark.info_column(REFUSED, "-2", *CHINESE)
        self.assertTrue(info[2].startswith("[连接被拒绝：以 RST 应答 SYN] "), info[2])


class Labels(unittest.TestCase):
    def test_none_is_cut(self):
        every = tshark.FOLDER / "every.pcapng"
        subprocess.run(["mergecap", "-a", "-w", every, *sorted(CAPTURES.glob("*.pcapng"))], check=True)
        every.chmod(0o644)
        for language in ((), CHINESE):
            text = tshark.run("-2", "-r", every, "-V", "-O", "tcp", *language)
            with self.subTest(language=language):
                self.assertIn("TCP Wave: ", text)
                self.assertNotIn("�", text)
                self.assertNotIn("[truncated]", text)
                for line in text.splitlines():
                    self.assertLess(len(line.strip().encode()), LONGEST, line)


if __name__ == "__main__":
    tshark.main()
