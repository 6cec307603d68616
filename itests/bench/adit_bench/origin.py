"""The one origin behind every system: nginx with one worker, files of random bytes, and the sink for uploads."""
import hashlib
import os
import pathlib
import random
import shutil
import sys

from adit_bench.net import LOOPBACK, free_ports, is_open
from adit_bench.processes import StartError

SMALL_BYTES = 1024
PAGE_BYTES = 100 * 1024
MIB = 1 << 20
START_SECONDS = 20

NGINX_CONF = """
daemon off;
master_process on;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 300s;
    keepalive_requests 1000000000;
    client_body_temp_path {directory}/client;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
{servers}
}}
"""

SERVERS = """
    open_file_cache max=16;
    upstream sink {{
        server {host}:{sink};
        keepalive 8;
    }}
    server {{
        listen {host}:{port} backlog=4096;
        root {files};
        location /upload/ {{
            client_max_body_size 0;
            proxy_pass http://sink;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_request_buffering off;
        }}
    }}
"""


def nginx_program():
    """The path of nginx, which is often only in root's PATH, or None."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def start_nginx(children, name, directory, servers, port):
    """Starts an nginx of our own with these server blocks; returns it when its port is open."""
    directory.mkdir()
    configuration = directory / "nginx.conf"
    configuration.write_text(NGINX_CONF.format(directory=directory, servers=servers), encoding="utf-8")
    child = children.start(name, [nginx_program(), "-p", directory, "-e", directory / "error.log", "-c", configuration],
                           directory / "nginx.log")
    child.wait_until(lambda: is_open(port), START_SECONDS, "listening")
    return child


class Origin:
    """The web server that all systems lead to. url is its address; files says what it serves."""

    def __init__(self, directory, bulk_mib, children):
        self.directory = directory
        self.files = directory / "files"
        self.bulk_bytes = bulk_mib * MIB
        self.port, self._sink_port = free_ports(2)
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.sha256 = {}
        self._write_files()
        self._start(children)

    @property
    def bulk_file(self):
        return self.files / "bulk"

    def _write_files(self):
        self.files.mkdir(parents=True)
        source = random.Random(4711)
        for name, size in (("small", SMALL_BYTES), ("page", PAGE_BYTES), ("bulk", self.bulk_bytes)):
            digest = hashlib.sha256()
            with open(self.files / name, "wb") as file:
                for start in range(0, size, MIB):
                    block = source.randbytes(min(MIB, size - start))
                    digest.update(block)
                    file.write(block)
            self.sha256[name] = digest.hexdigest()
        # nginx's workers may run as another user (when we are root), who has to reach the files.
        for path in (self.files, *self.files.iterdir()):
            path.chmod(0o755)

    def _start(self, children):
        sink = children.start("sink", [sys.executable, pathlib.Path(__file__).with_name("sink.py"), self._sink_port],
                              self.directory / "sink.log")
        sink.wait_until(lambda: is_open(self._sink_port), START_SECONDS, "listening")
        if nginx_program() is None:
            raise StartError("no nginx: it is the origin, nothing can be measured without it")
        servers = SERVERS.format(host=LOOPBACK, port=self.port, sink=self._sink_port, files=self.files)
        start_nginx(children, "origin", self.directory / "nginx", servers, self.port)
