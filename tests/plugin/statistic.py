"""What tests of the -z options share: captures, and how an option is asked.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import io
import os
import subprocess

import tshark
from tshark import CAPTURES

KERNEL = CAPTURES / "kernel"
FOUR = KERNEL / "close4-client.pcapng"
RESET = KERNEL / "linger0-closewait.pcapng"
LOSSY = KERNEL / "finack-lost.pcapng"
MANY = KERNEL / "random-03-heavy-mixed.pcapng"
CHINESE = ("-o", "tcpwave.language:Chinese")


def statistic(path, what, *arguments):
    return tshark.run("-q", "-r", path, "-z", what, *arguments)


def refused(path, what):
    """(exit code, what is said) of an option that is not understood or cannot be met."""
    done = subprocess.run([tshark.TSHARK, "-q", "-r", str(path), "-z", what], capture_output=True,
                          text=True, timeout=60, env=os.environ)
    return done.returncode, done.stderr


def connections(path, *arguments):
    return list(csv.DictReader(io.StringIO(statistic(path, "tcpwave,conns,csv", *arguments))))
