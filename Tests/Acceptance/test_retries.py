"""A provider fails: what can be asked elsewhere is, and no client sees it before the first word."""

import concurrent.futures
import json
import threading
import time

import pytest

import plenum

RATE = 100
SECONDS = 4.0
MODEL = "sim-wait10-gap0-words8"


def two_deployments(one, other):
    priced = [{"id": MODEL, "price": plenum.PRICE}]
    return {"providers": [plenum.provider("chat", "chat", url, priced) for url in (one, other)]}


def test_one_of_two_deployments_is_killed_under_load(simulator, tmp_path, make_server, report):
    doomed = plenum.Simulator(tmp_path / "doomed").start()
    server = make_server(providers=two_deployments(doomed.url, simulator.url))
    statuses, lock = {}, threading.Lock()

    def ask(number):
        streamed = number % 2 == 0
        with server.client() as client:
            body = plenum.ask(f"chat/{MODEL}", f"n{number}", stream=streamed)
            answer = client.post("/v1/chat/completions", json=body)
        is_whole = answer.status_code == 200 and '"error"' not in answer.text
        with lock:
            key = "whole" if is_whole else f"{answer.status_code}: {answer.text[:200]}"
            statuses[key] = statuses.get(key, 0) + 1

    began = time.monotonic()
    total = int(RATE * SECONDS)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        for number in range(total):
            pool.submit(ask, number)
            if number == total // 3:
                doomed.kill()
            time.sleep(max(0.0, began + (number + 1) / RATE - time.monotonic()))
    with server.client() as client:
        calls = sum(row["requests"] for row in client.get("/v1/usage?group_by=model").json()["data"])
        models = [model["id"] for model in client.get("/v1/models?provider=chat").json()["data"]]
    report(f"retries: one of two deployments killed at {RATE} requests/s: {statuses}, {calls / total:.3f} calls a request")
    assert models == [f"chat/{MODEL}"]
    assert statuses == {"whole": total}
    assert calls <= 1.2 * total


def test_attempts_are_rows_of_one_group(upstream, simulator, make_server):
    """A provider that refuses, and one that breaks off before its first word: the client sees the third's answer."""
    def refuse(link, call):
        plenum.whole(link, b'{"error": {"message": "overloaded", "type": "server_error"}}', status="503 Busy")

    def vanish(link, call):
        pass

    one, other = upstream(refuse), upstream(vanish)
    providers = {"providers": [
        plenum.provider("chat", "chat", url, [{"id": MODEL, "price": plenum.PRICE}])
        for url in (one.url, other.url, simulator.url)]}
    server = make_server(providers=providers)
    with server.client() as client:
        answer = client.post("/v1/chat/completions", json=plenum.ask(f"chat/{MODEL}", "hello"))
        assert answer.status_code == 200, answer.text
        last = client.get(f"/v1/generations/{answer.headers['X-Generation-Id']}").json()
        first = client.get(f"/v1/generations/{last['group']}").json()
    assert (last["attempt"], last["status"], last["error"]) == (3, "completed", None)
    assert (first["attempt"], first["status"]) == (1, "failed")
    assert first["http_status"] == 503


# MARK: Seven points where a provider breaks

POINTS = range(1, 8)
# Of a stream these come before the first word.
BEFORE_CONTENT = range(1, 5)
QUICK = {"head": 0.5, "firstContent": 0.5, "idle": 0.5, "total": 1.5}


def breaking(simulator, dialect, fault):
    """One model with two deployments: the first breaks as its name says, the second answers."""
    def entry(upstream, path=""):
        models = [{"id": "m", "upstream": upstream, "price": plenum.PRICE}]
        # Another spelling of the address makes it another deployment.
        url = simulator.url.replace("127.0.0.1", "localhost") if path else simulator.url
        return plenum.provider(dialect, dialect, url, models, timeouts=QUICK)
    return {"providers": [entry(f"sim-gap0-words3-{fault}"), entry("sim-gap0-words3-second", "other")]}


