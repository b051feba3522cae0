"""What the acceptance tests hold in their hands: servers, simulators, scripted upstreams, event streams."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
from pathlib import Path

import httpx

BINARY = os.environ.get("PLENUM", "")
START_LIMIT = 20.0


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, limit=5.0, every=0.01, what="the condition"):
    """Waits for a true value and returns it; fails the test when the time is over."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not come true within {limit} s"
        time.sleep(every)


class StartError(AssertionError):
    """A server that went away instead of serving."""

    def __init__(self, code, log):
        super().__init__(f"plenum ended with {code} instead of serving:\n{log[-3000:]}")
        self.code = code
        self.log = log


class Process:
    """A `plenum` process in a folder of its own, which can be started again and again."""

    def __init__(self, folder, arguments, environment=None, name="server"):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.arguments = arguments
        self.environment = environment or {}
        self.log_path = self.folder / f"{name}.log"
        self.process = None

    def spawn(self):
        """Starts the process and does not wait."""
        # Nothing of the machine's own settings: a real key in the environment must never reach a test.
        kept = ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR", "LANG")
        environment = {key: os.environ[key] for key in kept if key in os.environ}
        environment["PLENUM_DISCOVER"] = "false"
        environment.update(self.environment)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, *self.arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        return self.process

    def end(self, limit=15.0):
        """Waits for the process to end by itself and returns its code."""
        return self.process.wait(limit)

    def kill(self):
        """kill -9"""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def stop(self, limit=35.0):
        """SIGTERM; returns the code and how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server was still there {limit} s after SIGTERM:\n{self.log[-3000:]}")
        return code, time.monotonic() - began

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""


class Server(Process):
    """`plenum serve`"""

    def __init__(self, folder, providers=None, demo=False, storage=None, host="127.0.0.1", environment=None,
                 arguments=()):
        self.port = free_port()
        self.host = host
        self.database = Path(folder) / "data" / "plenum.sqlite"
        storage = storage or f"sqlite:{self.database}"
        line = ["serve", "--host", host, "--port", str(self.port), "--storage", storage, *arguments]
        if demo:
            line.append("--demo")
        Path(folder).mkdir(parents=True, exist_ok=True)
        if providers is not None:
            text = providers if isinstance(providers, (str, bytes)) else json.dumps(providers, indent=2)
            path = Path(folder) / "providers.json"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            line += ["--providers", str(path)]
        super().__init__(folder, line, environment)
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        """Starts the server and waits until it serves; returns the seconds that took."""
        began = time.monotonic()
        self.spawn()
        while True:
            if self.process.poll() is not None:
                raise StartError(self.process.returncode, self.log)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
                link.settimeout(2)
                link.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if link.recv(64).startswith(b"HTTP/1.1 200"):
                    return time.monotonic() - began
            if time.monotonic() - began > START_LIMIT:
                self.kill()
                raise StartError("no answer on /livez", self.log)
            time.sleep(0.005)

    def client(self, timeout=30.0, **options):
        return httpx.Client(base_url=self.url, timeout=timeout, trust_env=False, **options)

    @contextlib.contextmanager
    def snapshot(self):
        """The database as it lies on the disk now, copied with its log, and opened."""
        copy = self.folder / f"copy-{time.monotonic_ns()}"
        copy.mkdir()
        try:
            for suffix in ("", "-wal"):
                source = Path(f"{self.database}{suffix}")
                if source.exists():
                    shutil.copyfile(source, copy / f"copy.sqlite{suffix}")
            database = sqlite3.connect(copy / "copy.sqlite")
            try:
                yield database
            finally:
                database.close()
        finally:
            shutil.rmtree(copy)


class Simulator(Process):
    """`plenum simulate`: an upstream in three dialects over HTTP; `rules` says what it answers to what."""

    def __init__(self, folder, rules=None):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        line = ["simulate", "--port", str(self.port)]
        if rules is not None:
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / "script.json"
            path.write_text(json.dumps({"rules": rules}))
            line += ["--script", str(path)]
        super().__init__(folder, line, name="simulator")

    def calls(self, after=0):
        """What it was called with, oldest first."""
        return httpx.get(f"{self.url}/simulator/calls?after={after}", trust_env=False, timeout=30).json()["data"]

    def mark(self):
        """The number of the last call so far."""
        url = f"{self.url}/simulator/calls?after={1 << 40}"
        return httpx.get(url, trust_env=False, timeout=30).json()["total"]

    def forget(self):
        httpx.delete(f"{self.url}/simulator/calls", trust_env=False).raise_for_status()

    def start(self):
        self.spawn()
        began = time.monotonic()
        while True:
            if self.process.poll() is not None:
                raise StartError(self.process.returncode, self.log)
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/v1/models", trust_env=False).status_code == 200:
                    return self
            if time.monotonic() - began > START_LIMIT:
                self.kill()
                raise StartError("no answer on /v1/models", self.log)
            time.sleep(0.01)


# The provider's id in these tests, its format, and what its base address adds to the simulator's.
DIALECTS = {
    "chat": ("openai-chat", "/v1"),
    "claude": ("anthropic-messages", ""),
    "gem": ("gemini", ""),
}

PRICE = {"input": "3", "output": "15"}


def provider(identifier, dialect, url, models, **members):
    """An entry of providers.json; `url` is the upstream's root."""
    form, path = DIALECTS[dialect]
    listed = [model if isinstance(model, dict) else {"id": model} for model in models]
    return {"id": identifier, "format": form, "baseURL": url + path, "models": listed, **members}


def three_dialects(url, models):
    """providers.json with one upstream behind all three dialects: chat/M, claude/M and gem/M."""
    priced = [{"id": model, "price": PRICE} for model in models]
    return {"providers": [provider(name, name, url, priced) for name in DIALECTS]}


