"""Loopback ports."""
import socket

LOOPBACK = "127.0.0.1"


# Bound until this process ends.
_kept = []


def free_ports(count):
    """Distinct ports that nobody listens on. A socket that is bound and does not listen keeps each: the system gives it to nobody
    else, but a server that names it, with SO_REUSEADDR as servers do, may listen there."""
    ports = []
    for _ in range(count):
        each = socket.socket()
        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        each.bind((LOOPBACK, 0))
        _kept.append(each)
        ports.append(each.getsockname()[1])
    return ports


def is_open(port):
    """Whether somebody accepts connections on this loopback port."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) == 0
