"""Bad input and faults: what clients, upstreams, disks and configurations do wrong."""

import contextlib
import json
import os
import socket
import subprocess
import threading
import time

import httpx
import pytest

import plenum
from plenum import ask, run_events, text_of, wait_until

DIALECTS = list(plenum.DIALECTS)
TERMINAL = {"completed", "incomplete", "failed", "cancelled", "interrupted"}
KEY = "k" * 40


@pytest.fixture(scope="module")
def server(simulator, tmp_path_factory):
    models = ["sim-gap1-words20", "sim-html", "sim-longline", "sim-gap5-words20-cut5", "sim-hang2"]
    running = plenum.Server(
        tmp_path_factory.mktemp("faults"), providers=plenum.three_dialects(simulator.url, models), demo=True,
        environment={"PLENUM_BODY_LIMIT": "1000000"})
    running.start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client
    # Whatever a test did to it: the server still serves.
    assert httpx.get(f"{server.url}/livez", trust_env=False).status_code == 200


def error_of(answer):
    """The error of an answer, after a look at its shape."""
    assert answer.headers["content-type"].startswith("application/json"), answer.text[:300]
    error = answer.json()["error"]
    assert isinstance(error["message"], str) and error["message"]
    assert set(error) >= {"message", "type", "param", "code"}
    return error


# MARK: What clients do wrong


@pytest.mark.parametrize("name", ["simulated/parot", "simulatd/parrot", "parro", "chat/sim-gap1-words2"])
def test_unknown_model_names_near_matches(client, name):
    answer = client.post("/v1/chat/completions", json=ask(name))
    assert answer.status_code == 404
    message = error_of(answer)["message"]
    assert name in message
    assert ("simulated/parrot" if "par" in name else "chat/sim-gap1-words20") in message


@pytest.mark.parametrize("name", ["x", "zzzzzzzzzzzz/qqqqqqqqqqq", "м" * 5000, "../../etc/passwd", "a\u0000b"])
def test_model_like_no_other_is_not_found(client, name):
    answer = client.post("/v1/chat/completions", json=ask(name))
    assert answer.status_code == 404
    assert len(error_of(answer)["message"]) < 500


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/runs", "/v1/conversations"])
@pytest.mark.parametrize("text, position", [
    ('{"model": "simulated/parrot", "messages": [}', 43),
    ('{"model": "simulated/parrot",', 29),
    ('{"model": tru}', 10),
    ('{"a": 1} x', 9),
    ("\ufeff{}x", None),
    ("nonsense", 0),
    ("[1, 2", None),
])
def test_malformed_json_is_refused_with_its_position(client, path, text, position):
    answer = client.post(path, content=text.encode(), headers={"content-type": "application/json"})
    assert answer.status_code == 400
    message = error_of(answer)["message"]
    assert "JSON" in message and "byte" in message, message
    if position is not None:
        told = int(message.split("at byte ")[1].split(".")[0].split()[0])
        assert abs(told - position) <= 4, message


def test_half_a_surrogate_pair_harms_nobody(client):
    body = b'{"model": "simulated/parrot", "messages": [{"role": "user", "content": "\\ud800!"}]}'
    answer = client.post("/v1/chat/completions", content=body)
    assert answer.status_code in (200, 400)
    answer.content.decode("utf-8")


def test_invalid_utf8_is_refused(client):
    bad = b'{"model": "simulated/parrot", "messages": [{"role": "user", "content": "\xff\xfe"}]}'
    answer = client.post("/v1/chat/completions", content=bad)
    assert answer.status_code == 400
    assert "UTF-8" in error_of(answer)["message"]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/runs", "/v1/conversations"])
def test_body_over_the_limit(client, path):
    answer = client.post(path, content=json.dumps(ask("simulated/parrot", "x" * 1_000_001)))
    assert answer.status_code == 413
    message = error_of(answer)["message"]
    assert "PLENUM_BODY_LIMIT" in message
    assert "0 MiB" not in message, f"the limit is told wrongly: {message}"


def test_body_over_the_limit_without_a_length(client):
    def chunks():
        for _ in range(100):
            yield b"x" * 65_536
    with contextlib.suppress(httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        assert client.post("/v1/chat/completions", content=chunks()).status_code == 413


def test_body_under_the_limit_goes_through(client):
    answer = client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20", "x" * 900_000))
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/runs", "/v1/conversations"])
@pytest.mark.parametrize("text", [
    "[" * 100_000,
    '{"a":' * 100_000,
    '{"model":"simulated/parrot","messages":' + "[" * 100_000,
    '{"model":"simulated/parrot","messages":' + "[" * 100_000 + "]" * 100_000 + "}",
    '{"model":"chat/sim-gap1-words20","messages":[{"role":"user","content":"x"}],"extra":'
    + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}",
])
def test_deep_nesting_is_refused(client, path, text):
    answer = client.post(path, content=text)
    assert answer.status_code == 400
    assert client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20")).status_code == 200


