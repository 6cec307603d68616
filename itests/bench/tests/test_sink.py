import hashlib
import socket
import threading
import unittest

from adit_bench import sink

BODY = bytes(range(256)) * 20_000


class Sink(unittest.TestCase):
    """The sink over a real connection, since MSG_TRUNC has a meaning of its own on TCP."""

    def setUp(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.client = socket.create_connection(listener.getsockname(), timeout=20)
            self.addCleanup(self.client.close)
            served, _ = listener.accept()
        self.thread = threading.Thread(target=sink.serve, args=(served,), daemon=True)
        self.thread.start()

    def ask(self, path, headers, framed):
        self.client.sendall(f"POST {path} HTTP/1.1\r\nHost: sink\r\n{headers}\r\n\r\n".encode() + framed)
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.endswith(b"\n"):
            more = self.client.recv(4096)
            self.assertTrue(more, "the sink closed the connection")
            answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 200 "), head)
        return body.decode().strip()

    def test_counts_a_body_with_a_length_and_keeps_the_connection(self):
        for _ in range(2):
            self.assertEqual(str(len(BODY)), self.ask("/upload/count", f"Content-Length: {len(BODY)}", BODY))

    def test_counts_a_chunked_body_and_keeps_the_connection(self):
        parts = (BODY[:1], BODY[1:70_000], BODY[70_000:], b"")
        framed = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
        for _ in range(2):
            self.assertEqual(str(len(BODY)), self.ask("/upload/count", "Transfer-Encoding: chunked", framed))

    def test_digest_is_of_the_body_alone(self):
        expected = hashlib.sha256(BODY).hexdigest()
        self.assertEqual(expected, self.ask("/upload/sha256", f"Content-Length: {len(BODY)}", BODY))
        framed = b"3;x=y\r\n%s\r\n%x\r\n%s\r\n0\r\nTrailer: 1\r\n\r\n" % (BODY[:3], len(BODY) - 3, BODY[3:])
        self.assertEqual(expected, self.ask("/upload/sha256", "Transfer-Encoding: chunked", framed))

    def test_ends_with_its_connection(self):
        self.client.close()
        self.thread.join(20)
        self.assertFalse(self.thread.is_alive())


if __name__ == "__main__":
    unittest.main()
