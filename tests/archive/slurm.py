"""A Slurm of its own on this machine, for as long as a test needs it: munged, slurmctld and one slurmd, with all
files in a folder and on ports of their own. Needs root, because slurmd does.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = {"munged": "munge", "slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client"}
CONFIGURATION = """\
ClusterName=tcpwave
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def why_not():
    """What is missing here; empty where nothing is."""
    if os.geteuid() != 0:
        return "slurmd needs root"
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=path)]
    return f"apt-get install {' '.join(missing)}" if missing else ""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    """A context: `environment` is what sbatch needs to find it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.started = []
        self.environment = {"SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        self.folder.chmod(0o755)
        for name in ("state", "spool", "munge"):
            (self.folder / name).mkdir()
        host = socket.gethostname().split(".")[0]
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=host, ports=free_ports(2), processors=min(2, os.cpu_count())))
        key = self.folder / "munge" / "key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                       f"--pid-file={self.folder}/munge/pid", f"--log-file={self.folder}/munge/log",
                       f"--seed-file={self.folder}/munge/seed")
            self.wait_for(lambda: (self.folder / "munge.socket").exists(), "munged")
            self.start("slurmctld", "-D", "-c")
            self.start("slurmd", "-D", "-N", host)
            self.wait_for(self.idle, "the node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, *command):
        log = open(self.folder / f"{command[0]}.out", "w")
        environment = os.environ | self.environment | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        self.started.append(subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                             env=environment, start_new_session=True))

    def idle(self):
        done = subprocess.run(["sinfo", "--noheader", "--format=%T"], capture_output=True, text=True, timeout=30,
                              env=os.environ | self.environment)
        return done.stdout.strip() == "idle"

    def wait_for(self, condition, what, longest=40):
        end = time.monotonic() + longest
        while not condition():
            if time.monotonic() > end:
                logs = "\n".join(f"--- {p.name}\n{p.read_text(errors='replace')[-1500:]}"
                                 for p in [*self.folder.glob("*.log"), *self.folder.glob("*.out")])
                raise RuntimeError(f"{what} does not come up within {longest} s\n{logs}")
            time.sleep(0.2)

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
