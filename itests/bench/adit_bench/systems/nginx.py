"""nginx as a plain reverse proxy: no tunnel, so the ceiling of what a system with one can reach."""
from adit_bench.net import LOOPBACK, free_ports
from adit_bench.origin import nginx_program, start_nginx
from adit_bench.systems.base import System
from adit_bench.tools import first_line

SERVERS = """
    upstream origin {{
        server {host}:{origin};
        keepalive 128;
        keepalive_requests 1000000000;
    }}
    server {{
        listen {host}:{port} backlog=4096;
        location / {{
            client_max_body_size 0;
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_request_buffering off;
            proxy_max_temp_file_size 0;
        }}
    }}
"""


class Nginx(System):
    name = "nginx"
    description = "reverse proxy, 1 worker, keep-alive to the origin, no tunnel: the ceiling"

    def start(self):
        [self.port] = free_ports(1)
        servers = SERVERS.format(host=LOOPBACK, port=self.port, origin=self.context.origin.port)
        self.proxy_side = start_nginx(self.context.children, self.name, self.directory, servers, self.port)

    def version(self):
        return first_line([nginx_program(), "-v"])
