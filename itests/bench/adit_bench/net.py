"""Loopback ports."""
import contextlib
import socket

LOOPBACK = "127.0.0.1"


def free_ports(count):
    """Distinct ports that nobody listens on. They are free at this moment: use them soon."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]


def is_open(port):
    """Whether somebody accepts connections on this loopback port."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0
