"""A client that is not itself the limit: many streams in one thread, of which nothing is read but when some words first come."""

import selectors
import socket
import time


class _Stream:
    def __init__(self, port, request, needles):
        self.link = socket.create_connection(("127.0.0.1", port), 10)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link.setblocking(False)
        self.request = request
        self.missing = list(needles)
        self.rest = b""
        self.sent = 0.0
        self.times = {}

    def send(self):
        self.sent = time.perf_counter()
        self.link.sendall(self.request)

    def read(self, now):
        """Reads what is there; false when the stream is over or all words have come."""
        data = self.link.recv(1 << 18)
        text = self.rest + data
        for needle in [needle for needle in self.missing if needle in text]:
            self.missing.remove(needle)
            self.times[needle] = now - self.sent
        self.rest = text[-200:]
        return bool(data) and bool(self.missing)


def post(path, body):
    """A request, as bytes."""
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def first_words(port, request, count, needles, limit=60.0):
    """Sends a request `count` times at once; returns the milliseconds until each of some words first came in each answer."""
    streams = [_Stream(port, request, needles) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for stream in streams:
        selector.register(stream.link, selectors.EVENT_READ, stream)
    for stream in streams:
        stream.send()
    end = time.monotonic() + limit
    while selector.get_map() and time.monotonic() < end:
        ready = selector.select(1)
        now = time.perf_counter()
        for key, _ in ready:
            if not key.data.read(now):
                selector.unregister(key.fileobj)
    lost = [needle for stream in streams for needle in stream.missing]
    # A run goes on without its reader; an upstream call ends with it.
    for stream in streams:
        stream.link.close()
    assert not lost, f"{len(lost)} words never came"
    return sorted(1000 * ms for stream in streams for ms in stream.times.values())