# MARK: Event streams


def events(lines):
    """Reads server-sent events from an iterable of lines, as (event, id, data); comments are passed over."""
    name, number, data = None, None, []
    for line in lines:
        if line == "":
            if data:
                yield name, number, "\n".join(data)
            name, number, data = None, None, []
        elif line.startswith(":"):
            continue
        else:
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "event":
                name = value
            elif field == "id":
                number = value
            elif field == "data":
                data.append(value)


def run_events(response):
    """The events of a run's stream as JSON; each is checked for the promises that all of them keep."""
    for name, number, data in events(response.iter_lines()):
        event = json.loads(data)
        assert event["type"] == name
        assert event["seq"] == int(number)
        yield event


def chat_chunks(response):
    """The chunks of a streamed chat completion as JSON, and "[DONE]" at the end."""
    for _, _, data in events(response.iter_lines()):
        yield data if data == "[DONE]" else json.loads(data)


def chat_text(chunks):
    """The text of streamed chunks."""
    return "".join(
        choice["delta"].get("content") or ""
        for chunk in chunks if chunk != "[DONE]" for choice in chunk.get("choices", []))


class Script:
    """Puts turns' texts together from seat.delta events, by their offsets, and from snapshots.

    Where a seat has one turn, as in a compare, `seats` and `text` name the turns by their seats."""

    def __init__(self):
        self.turns = {}
        self.seat_of = {}
        self.overlaps = 0

    @property
    def seats(self):
        return {(self.seat_of[turn], kind): text for (turn, kind), text in self.turns.items()}

    def take(self, event, strict=True):
        """Takes an event in. `strict`: what was shown before is not shown again."""
        if event["type"] == "snapshot":
            for turn in event["turns"]:
                self.seat_of[turn["turn"]] = turn["seat"]
                for kind in ("text", "reasoning"):
                    if turn[kind]:
                        self.turns[(turn["turn"], kind)] = turn[kind].encode()
        if event["type"] != "seat.delta":
            return
        key = (event["turn"], event["kind"])
        self.seat_of[event["turn"]] = event.get("seat")
        before = self.turns.get(key, b"")
        text, offset = event["text"].encode(), event["offset"]
        assert offset <= len(before), f"bytes {len(before)}..{offset} of seat {event['seat']} were never shown"
        if offset < len(before):
            self.overlaps += 1
            assert not strict, (
                f"seat {event['seat']}: event {event['seq']} begins at byte {offset}, but {len(before)} bytes had been "
                "shown: a client that appends would double text")
            assert text[: len(before) - offset] == before[offset:][: len(text)], "a replayed delta differs"
        self.turns[key] = before[:offset] + text + before[offset + len(text):]

    def text(self, seat, kind="text"):
        return self.seats.get((seat, kind), b"").decode()

    def turn(self, number, kind="text"):
        return self.turns.get((number, kind), b"").decode()


def text_of(item):
    """The text of an item of a conversation."""
    return "".join(part.get("text", "") for part in item["content"] if part["type"] in ("input_text", "output_text"))


def ask(model, text="hello", **members):
    """A body for POST /v1/chat/completions."""
    return {"model": model, "messages": [{"role": "user", "content": text}], **members}


# MARK: A scripted upstream


class Call:
    """A request as the scripted upstream got it."""

    def __init__(self, head, body):
        self.head = head
        self.body = body
        self.at = time.monotonic()
        self.closed_at = None

    @property
    def json(self):
        return json.loads(self.body)


class Upstream:
    """An upstream that does to the byte what its script says.

    `script(link, call)` gets the connection after a request was read. After it returns, the connection is closed unless
    it returned "keep".
    """

    def __init__(self, script):
        self.script = script
        self.calls = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with contextlib.suppress(OSError), link:
            while (call := self._read(link)) is not None:
                self.calls.append(call)
                try:
                    if self.script(link, call) != "keep":
                        return
                except OSError:
                    call.closed_at = call.closed_at or time.monotonic()
                    return

    @staticmethod
    def _read(link):
        data = b""
        while b"\r\n\r\n" not in data:
            more = link.recv(65536)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            more = link.recv(65536)
            if not more:
                return None
            body += more
        return Call(head.decode("latin-1"), body)


def wait_for_close(link, call, limit=30.0):
    """Part of a script: waits until the other side closes, and notes when."""
    link.settimeout(limit)
    try:
        while link.recv(4096):
            pass
    except TimeoutError:
        return
    except OSError:
        pass
    call.closed_at = time.monotonic()


def reset(link):
    """Part of a script: closes the connection with RST."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


def head(status="200 OK", kind="application/json", length=None, extra=""):
    """A response's head; without a length the body ends with the connection."""
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{size}{extra}\r\n".encode()


def whole(link, body, status="200 OK", kind="application/json"):
    """Part of a script: answers with a whole body and keeps the connection."""
    body = body if isinstance(body, bytes) else body.encode()
    link.sendall(head(status, kind, len(body)) + body)
    return "keep"


def reply(dialect, text, tokens=(11, 7)):
    """A whole reply in an upstream's dialect."""
    given, made = tokens
    return json.dumps({
        "chat": {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made},
        },
        "claude": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": given, "output_tokens": made},
        },
        "gem": {
            "candidates": [{
                "content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {
                "promptTokenCount": given, "candidatesTokenCount": made, "totalTokenCount": given + made},
            "modelVersion": "m",
        },
    }[dialect])


def chat_delta(text):
    """A chunk of a streamed chat completion, as an event."""
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
             "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return f"data: {json.dumps(chunk)}\n\n".encode()
