"""What the tests of packages share: this build's folders, and programs run as root or as an ordinary user.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE, BUILD = Path(os.environ["TCPWAVE_SOURCE"]), Path(os.environ["TCPWAVE_BUILD"])
VERSION, WIRESHARK = os.environ["TCPWAVE_VERSION"], os.environ["TCPWAVE_WIRESHARK_VERSION"]
CAPTURE = SOURCE / "captures" / "kernel" / "close4-client.pcapng"
PROFILE = {f"{file.parent.name}/{file.name}" for file in (SOURCE / "packaging" / "profile").glob("*/*")}
NOBODY = 65534
SKIPPED = 77


def skip_without(packages, *programs):
    """Ends the suite as skipped where one of the programs is missing, and says which Debian packages have them."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        print(f"skipped: no {', '.join(missing)} here (Debian: apt-get install {packages})")
        sys.exit(SKIPPED)


def folder_for(tests, name):
    """A folder that a class of tests has as long as it runs, and that every user may enter."""
    folder = tempfile.TemporaryDirectory(prefix=f"tcpwave-{name}-")
    tests.addClassCleanup(folder.cleanup)
    path = Path(folder.name)
    path.chmod(0o755)
    return path


def run(*command, code=0, **options):
    """What it prints, standard error behind it."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=240,
                          **options)
    if done.returncode != code:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def as_user(home, *command, rights=("+dac_override",), path="", **options):
    """Runs it as an ordinary user whose home folder that is; Wireshark run by root reads no personal plugins. One right
    is kept, to read a build that lies where that user cannot look. The plugin may be installed on this machine:
    that copy is out of sight."""
    if os.getuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        capabilities = [f"--{kind}-caps={','.join(rights)}" for kind in ("inh", "ambient") if rights]
        command = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *capabilities, *command)
    settings = {"HOME": str(home), "LC_ALL": "C.UTF-8", "PATH": f"{path}{os.environ['PATH']}",
                "WIRESHARK_PLUGIN_DIR": str(BUILD / "home" / "system-plugins")}
    return run(*command, env=settings, **options)