@pytest.mark.parametrize("dialect", plenum.DIALECTS)
@pytest.mark.parametrize("how", ["reset", "stall"])
def test_no_client_sees_a_break_before_the_first_word(simulator, make_server, dialect, how):
    for point in POINTS:
        server = make_server(providers=breaking(simulator, dialect, f"{how}{point}"))
        for streamed in (False, True):
            before = simulator.mark()
            with server.client() as client:
                answer = client.post("/v1/chat/completions", json=plenum.ask(f"{dialect}/m", stream=streamed))
            assert answer.status_code == 200, (point, streamed, answer.text[:300])
            asked = [call["model"] for call in simulator.calls(after=before)]
            where = f"{how}{point} streamed={streamed}: {asked} {answer.text[:500]}"
            if not streamed:
                # A whole answer is nobody's before all of it is there.
                assert answer.json()["choices"][0]["message"]["content"] == "word1 word2 word3 ", where
            chunks = [json.loads(data) for _, _, data in plenum.events(answer.text.splitlines()) if data != "[DONE]"]
            errors = [chunk for chunk in chunks if "error" in chunk]
            text = plenum.chat_text(chunks)
            if streamed and point in BEFORE_CONTENT:
                assert text == "word1 word2 word3 " and not errors, where
            if streamed and point not in BEFORE_CONTENT:
                # Once a word was shown nobody else is asked, and the client is told.
                assert text and len(errors) == 1, where
                assert errors[0]["choices"][0]["finish_reason"] == "error", where
                assert not any("second" in model for model in asked), where
            else:
                assert asked[-1].endswith("second"), where
                # libcurl itself asks once more where a kept connection broke before a byte came.
                assert 2 <= len(asked) <= 3, where
        server.kill()


@pytest.mark.parametrize("fault, code", [
    ("error529", None), ("error500-after0", None), ("status503-retryafterms1", None), ("status429", None),
    ("quota", None), ("status401", None), ("html", None), ("end0", None), ("cut0", None),
    ("status400", "invalid_request_error"), ("toolong", "context_length_exceeded"),
])
@pytest.mark.parametrize("dialect", plenum.DIALECTS)
def test_what_is_asked_elsewhere(simulator, make_server, dialect, fault, code):
    server = make_server(providers=breaking(simulator, dialect, fault))
    for streamed in (False, True):
        with server.client() as client:
            answer = client.post("/v1/chat/completions", json=plenum.ask(f"{dialect}/m", stream=streamed))
        if code is None:
            assert answer.status_code == 200 and "word3" in answer.text and '"error"' not in answer.text, answer.text
        else:
            assert answer.status_code == 400
            assert code in (answer.json()["error"]["code"], answer.json()["error"]["type"])


# MARK: Lists of models


def test_a_list_of_models_goes_across_dialects(simulator, make_server):
    refusing, well = "sim-status503-retryafter60", "sim-gap0-words3"
    for first, second in [("chat", "claude"), ("chat", "gem"), ("claude", "chat"), ("gem", "claude"), ("chat", "chat")]:
        server = make_server(providers=plenum.three_dialects(simulator.url, [refusing, well]))
        for streamed in (False, True):
            before = simulator.mark()
            body = plenum.ask(f"{first}/{refusing}", "hello there", stream=streamed, max_tokens=50,
                              models=[f"{first}/{refusing}", f"{second}/{well}"])
            with server.client() as client:
                answer = client.post("/v1/chat/completions", json=body)
                assert answer.status_code == 200, answer.text
                row = client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()
            if streamed:
                chunks = [json.loads(data) for _, _, data in plenum.events(answer.text.splitlines()) if data != "[DONE]"]
                assert plenum.chat_text(chunks) == "word1 word2 word3 "
                assert {chunk["model"] for chunk in chunks} == {f"{second}/{well}"}
            else:
                assert answer.json()["model"] == f"{second}/{well}"
            asked = simulator.calls(after=before)
            names = {"chat": "openai-chat", "claude": "anthropic-messages", "gem": "gemini"}
            assert [call["dialect"] for call in asked] == [names[first], names[second]]
            assert all("models" not in call["body"] and "hello there" in json.dumps(call["body"]) for call in asked)
            assert row["requested_model"] == f"{first}/{refusing}" and row["model"] == f"{second}/{well}"
        server.kill()


def test_a_list_without_a_model(simulator, make_server):
    server = make_server(providers=plenum.three_dialects(simulator.url, ["sim-gap0-words3"]))
    with server.client() as client:
        for streamed in (False, True):
            body = {"models": ["chat/sim-gap0-words3"], "stream": streamed,
                    "messages": [{"role": "user", "content": "x"}]}
            answer = client.post("/v1/chat/completions", json=body)
            assert answer.status_code == 200 and "word3" in answer.text, answer.text
        row = client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()
    assert row["usage"]["output_tokens"] == 3, "the stream was not asked for its usage"