@pytest.mark.parametrize("path, body", [
    ("/v1/chat/completions", []), ("/v1/chat/completions", "text"), ("/v1/chat/completions", {}),
    ("/v1/chat/completions", {"model": 7}), ("/v1/chat/completions", {"model": "simulated/parrot"}),
    ("/v1/chat/completions", {"model": "simulated/parrot", "messages": {}}),
    ("/v1/chat/completions", {"model": "simulated/parrot", "messages": [7]}),
    ("/v1/chat/completions", {**ask("simulated/parrot"), "stream": "yes"}),
    ("/v1/chat/completions", {**ask("simulated/parrot"), "conversation": 7}),
    ("/v1/chat/completions", {**ask("simulated/parrot"), "max_tokens": "many"}),
    ("/v1/chat/completions", {**ask("simulated/parrot"), "tools": 1}),
    ("/v1/conversations", []), ("/v1/conversations", {"title": 7}), ("/v1/conversations", {"metadata": "x"}),
    ("/v1/conversations", {"items": [{"role": "wizard", "content": "x"}]}),
    ("/v1/conversations", {"items": [{"role": "user", "content": ""}]}),
    ("/v1/conversations", {"items": [{"role": "user", "content": [{"type": "telepathy"}]}]}),
    ("/v1/runs", []), ("/v1/runs", {"seats": 1, "input": "x"}), ("/v1/runs", {"models": ["x"], "input": 7}),
])
def test_wrong_types_are_refused(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 400, answer.text[:300]
    error_of(answer)


@pytest.mark.parametrize("path", [
    "/v1/nothing", "/v1/conversations/x", "/v1/conversations/conv_", "/v1/generations/gen_0", "/v1/models/nobody/nothing",
    "/v1/conversations/conv_%00", "/v1/runs/run_%ff%fe/events", "/v1/generation?id=", "/%2e%2e/%2e%2e/etc/passwd",
])
def test_nothing_there(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    error_of(answer)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after=x", "order=up", "limit=99999999999999999999"])
def test_bad_pages_are_refused(client, query):
    answer = client.get(f"/v1/conversations?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in error_of(answer)["message"]


@pytest.mark.parametrize("request_bytes", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x00" * 10_000,
])
def test_what_is_no_http_harms_nobody(server, client, request_bytes):
    with socket.create_connection(("127.0.0.1", server.port), 5) as link:
        link.settimeout(2)
        with contextlib.suppress(OSError):
            link.sendall(request_bytes)
            answer = link.recv(4096)
            assert not answer.startswith(b"HTTP/1.1 200")


def test_clients_that_leave_at_any_moment_harm_nobody(server, client):
    body = json.dumps(ask("chat/sim-gap1-words20", stream=True)).encode()
    request = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
               b"Content-Length: %d\r\n\r\n" % len(body)) + body
    for cut in range(1, len(request), 7):
        with socket.create_connection(("127.0.0.1", server.port), 5) as link:
            link.sendall(request[:cut])
    for wait in (0, 0.001, 0.005, 0.01, 0.02, 0.03):
        link = socket.create_connection(("127.0.0.1", server.port), 5)
        link.sendall(request)
        time.sleep(wait)
        plenum.reset(link)


# MARK: What upstreams do wrong


def broken_off(answer):
    """A stream that tells of an error, and of no end that was not: the format's terminator may follow, nothing else."""
    chunks = [data for _, _, data in plenum.events(answer.text.splitlines())]
    if chunks and chunks[-1] == "[DONE]":
        chunks.pop()
    assert chunks and "error" in json.loads(chunks[-1]), answer.text[:500]
    assert "[DONE]" not in chunks
    for chunk in map(json.loads, chunks[:-1]):
        assert not any(choice["finish_reason"] for choice in chunk["choices"]), "an end was made up"


def generation(client, answer):
    return client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_upstream_answers_html(client, dialect, streamed):
    answer = client.post("/v1/chat/completions", json=ask(f"{dialect}/sim-html", stream=streamed))
    assert "<html" not in answer.text and "nginx" not in answer.text, "the upstream's page reached the client"
    if answer.headers["content-type"].startswith("text/event-stream"):
        broken_off(answer)
    else:
        assert answer.status_code == 502
        error_of(answer)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_upstream_sends_a_line_of_10_mb(server, client, dialect, streamed):
    before = memory(server)
    answer = client.post("/v1/chat/completions", json=ask(f"{dialect}/sim-longline", stream=streamed))
    assert len(answer.content) < 10_000
    if answer.headers["content-type"].startswith("text/event-stream"):
        broken_off(answer)
    else:
        assert answer.status_code == 502
        error_of(answer)
    assert memory(server) - before < 150 << 20


def memory(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_upstream_ends_without_its_terminator(client, dialect):
    with client.stream(
            "POST", "/v1/chat/completions", json=ask(f"{dialect}/sim-gap5-words20-cut5", stream=True)) as answer:
        chunks = list(plenum.chat_chunks(answer))
    assert [chunk for chunk in chunks if "error" in chunk], "nobody was told that the answer is not whole"
    assert plenum.chat_text([chunk for chunk in chunks if "choices" in chunk]) == "word1 word2 word3 word4 word5 "
    kept = generation(client, answer)
    assert kept["status"] == "failed" and kept["error"]["code"] == "upstream_interrupted"


def at_head(link, call):
    plenum.reset(link)


def after_head(link, call):
    link.sendall(plenum.head(length=500))
    plenum.reset(link)


def in_body(link, call):
    link.sendall(plenum.head(length=500) + b'{"id": "x"')
    time.sleep(0.05)
    plenum.reset(link)


def short_body(link, call):
    link.sendall(plenum.head(length=500) + b'{"id": "x"')


def no_http(link, call):
    link.sendall(b"220 smtp.example.com ESMTP\r\n")


def not_json(link, call):
    return plenum.whole(link, "certainly!")


def empty(link, call):
    return plenum.whole(link, "")


def wrong_shape(link, call):
    return plenum.whole(link, '{"choices": 7, "content": 7, "candidates": 7}')


def deep(link, call):
    return plenum.whole(link, "[" * 200_000)


def redirect(link, call):
    return plenum.whole(link, "", status="302 Found\r\nLocation: http://127.0.0.1:1/")


def endless_head(link, call):
    link.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        link.sendall(b"X-%d: %s\r\n" % (number, b"y" * 1000))


SCRIPTS = [
    at_head, after_head, in_body, short_body, no_http, not_json, empty, wrong_shape, deep, redirect, endless_head]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_upstream_breaks(make_server, upstream, dialect, streamed, script):
    far = upstream(script)
    server = make_server(providers={"providers": [plenum.provider("far", dialect, far.url, ["m"])]})
    with server.client(timeout=20) as client:
        answer = client.post("/v1/chat/completions", json=ask("far/m", stream=streamed))
        if answer.headers["content-type"].startswith("text/event-stream"):
            broken_off(answer)
        else:
            assert answer.status_code in (502, 503, 504), answer.text[:300]
            error_of(answer)
        rows = client.get("/v1/usage").json()["data"]
        # What cannot have been billed is tried once more; the ledger tells of every call.
        calls = len(far.calls)
        assert calls in (1, 2)
        assert [(row["requests"], row["failures"]) for row in rows] == [(calls, calls)], "the ledger does not tell of it"


def test_upstream_that_is_not_there(make_server):
    url = f"http://127.0.0.1:{plenum.free_port()}"
    server = make_server(providers=plenum.three_dialects(url, ["m"]))
    with server.client() as client:
        for dialect in DIALECTS:
            answer = client.post("/v1/chat/completions", json=ask(f"{dialect}/m"))
            assert answer.status_code in (502, 503)
            assert dialect in error_of(answer)["message"]


@pytest.mark.parametrize("piece", [1, 7])
def test_upstream_that_dribbles_is_read_whole(make_server, upstream, piece):
    def script(link, call):
        body = plenum.head(kind="text/event-stream") + plenum.chat_delta("Grüße, 日本 ") + plenum.chat_delta("\U0001f600") + (
            b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n')
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(body), piece):
            link.sendall(body[start:start + piece])
            time.sleep(0.0005)
    far = upstream(script)
    server = make_server(providers={"providers": [plenum.provider("far", "chat", far.url, ["m"])]})
    with server.client() as client, client.stream(
            "POST", "/v1/chat/completions", json=ask("far/m", stream=True)) as answer:
        chunks = list(plenum.chat_chunks(answer))
    assert chunks[-1] == "[DONE]"
    assert plenum.chat_text(chunks) == "Grüße, 日本 \U0001f600"


# MARK: Clients that leave


def hang_at_once(link, call):
    plenum.wait_for_close(link, call)


def hang_after_head(link, call):
    kind = "text/event-stream" if call.json.get("stream") or "alt=sse" in call.head else "application/json"
    link.sendall(plenum.head(kind=kind, length=None if "stream" in kind else 1000))
    plenum.wait_for_close(link, call)


def hang_after_text(link, call):
    link.sendall(plenum.head(kind="text/event-stream") + plenum.chat_delta("Well, "))
    plenum.wait_for_close(link, call)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("in_conversation", [False, True], ids=["alone", "conversation"])
@pytest.mark.parametrize("dialect, script", [
    *[(dialect, script) for dialect in DIALECTS for script in (hang_at_once, hang_after_head)],
    ("chat", hang_after_text),
], ids=lambda value: getattr(value, "__name__", value))
def test_leaving_closes_the_upstream(make_server, upstream, dialect, script, streamed, in_conversation):
    if script is hang_after_text and not streamed:
        script = hang_after_head
    far = upstream(script)
    server = make_server(providers={"providers": [plenum.provider("far", dialect, far.url, ["m"])]})
    body = ask("far/m", stream=streamed)
    with server.client() as client:
        if in_conversation:
            body["conversation"] = client.post("/v1/conversations", json={}).json()["id"]
        left = leave_while_waiting(server, body, lambda: far.calls)
        closed = wait_until(lambda: far.calls[0].closed_at, limit=5, what="the upstream's connection closed")
        assert closed - left <= 1.0, f"the upstream call went on for {closed - left:.2f} s after the client left"
        def row():
            rows = client.get("/v1/usage").json()["data"]
            return rows and rows[0]["requests"] == 1
        wait_until(row, what="the ledger tells of the call")
        if in_conversation:
            items = client.get(f"/v1/conversations/{body['conversation']}/items").json()["data"]
            assert [item["status"] for item in items] in (["completed", "cancelled"], [])
            if streamed:
                assert len(items) == 2, "the question is not kept"
            # The conversation can go on.
            far.script = lambda link, call: plenum.whole(link, plenum.reply(dialect, "Hello again."))
            answer = client.post("/v1/chat/completions", json={**body, "stream": False})
            assert answer.status_code == 200, answer.text[:300]
    with server.snapshot() as database:
        assert database.execute("SELECT count(*) FROM generation WHERE status = 'in_progress'").fetchone() == (0,)


def leave_while_waiting(server, body, reached):
    """Sends a request, and closes the connection once it has reached the upstream; returns when that was."""
    data = json.dumps(body).encode()
    with socket.create_connection(("127.0.0.1", server.port), 5) as link:
        link.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(data)
                     + data)
        wait_until(reached, what="the request reached the upstream")
        time.sleep(0.15)
        return time.monotonic()


def test_leaving_a_stream_keeps_the_text(make_server, upstream):
    far = upstream(hang_after_text)
    server = make_server(providers={"providers": [plenum.provider("far", "chat", far.url, ["m"])]})
    with server.client() as client:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        with client.stream(
                "POST", "/v1/chat/completions", json=ask("far/m", stream=True, conversation=conversation)) as answer:
            for chunk in plenum.chat_chunks(answer):
                if plenum.chat_text([chunk]) == "Well, ":
                    break
        def item():
            last = client.get(f"/v1/conversations/{conversation}/items").json()["data"][-1]
            return last if last["status"] in TERMINAL else None
        kept = wait_until(item)
        assert (kept["status"], text_of(kept)) == ("cancelled", "Well, ")


def test_a_busy_conversation_says_so(make_server, upstream):
    far = upstream(hang_after_text)
    server = make_server(providers={"providers": [plenum.provider("far", "chat", far.url, ["m"])]})
    with server.client() as client:
        body = ask("far/m", stream=True, conversation=client.post("/v1/conversations", json={}).json()["id"])
        with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            # A generator that is dropped would close the stream.
            chunks = plenum.chat_chunks(answer)
            next(chunks)
            refused = client.post("/v1/chat/completions", json=body)
            assert refused.status_code == 409
            assert int(refused.headers["retry-after"]) >= 1
            assert chunks


# MARK: Storage


def test_second_process_on_one_database_is_refused(make_server):
    first = make_server(demo=True)
    second = plenum.Server(first.folder / "second", demo=True, storage=f"sqlite:{first.database}")
    second.spawn()
    assert second.end() != 0
    assert str(first.database) in second.log and str(first.process.pid) in second.log, second.log
    with first.client() as client:
        assert client.post("/v1/chat/completions", json=ask("simulated/parrot")).status_code == 200
    # By another name it is the same file.
    link = first.folder / "other.sqlite"
    link.symlink_to(first.database)
    third = plenum.Server(first.folder / "third", demo=True, storage=f"sqlite:{link}")
    third.spawn()
    assert third.end() != 0
    # The dead hold nothing.
    first.kill()
    second.start()
    second.kill()


def test_path_that_cannot_be_written(make_server, tmp_path):
    (tmp_path / "file").write_text("no folder")
    for path in (tmp_path / "file" / "plenum.sqlite", tmp_path, "/proc/plenum.sqlite"):
        server = make_server(start=False, demo=True, storage=f"sqlite:{path}")
        server.spawn()
        assert server.end() not in (0, -6, -11)
        assert str(path) in server.log or str(tmp_path / "file") in server.log or "/proc" in server.log, server.log
        assert "Fatal error" not in server.log


def test_file_that_is_no_database(make_server, tmp_path):
    path = tmp_path / "plenum.sqlite"
    path.write_bytes(b"I am a diary, not a database. " * 1000)
    server = make_server(start=False, demo=True, storage=f"sqlite:{path}")
    server.spawn()
    assert server.end() not in (0, -6, -11)
    assert str(path) in server.log, server.log
    assert path.read_bytes() == b"I am a diary, not a database. " * 1000


@pytest.mark.parametrize("storage", ["mysql://x", "sqlite:", "sqlit:x", "plenum.sqlite"])
def test_storage_that_there_is_not(make_server, storage):
    server = make_server(start=False, demo=True, storage=storage)
    server.spawn()
    assert server.end() not in (0, -6, -11)
    assert "Error" in server.log or "error" in server.log


@contextlib.contextmanager
def mounted(folder, size):
    """A file system of its own, of a few megabytes."""
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        pytest.skip("a file system of its own can be mounted by root alone")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "plenum-test", folder], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"this machine lets nobody mount a file system: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_read_only_data_folder(make_server, tmp_path):
    folder = tmp_path / "read-only"
    with mounted(folder, "8m"):
        first = make_server(demo=True, storage=f"sqlite:{folder}/plenum.sqlite")
        with first.client() as client:
            assert client.post("/v1/chat/completions", json=ask("simulated/parrot")).status_code == 200
        first.stop()
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        second = make_server(start=False, demo=True, storage=f"sqlite:{folder}/plenum.sqlite")
        second.spawn()
        assert second.end() not in (0, -6, -11)
        assert str(folder) in second.log, second.log
        assert "Read-only" in second.log or "read-only" in second.log, second.log


