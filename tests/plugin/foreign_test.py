"""A tcpwave.so that was built for another version of Wireshark: it is refused with words that say so, and
tshark goes on without it.

Each of TCPWAVE_FOREIGN is such a plugin, built by packaging/wireshark-versions. The one that is always
there is this build's, with the number changed by which Wireshark knows what version it is for.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import struct
import subprocess
import unittest
from pathlib import Path

import tshark

PLUGIN = Path(os.environ["TCPWAVE_PLUGIN"])
VERSION = os.environ["TCPWAVE_WIRESHARK_VERSION"]
FOREIGN = [Path(name) for name in os.environ.get("TCPWAVE_FOREIGN", "").split(",") if name]
CAPTURE = tshark.CAPTURES / "kernel" / "close4-client.pcapng"


def run_with(plugin):
    """tshark lists a capture and is to find that plugin as a personal one."""
    return subprocess.run([tshark.TSHARK, "-r", CAPTURE], capture_output=True, text=True, timeout=60,
                          env=os.environ | {"TCPWAVE_HOME": str(tshark.home_with(plugin))})


def offset_of(symbol):
    """Where the number of that name is in the file."""
    listing = subprocess.run(["nm", "--dynamic", PLUGIN], capture_output=True, text=True, check=True).stdout
    address = next(int(line.split()[0], 16) for line in listing.splitlines() if line.endswith(f" {symbol}"))
    octets = PLUGIN.read_bytes()
    start, = struct.unpack_from("<Q", octets, 0x20)
    size, count = struct.unpack_from("<HH", octets, 0x36)
    for entry in range(start, start + size * count, size):
        kind, _, offset, virtual, _, in_file = struct.unpack_from("<IIQQQQ", octets, entry)
        if kind == 1 and virtual <= address < virtual + in_file:
            return address - virtual + offset
    raise AssertionError(f"{symbol} is not in {PLUGIN}")


def wanting(minor):
    """A copy of the plugin that says it is for another minor version."""
    octets = bytearray(PLUGIN.read_bytes())
    at = offset_of("plugin_want_minor")
    assert struct.unpack_from("<i", octets, at) == (int(VERSION.split(".")[1]),)
    struct.pack_into("<i", octets, at, minor)
    path = tshark.FOLDER / f"for-{minor}.so"
    path.write_bytes(octets)
    return path


class Foreign(unittest.TestCase):
    def refused(self, plugin, words):
        without = tshark.run("-r", CAPTURE, without_plugin=True)
        done = run_with(plugin)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, words)
        self.assertEqual(done.stdout, without)

    def test_the_own_one_is_not_refused(self):
        done = run_with(PLUGIN)
        self.assertEqual((done.returncode, done.stderr.count("tcpwave.so")), (0, 0), done.stderr)
        self.assertIn("[handshake 1/3]", done.stdout)

    def test_another_minor_version(self):
        for minor in (2, 99):
            self.refused(wanting(minor),
                         rf"[Pp]lugin '?tcpwave\.so'? was compiled for Wireshark version \d+\.{minor}")

    @unittest.skipUnless(FOREIGN, "packaging/wireshark-versions has built no other")
    def test_what_other_versions_built(self):
        # Its libraries are of another version too, so the system's loader may refuse it first.
        for plugin in FOREIGN:
            with self.subTest(plugin=plugin):
                self.refused(plugin, r"tcpwave\.so'? was compiled for Wireshark version"
                                     r"|Couldn't load plugin 'tcpwave\.so': \S*(tcpwave\.so|lib\S+\.so)")


if __name__ == "__main__":
    tshark.main()
