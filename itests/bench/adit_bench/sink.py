"""The origin's upload end: reads a request's body to its end, then answers with its length, or with its SHA-256.

A program of its own (python3 sink.py PORT), behind the origin's nginx, since nginx by itself either answers before the body
has come or stores it. The body is dropped inside the kernel (MSG_TRUNC), so that the sink costs next to nothing.
"""
import hashlib
import socket
import sys
import threading

BUFFER_BYTES = 1 << 20
# A head or a chunk-size line longer than this is not from our nginx.
MAX_HEAD_BYTES = 1 << 16


class Reader:
    """A connection's bytes: heads and lines through a buffer, bodies past it."""

    def __init__(self, connection):
        self._connection = connection
        self._scratch = memoryview(bytearray(BUFFER_BYTES))
        self._buffer = b""

    def until(self, mark):
        """The bytes up to mark, without it; None when the connection ends before the first byte."""
        while mark not in self._buffer:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise ValueError("no end of the head")
            more = self._connection.recv(MAX_HEAD_BYTES)
            if not more:
                if self._buffer:
                    raise ValueError("cut inside a head")
                return None
            self._buffer += more
        found, _, self._buffer = self._buffer.partition(mark)
        return found

    def skip(self, length, digest):
        """Takes length bytes of body; into the digest when there is one, else they are dropped in the kernel."""
        first, self._buffer = self._buffer[:length], self._buffer[length:]
        if digest:
            digest.update(first)
        left = length - len(first)
        flags = 0 if digest else socket.MSG_TRUNC
        while left:
            count = self._connection.recv_into(self._scratch, min(left, BUFFER_BYTES), flags)
            if count == 0:
                raise ValueError(f"cut {left} bytes before the end of the body")
            if digest:
                digest.update(self._scratch[:count])
            left -= count


def take_body(reader, headers, digest):
    """Reads one body, as its framing headers say, and returns its length."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        length = int(headers.get("content-length", "0"))
        reader.skip(length, digest)
        return length
    total = 0
    while True:
        size = int(reader.until(b"\r\n").partition(b";")[0], 16)
        if size == 0:
            while reader.until(b"\r\n"):
                pass
            return total
        reader.skip(size, digest)
        total += size
        reader.until(b"\r\n")


def serve(connection):
    """Answers the requests of one connection until it ends."""
    with connection:
        reader = Reader(connection)
        try:
            while True:
                head = reader.until(b"\r\n\r\n")
                if head is None:
                    return
                request, *lines = head.decode("latin-1").split("\r\n")
                fields = (line.partition(":") for line in lines)
                headers = {name.strip().lower(): value.strip() for name, _, value in fields}
                digest = hashlib.sha256() if request.split()[1].endswith("sha256") else None
                length = take_body(reader, headers, digest)
                answer = (digest.hexdigest() if digest else str(length)).encode() + b"\n"
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                   b"Content-Length: %d\r\n\r\n%s" % (len(answer), answer))
        except (OSError, ValueError, IndexError) as error:
            print(f"sink: {error}", file=sys.stderr, flush=True)


def main(port):
    with socket.create_server(("127.0.0.1", port), backlog=128) as server:
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]))
