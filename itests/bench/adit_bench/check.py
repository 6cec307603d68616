"""Correctness before speed: every system must pass every byte, both ways, or it is not measured."""
import hashlib
import http.client

from adit_bench.net import LOOPBACK
from adit_bench.tools import HOST

TIMEOUT_SECONDS = 30
BLOCK_BYTES = 1 << 20


class Wrong(Exception):
    """A system gave another answer than the origin. The message says where."""


def check(port, origin):
    """Compares the SHA-256 of all three downloads and of a bulk upload, as they come through this port; Wrong on a difference."""
    for name in ("small", "page", "bulk"):
        digest = _request(port, "GET", f"/{name}")[1]
        if digest != origin.sha256[name]:
            raise Wrong(f"GET /{name}: the body is not the origin's")
    with open(origin.bulk_file, "rb") as body:
        answer = _request(port, "POST", "/upload/sha256", body, origin.bulk_bytes)[0]
    if answer.strip() != origin.sha256["bulk"].encode():
        raise Wrong("POST /upload/sha256: the body that came to the origin is not the one that was sent")


def answers(port):
    """Whether a small page comes through this port."""
    try:
        _request(port, "GET", "/small")
    except Wrong:
        return False
    return True


def _request(port, method, path, body=None, length=None):
    """Returns (the first block of the body, the whole body's SHA-256); Wrong unless the status is 200 and the body whole."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_SECONDS, blocksize=BLOCK_BYTES)
    headers = {"Host": HOST} if length is None else {"Host": HOST, "Content-Length": str(length)}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        first = block = response.read(BLOCK_BYTES)
        digest = hashlib.sha256(block)
        while block:
            block = response.read(BLOCK_BYTES)
            digest.update(block)
    except (OSError, http.client.HTTPException) as error:
        raise Wrong(f"{method} {path}: {type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise Wrong(f"{method} {path}: status {response.status}: {first[:200]!r}")
    return first, digest.hexdigest()