def test_full_disk(make_server, simulator, tmp_path):
    folder = tmp_path / "small"
    with mounted(folder, "6m"):
        server = make_server(
            providers=plenum.three_dialects(simulator.url, ["sim-gap1-words20", "sim-gap20-words250"]),
            storage=f"sqlite:{folder}/plenum.sqlite")
        with server.client() as client:
            full_disk(server, client, folder)
        server.kill()
        before = server.start()
        with server.client() as client:
            for kept in ACKNOWLEDGED:
                assert client.get(f"/v1/generations/{kept}").json()["status"] == "completed", "an acknowledged reply is lost"
        assert before < plenum.START_LIMIT


ACKNOWLEDGED = []


def full_disk(server, client, folder):
    ACKNOWLEDGED.clear()
    model = "chat/sim-gap1-words20"

    def say(streamed=False, **extra):
        answer = client.post("/v1/chat/completions", json=ask(model, "x" * 20_000, stream=streamed, **extra))
        if answer.status_code == 200 and (not streamed or "[DONE]" in answer.text):
            ACKNOWLEDGED.append(answer.headers["x-generation-id"])
        return answer

    conversation = client.post("/v1/conversations", json={"title": "kept"}).json()["id"]
    assert say(conversation=conversation).status_code == 200
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    # The log may have room of its own left; it does not last.
    for _ in range(500):
        answer = say()
        if answer.status_code != 200:
            break
    assert answer.status_code == 503, answer.text[:300]
    assert "chat/" not in error_of(answer)["message"]
    for _ in range(5):
        assert say().status_code == 503
        streamed = say(streamed=True)
        assert streamed.status_code == 503 or '"error"' in streamed.text and "[DONE]" not in streamed.text
        assert client.post("/v1/conversations", json={"title": "new"}).status_code == 503
        refused = client.post("/v1/runs", json={"kind": "chat", "models": [model], "input": "x" * 20_000})
        assert refused.status_code == 503
    # Reading goes on.
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get(f"/v1/conversations/{conversation}").json()["title"] == "kept"
    assert len(client.get(f"/v1/conversations/{conversation}/items").json()["data"]) == 2
    assert client.get(f"/v1/generations/{ACKNOWLEDGED[-1]}").json()["status"] == "completed"
    assert client.get("/v1/usage").status_code == 200
    # There is room again: everything works, by itself.
    filler.unlink()
    def works():
        return say().status_code == 200
    wait_until(works, limit=5, every=0.1, what="writing after there was room again")
    assert client.get("/readyz").status_code == 200
    assert say(streamed=True, conversation=conversation).status_code == 200
    assert client.post("/v1/runs", json={"kind": "chat", "models": [model], "input": "x"}).json()["status"] == "completed"
    assert server.is_alive