# MARK: Time


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", plenum.DIALECTS)
def test_a_clients_own_limit(simulator, make_server, dialect, streamed):
    server = make_server(providers=plenum.three_dialects(simulator.url, ["sim-stall2"]))
    with server.client() as client:
        began = time.monotonic()
        answer = client.post("/v1/chat/completions", json=plenum.ask(f"{dialect}/sim-stall2", stream=streamed),
                             headers={"x-request-timeout": "2.5"})
        took = time.monotonic() - began
        assert answer.status_code == 504, answer.text
        assert answer.json()["error"]["code"] == "timeout" and "2.5" in answer.json()["error"]["message"]
        [row] = client.get("/v1/usage").json()["data"]
        assert row["requests"] == 1, "another attempt was begun with no time left"
    assert 2 <= took <= 5, f"the answer took {took:.1f} s"


# MARK: Clients that leave


def test_leaving_closes_the_upstream_at_once(simulator, make_server, report):
    measured = []
    for dialect in plenum.DIALECTS:
        for fault in ("stall2", "stall3", "stall5"):
            model = f"sim-gap0-words5-{fault}"
            server = make_server(providers=plenum.three_dialects(simulator.url, [model]))
            for streamed in (False, True):
                before = simulator.mark()
                data = json.dumps(plenum.ask(f"{dialect}/{model}", stream=streamed)).encode()
                with plenum.socket.create_connection(("127.0.0.1", server.port), 5) as link:
                    link.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                                 b"Content-Length: %d\r\n\r\n" % len(data) + data)
                    plenum.wait_until(lambda: simulator.calls(after=before), what="the call reached the upstream")
                    time.sleep(0.15)
                    left = time.time()
                def ended():
                    [call] = simulator.calls(after=before)
                    return call if call["status"] == "broken" else None
                call = plenum.wait_until(ended, limit=10, what="the upstream's connection closed")
                assert call["broken_by"] == "client"
                measured.append(call["ended_ms"] / 1000 - left)
            server.kill()
    report(f"leaving: upstream closed after at most {max(measured) * 1000:.0f} ms, {len(measured)} ways to leave")
    assert max(measured) <= 3


# MARK: A head that does not come


def comments_and_data(response, moments):
    """Reads a stream's lines, and notes when each came."""
    began = time.monotonic()
    lines = []
    for line in response.iter_lines():
        if line:
            lines.append(line)
            moments.append(time.monotonic() - began)
    return lines


def test_a_stream_has_its_head_before_the_provider_has_said_a_word(upstream, make_server):
    """Three streams, all of whose providers are silent for longer than ten seconds: one answers then, one refuses then, and
    the client of one leaves."""
    left = threading.Event()

    def script(link, call):
        prompt = call.json["messages"][-1]["content"]
        if prompt == "leave":
            plenum.wait_for_close(link, call)
            left.set()
            return
        time.sleep(12)
        if prompt == "refuse":
            return plenum.whole(link, b'{"error": {"message": "no"}}', status="400 Bad Request")
        link.sendall(plenum.head(kind="text/event-stream") + plenum.chat_delta("late") + b"data: [DONE]\n\n")

    source = upstream(script)
    server = make_server(providers={"providers": [plenum.provider("chat", "chat", source.url, ["m"])]})

    def ask(prompt):
        moments, began = [], time.monotonic()
        with server.client(timeout=60) as client:
            body = plenum.ask("chat/m", prompt, stream=True)
            with client.stream("POST", "/v1/chat/completions", json=body) as response:
                head = time.monotonic() - began
                assert response.status_code == 200
                assert response.headers["content-type"].startswith("text/event-stream")
                assert "X-Generation-Id" not in response.headers
                assert 9 < head < 11.5, head
                if prompt == "leave":
                    return None
                return comments_and_data(response, moments)

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answered, refused, _ = pool.map(ask, ["answer", "refuse", "leave"])
    assert answered[0] == ": keepalive"
    assert answered[1].startswith(": x-generation-id gen_")
    assert "late" in answered[2] and answered[-1] == "data: [DONE]"
    assert refused[0] == ": keepalive" and refused[-1] == "data: [DONE]" and len(refused) == 3
    error = json.loads(refused[1].removeprefix("data: "))["error"]
    assert (error["retryable"], error["partial"]) == (False, False)
    assert left.wait(5), "the upstream call went on without a client"
