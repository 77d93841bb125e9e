"""Ceph's S3 service on this machine: one monitor, one store in memory, one gateway."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
PACKAGES = "ceph-mon ceph-osd ceph-common radosgw"
KEY, SECRET = "testing", "testing"
PATIENCE_S = 90.0

CONFIG = """
[global]
fsid = {fsid}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
mon_host = [v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
mon_data_avail_warn = 1
osd_objectstore = memstore
memstore_device_bytes = 1073741824
run_dir = {folder}/run
log_file = {folder}/$name.log
admin_socket = {folder}/run/$name.asok
pid_file =
keyring = {folder}/keyring
mon_data = {folder}/mon
osd_data = {folder}/osd
[mon.a]
host = localhost
[osd.0]
host = localhost
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_data = {folder}/rgw
"""


def missing() -> list[str]:
    """Return the programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@contextmanager
def radosgw(folder: Path) -> Iterator[str]:
    """Run the gateway in `folder` and give its address; its user has `KEY` and `SECRET`."""
    v1, v2, port = _free_ports(3)
    fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
    for name in ("run", "mon", "osd", "rgw"):
        (folder / name).mkdir(parents=True)
    (folder / "keyring").touch()
    config = CONFIG.format(fsid=fsid, folder=folder, v1=v1, v2=v2, port=port)
    (folder / "ceph.conf").write_text(config)
    environment = {**os.environ, "CEPH_CONF": str(folder / "ceph.conf")}
    running: list[subprocess.Popen[bytes]] = []

    def run(*command: str) -> str:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
        return done.stdout

    def start(*command: str) -> None:
        with (folder / f"{command[0]}.out").open("wb") as out:
            running.append(subprocess.Popen(command, env=environment, stdout=out, stderr=out))

    try:
        monmap = str(folder / "monmap")
        addresses = f"[v2:127.0.0.1:{v2},v1:127.0.0.1:{v1}]"
        run("monmaptool", "--create", "--addv", "a", addresses, "--fsid", fsid, monmap)
        run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap)
        start("ceph-mon", "-i", "a", "-f")
        run("ceph", "osd", "new", osd)
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        start("ceph-osd", "-i", "0", "-f")
        # It wants safer ways to its monitor than a test on one machine has, unless told here.
        plain = ("-n", "client.rgw", "--auth_client_required=none", "--ms_mon_client_mode=crc")
        start("radosgw", *plain, "-f")
        _wait_for(f"http://127.0.0.1:{port}/", running)
        run(
            "radosgw-admin", *plain, "user", "create", "--uid=test", "--display-name=Test",
            f"--access-key={KEY}", f"--secret-key={SECRET}",
        )  # fmt: skip
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(address: str, running: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if any(process.poll() is not None for process in running):
            raise RuntimeError("one of Ceph's programs ended")
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("Ceph did not start")