@pytest.mark.parametrize("in_conversation", [False, True], ids=["alone", "conversation"])
def test_disk_that_fills_up_in_the_middle_of_a_stream(make_server, simulator, tmp_path, in_conversation):
    folder = tmp_path / "small"
    with mounted(folder, "6m"):
        server = make_server(
            providers=plenum.three_dialects(simulator.url, ["sim-gap20-words150", "sim-gap1-words20"]),
            storage=f"sqlite:{folder}/plenum.sqlite")
        with server.client() as client:
            body = ask("chat/sim-gap20-words150", stream=True)
            if in_conversation:
                body["conversation"] = client.post("/v1/conversations", json={}).json()["id"]
            with client.stream("POST", "/v1/chat/completions", json=body) as answer:
                chunks, text = plenum.chat_chunks(answer), ""
                while text.count(" ") < 10:
                    text += plenum.chat_text([next(chunks)])
                fill_up(server, folder)
                rest = list(chunks)
            if any("error" in chunk for chunk in rest if chunk != "[DONE]"):
                expected = TERMINAL - {"completed"}
            else:
                assert rest[-1] == "[DONE]"
                assert generation(client, answer)["status"] == "completed", "the end was told of a reply that is not kept"
                expected = {"completed"}
            (folder / "filler").unlink()
            wait_until(
                lambda: client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20")).status_code == 200,
                every=0.1, what="writing after there was room again")
            # The reply that could not be ended then is ended now; nobody has to restart for it.
            wait_until(
                lambda: generation(client, answer)["status"] in expected, what=f"the reply is one of {sorted(expected)}")
            if in_conversation:
                again = client.post("/v1/chat/completions", json={**body, "stream": False})
                assert again.status_code == 200, f"the conversation cannot go on: {again.text[:300]}"
        server.kill()
        server.start()
        with server.client() as client:
            assert generation(client, answer)["status"] in TERMINAL


def fill_up(server, folder):
    """Takes the last of the room, and what the log had left of its own."""
    with open(folder / "filler", "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    with server.client() as other:
        for _ in range(500):
            if other.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20", "x" * 20_000)).status_code == 503:
                return
    pytest.fail("a full disk was never noticed")


# MARK: Configuration


@pytest.mark.parametrize("text, told", [
    ('{"providers": [\n  {"id": "a",\n   "format": }\n]}', ["line 3"]),
    ("", ["JSON", "line 1"]),
    ("[]", ["providers.json", "object"]),
    ("{}", ["providers"]),
    ('{"providers": 7}', ["providers.json.providers", "list"]),
    ('{"providers": [{"id": "a", "format": "openai-chat"}]}', ["providers[0]", "baseURL"]),
    ('{"providers": [{"id": "a", "format": "openai-chatt", "baseURL": "http://x"}]}',
     ["providers[0].format", "openai-chat"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseUrl": "http://x"}]}', ["providers[0]", "baseUrl"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "x.com"}]}', ["providers[0].baseURL", "http"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x"}, 7]}', ["providers[1]"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x"},'
     ' {"id": "a", "format": "gemini", "baseURL": "http://x"}]}', ['"a"']),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x", "models": [{"name": "x"}]}]}',
     ["providers[0].models[0]", "id"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x",'
     ' "models": [{"id": "m"}, {"id": "m"}]}]}', ["providers[0].models[1]", "m"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x",'
     ' "models": [{"id": "m", "price": {"input": "three", "output": "1"}}]}]}',
     ["providers[0].models[0].price.input"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x",'
     ' "models": [{"id": "m", "context": "big"}]}]}', ["providers[0].models[0].context"]),
    ('{"providers": [{"id": "a", "format": "openai-chat", "baseURL": "http://x", "quirks": {"nonsense": 1}}]}',
     ["providers[0].quirks"]),
    ('{"providers": [' + "[" * 100_000, ["JSON"]),
])
def test_mistake_in_providers_file_says_where(make_server, text, told):
    server = make_server(start=False, providers=text)
    server.spawn()
    try:
        code = server.end(5)
    except subprocess.TimeoutExpired:
        pytest.fail("the server started with a wrong providers.json")
    assert code not in (0, -6, -11)
    for word in told:
        assert word in server.log, server.log[-1500:]


def test_alias_that_leads_nowhere_is_told(make_server):
    server = make_server(providers={"providers": [], "aliases": {"fast": "nobody/nothing"}}, start=False)
    with contextlib.suppress(plenum.StartError):
        server.start()
    assert "nobody/nothing" in server.log, "nobody is told of an alias that stands for no model"


def test_providers_file_that_is_not_there(make_server, tmp_path):
    server = make_server(start=False, arguments=["--providers", str(tmp_path / "none.json")])
    server.spawn()
    assert server.end() != 0
    assert str(tmp_path / "none.json") in server.log


def test_missing_key_is_named(make_server):
    providers = {"providers": [plenum.provider("far", "chat", "http://127.0.0.1:1", ["m"], keyEnv="FAR_API_KEY")]}
    server = make_server(providers=providers)
    with server.client() as client:
        [far] = [model for model in client.get("/v1/models").json()["data"] if model["id"] == "far/m"]
        assert far["available"] is False and "FAR_API_KEY" in far["unavailable_reason"]
        answer = client.post("/v1/chat/completions", json=ask("far/m"))
        assert answer.status_code >= 400 and "FAR_API_KEY" in error_of(answer)["message"]
        models = {model["id"] for model in client.get("/v1/models?available=true").json()["data"]}
        panels = {"plenum/vote", "plenum/fusion", "plenum/council", "plenum/debate", "plenum/auto"}
        assert models - panels == {"simulated/parrot", "simulated/oracle", "simulated/sphinx"}


@pytest.mark.parametrize("variable, value", [
    ("PLENUM_BODY_LIMIT", "lots"), ("PLENUM_BODY_LIMIT", "-1"), ("PLENUM_LOG_LEVEL", "loud")])
def test_wrong_settings_are_named(make_server, variable, value):
    server = make_server(start=False, demo=True, environment={variable: value})
    server.spawn()
    assert server.end() != 0
    assert value in server.log


def test_port_that_is_taken(make_server):
    first = make_server(demo=True)
    second = make_server(start=False, demo=True, arguments=["--port", str(first.port)])
    second.spawn()
    assert second.end() not in (0, -6, -11)


# MARK: Who may come in


@pytest.mark.parametrize("host, expected", [
    ("localhost", 200), ("127.0.0.1", 200), ("localhost:1234", 200), ("[::1]:80", 200), ("LOCALHOST", 200),
    ("evil.example", 403), ("evil.example:80", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil.example", 403),
    ("127.0.0.2", 403), ("[::2]", 403),
])
def test_host_header(client, host, expected):
    answer = client.get("/v1/models", headers={"host": host})
    assert answer.status_code == expected
    if expected == 403:
        error_of(answer)


@pytest.mark.parametrize("origin, expected", [
    ("http://localhost:3000", 200), ("http://127.0.0.1", 200), ("http://[::1]:8080", 200),
    ("https://evil.example", 403), ("http://localhost.evil.example", 403), ("null", 403),
    ("http://localhost@evil.example", 403),
])
@pytest.mark.parametrize("method, path", [("GET", "/v1/conversations"), ("POST", "/v1/conversations")])
def test_origin_header(client, method, path, origin, expected):
    answer = client.request(method, path, headers={"origin": origin}, json={} if method == "POST" else None)
    assert answer.status_code == expected


def test_page_of_a_stranger_cannot_spend(client):
    """A form of another site can post text/plain without asking first: its origin gives it away."""
    answer = client.post(
        "/v1/chat/completions", content=json.dumps(ask("simulated/parrot")),
        headers={"content-type": "text/plain", "origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_open_address_without_a_key_is_refused(make_server, host):
    server = make_server(start=False, demo=True, host=host)
    server.spawn()
    assert server.end() not in (0, -6, -11)
    assert "PLENUM_MASTER_KEY" in server.log and "32" in server.log
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), 1)
    assert not server.database.exists(), "a server that refused to start made a database"


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_short_key_is_refused(make_server, host):
    server = make_server(start=False, demo=True, host=host, environment={"PLENUM_MASTER_KEY": "k" * 31})
    server.spawn()
    assert server.end() not in (0, -6, -11)
    assert "32" in server.log and "k" * 31 not in server.log


def test_open_address_with_a_key(make_server):
    server = make_server(demo=True, host="0.0.0.0", environment={"PLENUM_MASTER_KEY": KEY, "PLENUM_LOG_LEVEL": "trace"})
    with server.client() as client:
        paths = [("GET", "/v1/models"), ("GET", "/v1/conversations"), ("POST", "/v1/chat/completions"),
                 ("POST", "/v1/runs"), ("GET", "/v1/usage"), ("GET", "/api/v1/models"), ("GET", "/v1/nothing")]
        wrong = [{}, {"authorization": "Bearer " + "x" * 40}, {"authorization": f"Basic {KEY}"}, {"x-api-key": KEY + "k"},
                 {"x-api-key": KEY[:-1]}, {"x-goog-api-key": ""}, {"authorization": "Bearer"}]
        for method, path in paths:
            for headers in wrong:
                answer = client.request(method, path, headers=headers)
                assert answer.status_code == 401, (method, path, headers)
                assert KEY not in answer.text
        assert client.get("/v1/models?key=wrong").status_code == 401
        for headers, query in [
            ({"authorization": f"Bearer {KEY}"}, ""), ({"authorization": f"bearer {KEY}"}, ""),
            ({"x-api-key": KEY}, ""), ({"x-goog-api-key": KEY}, ""), ({}, f"?key={KEY}")]:
            assert client.get(f"/v1/models{query}", headers=headers).status_code == 200, headers
            assert client.post(f"/v1/chat/completions{query}", headers=headers,
                               json=ask("simulated/parrot")).status_code == 200
        # Any name leads to an open server; probes know no key.
        named = {"host": "plenum.example", "authorization": f"Bearer {KEY}"}
        assert client.get("/v1/models", headers=named).status_code == 200
        assert client.get("/livez").status_code == client.get("/readyz").status_code == 200
    server.stop()
    assert KEY not in server.log, "the master key is in the log"


# MARK: The end


def test_sigterm_when_idle_is_quick(make_server):
    server = make_server(demo=True)
    with server.client() as client:
        client.get("/v1/models")
        # The connection stays open: that must not hold up the end.
        code, seconds = server.stop()
    assert code == 0
    assert seconds < 3, f"an idle server took {seconds:.1f} s to stop"


def live_streams(server, models):
    """Opens streams, one in a conversation each; returns what threads collect: (text, ended, conversation)."""
    collected = []

    def follow(model):
        with server.client(timeout=60) as client:
            conversation = client.post("/v1/conversations", json={}).json()["id"]
            entry = {"conversation": conversation, "text": "", "end": None, "model": model}
            collected.append(entry)
            with contextlib.suppress(httpx.HTTPError), client.stream(
                    "POST", "/v1/chat/completions", json=ask(model, stream=True, conversation=conversation)) as answer:
                for chunk in plenum.chat_chunks(answer):
                    if chunk == "[DONE]" or "error" in chunk:
                        entry["end"] = chunk
                    else:
                        entry["text"] += plenum.chat_text([chunk])

    threads = [threading.Thread(target=follow, args=(model,), daemon=True) for model in models]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(collected) == len(models) and all(entry["text"] for entry in collected))
    return collected, threads


@pytest.mark.parametrize("words, limit", [(100, 10), (5000, 33)], ids=["short stream", "endless stream"])
def test_sigterm_under_work(make_server, simulator, words, limit):
    model = f"sim-gap20-words{words}"
    server = make_server(providers=plenum.three_dialects(simulator.url, [model]))
    collected, threads = live_streams(server, [f"{dialect}/{model}" for dialect in DIALECTS])
    with server.client() as client:
        run = client.post("/v1/runs", json={
            "kind": "compare", "models": [f"chat/{model}", f"gem/{model}"], "input": "x", "background": True}).json()
    time.sleep(0.5)
    code, seconds = server.stop(40)
    for thread in threads:
        thread.join(5)
    assert seconds < limit, f"the server took {seconds:.1f} s to stop"
    server.start()
    with server.snapshot() as database:
        for table in ("message", "generation", "run"):
            assert database.execute(
                f"SELECT count(*) FROM {table} WHERE status IN ('queued', 'in_progress')").fetchone() == (0,)
    with server.client() as client:
        for entry in collected:
            item = client.get(f"/v1/conversations/{entry['conversation']}/items").json()["data"][-1]
            if entry["end"] == "[DONE]":
                assert (item["status"], text_of(item)) == ("completed", entry["text"])
            else:
                assert item["status"] == "interrupted", f"a stream that the stop broke off is {item['status']}"
                assert text_of(item).startswith(entry["text"]), "text that was shown is not kept after an orderly stop"
            if words == 100:
                assert entry["end"] == "[DONE]", "a stream that needed 2 s more was not given them"
        run = client.get(f"/v1/runs/{run['id']}").json()
        assert run["status"] in ("completed", "interrupted")
        for seat in run["seats"]:
            assert seat["status"] == run["status"]
            assert text_of(seat["message"]).startswith("word1 word2 ")
    assert code == 0, f"an orderly stop ended with {code}:\n{server.log[-1500:]}"


# MARK: Secrets


def test_secrets_stay_inside(make_server, upstream):
    keys = {
        "CHAT_KEY": "sk-canary-5f2a9c71e0b84d36", "CLAUDE_KEY": "sk-ant-canary-93b1e7d2c4f05a68",
        "GEM_KEY": "AIzaCanary7c1f0e9d8b2a4635", "PLAIN_KEY": "canary0plain0a1b2c3d4e5f60718",
    }
    credentials = {name: [] for name in keys}

    def script(link, call):
        """Tells the key back in every way that an upstream could."""
        key = next((key for key in keys.values() if key in call.head), "")
        for name, value in keys.items():
            if value == key:
                credentials[name].append(call.head)
        what = call.body.decode()
        if "as json" in what:
            body = json.dumps({"error": {"message": f"Incorrect API key provided: {key}. Header: Bearer {key}",
                                         "type": "invalid_request_error", "code": key, "param": key}})
            return plenum.whole(link, body, status="401 Unauthorized")
        if "as bad request" in what:
            body = json.dumps({"error": {"message": f"key={key} is not liked", "code": 400, "status": key}})
            return plenum.whole(link, body, status="400 Bad Request")
        if "as text" in what:
            return plenum.whole(link, f"denied for {key}", status="403 Forbidden", kind="text/plain")
        if "as page" in what:
            return plenum.whole(link, f"<html>{key}</html>", kind="text/html")
        if "as stream" in what:
            link.sendall(plenum.head(kind="text/event-stream") + b'data: {"error": {"message": "' + key.encode()
                         + b' is exhausted", "type": "x", "code": 500}}\n\n')
            return None
        plenum.reset(link)

    far = upstream(script)
    providers = {"providers": [
        plenum.provider("chat", "chat", far.url, ["m"], keyEnv="CHAT_KEY"),
        plenum.provider("claude", "claude", far.url, ["m"], keyEnv="CLAUDE_KEY"),
        plenum.provider("gem", "gem", far.url, ["m"], keyEnv="GEM_KEY"),
        plenum.provider("plain", "chat", far.url, ["m"], keyEnv="PLAIN_KEY"),
    ]}
    server = make_server(providers=providers, environment={**keys, "PLENUM_LOG_LEVEL": "trace"})
    seen = []
    with server.client() as client:
        for name in ("chat", "claude", "gem", "plain"):
            for how in ("as json", "as bad request", "as text", "as page", "as stream", "not at all"):
                for streamed in (False, True):
                    answer = client.post("/v1/chat/completions", json=ask(f"{name}/m", how, stream=streamed))
                    seen.append((f"{name} {how} streamed={streamed}", answer.text + str(answer.headers)))
                answer = client.post(
                    "/v1/runs", json={"kind": "chat", "models": [f"{name}/m"], "input": how, "stream": True})
                seen.append((f"{name} {how} run", answer.text))
        for path in ("/v1/models", "/v1/usage", "/v1/conversations", "/v1/nothing", "/v1/models/nobody"):
            seen.append((path, client.get(path).text))
    server.stop()
    assert all(credentials.values()), "a provider was never given its key"
    database = b"".join(path.read_bytes() for path in server.database.parent.iterdir())
    leaks = []
    for name, key in keys.items():
        leaks += [f"{name} in the answer to: {where}" for where, text in seen if key in text]
        leaks += [f"{name} in the log"] if key in server.log else []
        leaks += [f"{name} in the database"] if key.encode() in database else []
        # A key in a query ends up in the logs of every proxy on the way.
        leaks += [f"{name} in an address" for head in credentials[name] if key in head.split("\r\n")[0]]
    assert not leaks, "\n".join(leaks)


def test_database_is_for_its_user_alone(make_server):
    server = make_server(demo=True)
    with server.client() as client:
        client.post("/v1/chat/completions", json=ask("simulated/parrot"))
    for path in [server.database.parent, *server.database.parent.iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, f"others may read {path}"
