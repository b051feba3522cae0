"""The same Idempotency-Key never causes a second model call: replays, races, crashes and the official SDK."""

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest

import plenum
from plenum import ask

MODELS = ["sim-gap1-words20", "sim-status429", "sim-gap1-words20-cut5"]
SEED = random.randrange(1 << 32)
KEYS = 300
SENDERS = 24


@pytest.fixture
def server(simulator, make_server):
    return make_server(providers=plenum.three_dialects(simulator.url, MODELS), demo=True)


def scripted(make_server, upstream, script):
    """A server in front of a scripted upstream that offers chat/m."""
    up = upstream(script)
    return make_server(providers={"providers": [plenum.provider("chat", "chat", up.url, ["m"])]}), up


def post(client, key, body, path="/v1/chat/completions"):
    return client.post(path, json=body, headers={"Idempotency-Key": key})


def replayed(response):
    return response.headers.get("idempotent-replayed") == "true"


def question(call):
    """What an upstream call asks."""
    return call.json["messages"][-1]["content"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", list(plenum.DIALECTS))
def test_replay_is_the_same_to_the_byte_also_after_a_crash(server, dialect, stream):
    body = ask(f"{dialect}/sim-gap1-words20", "say it once", stream=stream)
    with server.client() as client:
        first = post(client, "replay-1", body)
        assert first.status_code == 200 and not replayed(first)
        assert b"word20" in first.content
        answers = [post(client, "replay-1", body), post(client, "replay-1", dict(reversed(body.items())))]
        server.kill()
        server.start()
        answers.append(post(client, "replay-1", body))
        for again in answers:
            assert again.status_code == 200 and replayed(again)
            assert again.content == first.content
            for name in ("content-type", "x-generation-id"):
                assert again.headers[name] == first.headers[name]
        usage = client.get("/v1/usage?group_by=model").json()["data"]
        assert sum(row["requests"] for row in usage) == 1


def test_another_body_is_422_and_a_bad_key_400(server):
    with server.client() as client:
        assert post(client, "mismatch", ask("chat/sim-gap1-words20", "one")).status_code == 200
        other = post(client, "mismatch", ask("chat/sim-gap1-words20", "two"))
        assert other.status_code == 422
        assert other.json()["error"]["code"] == "idempotency_key_reused"
        assert other.headers["x-should-retry"] == "false"
        for key in ("", "two words", "x" * 256):
            assert post(client, key, ask("chat/sim-gap1-words20")).status_code == 400
        assert post(client, "x" * 255, ask("chat/sim-gap1-words20")).status_code == 200


def test_a_refusal_gives_the_key_back_and_a_broken_answer_does_not(server):
    with server.client() as client:
        assert post(client, "again", ask("chat/sim-status429")).status_code == 429
        assert post(client, "again", ask("chat/sim-gap1-words20")).status_code == 200
        body = ask("chat/sim-gap1-words20-cut5", stream=True)
        first, again = post(client, "broken", body), post(client, "broken", body)
        assert b"word5" in first.content and b'"error"' in first.content
        assert replayed(again) and again.content == first.content


def test_in_progress_is_409_and_a_kill_in_the_middle_uses_the_key_up(make_server, upstream):
    def script(link, call):
        link.sendall(plenum.head(kind="text/event-stream") + plenum.chat_delta("half "))
        plenum.wait_for_close(link, call)

    server, up = scripted(make_server, upstream, script)
    body = ask("chat/m", stream=True)
    with server.client() as client, server.client() as other:
        with client.stream("POST", "/v1/chat/completions", json=body, headers={"Idempotency-Key": "k"}) as response:
            # A generator that is dropped closes the connection: it is held until the kill.
            lines = response.iter_lines()
            assert "half" in next(lines)
            busy = post(other, "k", body)
            assert busy.status_code == 409
            assert busy.json()["error"]["code"] == "idempotency_in_progress"
            assert busy.headers["retry-after"] == "1" and "x-should-retry" not in busy.headers
            server.kill()
    server.start()
    with server.client() as client:
        for _ in range(2):
            lost = post(client, "k", body)
            assert lost.status_code == 409
            assert lost.json()["error"]["code"] == "idempotency_not_replayable"
            assert lost.headers["x-should-retry"] == "false"
    assert len(up.calls) == 1


def test_a_client_that_leaves_after_content_uses_the_key_up(make_server, upstream):
    def script(link, call):
        link.sendall(plenum.head(kind="text/event-stream") + plenum.chat_delta("half "))
        plenum.wait_for_close(link, call)

    server, up = scripted(make_server, upstream, script)
    body = ask("chat/m", stream=True)
    with server.client() as client:
        with client.stream("POST", "/v1/chat/completions", json=body, headers={"Idempotency-Key": "k"}) as response:
            assert "half" in next(response.iter_lines())
    with server.client() as client:
        def ended():
            answer = post(client, "k", body)
            return answer if answer.status_code == 200 else None

        again = plenum.wait_until(ended, what="the end of the answer that nobody reads")
        assert replayed(again) and b"half" in again.content and b'"error"' in again.content
    assert len(up.calls) == 1


def test_a_run_is_found_again_also_under_way_and_after_a_crash(make_server, upstream):
    gate = threading.Event()

    def script(link, call):
        link.sendall(plenum.head(kind="text/event-stream") + plenum.chat_delta("half "))
        gate.wait(20)
        link.sendall(plenum.chat_delta("whole") + b"data: [DONE]\n\n")

    server, up = scripted(make_server, upstream, script)
    body = {"models": ["chat/m", "chat/m"], "input": "Which?"}
    with server.client() as client, ThreadPoolExecutor(4) as pool:
        begun = post(client, "background", {**body, "background": True}, "/v1/runs")
        assert begun.status_code == 202
        plenum.wait_until(lambda: len(up.calls) == 2, what="both seats' calls")

        def follow():
            with server.client() as other, other.stream(
                    "POST", "/v1/runs", json={**body, "background": True, "stream": True},
                    headers={"Idempotency-Key": "background"}) as response:
                assert response.headers["idempotent-replayed"] == "true"
                return list(plenum.run_events(response))

        followers = [pool.submit(follow) for _ in range(3)]
        gate.set()
        for events in (one.result(20) for one in followers):
            assert [events[0]["type"], events[-1]["type"]] == ["run.created", "run.completed"]
            assert {event["run"] for event in events} == {begun.json()["id"]}
        gate.clear()
        post(client, "crash", {**body, "background": True}, "/v1/runs")
        plenum.wait_until(lambda: len(up.calls) == 4, what="the second run's calls")
    server.kill()
    gate.set()
    server.start()
    with server.client() as client:
        for key, status in (("background", "completed"), ("crash", "interrupted")):
            again = post(client, key, {**body, "background": True}, "/v1/runs")
            assert again.json()["status"] == status and replayed(again)
    assert len(up.calls) == 4


class Senders:
    """Several clients that send the same few keys until each has an answer that is final."""

    def __init__(self, server, bodies):
        self.server = server
        self.bodies = bodies
        self.answers = {key: [] for key in bodies}
        self.lost = set()
        self.surprises = []

    def send(self, key):
        while True:
            try:
                with self.server.client() as client:
                    answer = post(client, key, self.bodies[key])
            except httpx.HTTPError:
                time.sleep(0.02)
                continue
            if answer.status_code == 200:
                return self.answers[key].append(answer)
            code = answer.json()["error"]["code"]
            if code == "idempotency_not_replayable":
                return self.lost.add(key)
            if code != "idempotency_in_progress":
                self.surprises.append((key, answer.status_code, answer.text[:200]))
                return None
            time.sleep(0.02)


def test_keys_under_races_and_kills(make_server, upstream, report):
    chance = random.Random(SEED)

    def script(link, call):
        text = f"answer to {question(call)} number {random.randrange(1 << 40)}"
        time.sleep(random.uniform(0, 0.15))
        if not call.json.get("stream"):
            return plenum.whole(link, plenum.reply("chat", text))
        link.sendall(plenum.head(kind="text/event-stream"))
        for word in text.split():
            link.sendall(plenum.chat_delta(word + " "))
            time.sleep(0.01)
        finish = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                  "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        link.sendall(f"data: {json.dumps(finish)}\n\ndata: [DONE]\n\n".encode())
        return None

    server, up = scripted(make_server, upstream, script)
    bodies = {f"key-{n}": ask("chat/m", f"key-{n}", stream=chance.random() < 0.5) for n in range(KEYS)}
    senders = Senders(server, bodies)
    sends = [key for key in bodies for _ in range(chance.randint(2, 5))]
    kills = 0
    with ThreadPoolExecutor(SENDERS) as pool:
        waiting = [pool.submit(senders.send, key) for key in sends]
        while not all(one.done() for one in waiting):
            time.sleep(chance.uniform(0.2, 0.8))
            if kills < 12:
                server.kill()
                server.start()
                kills += 1
    for one in waiting:
        one.result()
    assert not senders.surprises, f"seed {SEED}: {senders.surprises[:3]}"
    calls = {}
    for call in up.calls:
        calls[question(call)] = calls.get(question(call), 0) + 1
    twice = {key: count for key, count in calls.items() if count > 1}
    assert not twice, f"seed {SEED}: called more than once: {twice}"
    fresh = 0
    for key, answers in senders.answers.items():
        assert answers or key in senders.lost
        # A key that was lost in a crash was answered before it, to one client at most, and never again.
        assert len({answer.content for answer in answers}) <= 1, f"seed {SEED}: {key} has several answers"
        assert len({answer.headers["x-generation-id"] for answer in answers}) <= 1
        fresh += sum(not replayed(answer) for answer in answers)
        assert not (answers and key in senders.lost), f"seed {SEED}: {key} was answered and lost"
    answered = sum(bool(answers) for answers in senders.answers.values())
    report(
        f"idempotency: {KEYS} keys sent {len(sends)} times under {kills} kills, seed {SEED}: {len(up.calls)} calls upstream, "
        f"at most {max(calls.values())} a key; {answered} answered ({fresh} at first hand), {len(senders.lost)} lost in a crash "
        "and refused since")
    assert kills >= 3 and answered >= KEYS // 2


@pytest.mark.parametrize("stream", [False, True])
def test_openai_sdk_repeats_a_request_and_reads_the_same_answer(server, stream):
    def read(reply):
        if not stream:
            return reply.choices[0].message.content
        return "".join(chunk.choices[0].delta.content or "" for chunk in reply if chunk.choices)

    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=30) as client:
        def send(text):
            return client.chat.completions.with_raw_response.create(
                model="claude/sim-gap1-words20", messages=[{"role": "user", "content": text}], stream=stream,
                extra_headers={"Idempotency-Key": "sdk"})

        first = send("hello")
        text = read(first.parse())
        again = send("hello")
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["x-generation-id"] == first.headers["x-generation-id"]
        assert read(again.parse()) == text and "word20" in text
        with pytest.raises(openai.UnprocessableEntityError) as refused:
            send("something else")
        assert refused.value.code == "idempotency_key_reused"


def test_openai_sdk_waits_for_the_answer_that_is_being_written(make_server, upstream):
    gate = threading.Event()

    def script(link, call):
        gate.wait(20)
        return plenum.whole(link, plenum.reply("chat", "slow and once"))

    server, up = scripted(make_server, upstream, script)
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=5, timeout=30) as client, \
            ThreadPoolExecutor(3) as pool:
        def send():
            return client.chat.completions.create(
                model="chat/m", messages=[{"role": "user", "content": "hello"}],
                extra_headers={"Idempotency-Key": "patient"})

        replies = [pool.submit(send)]
        plenum.wait_until(lambda: up.calls, what="the call")
        replies += [pool.submit(send), pool.submit(send)]
        time.sleep(0.3)
        gate.set()
        assert {reply.result(25).choices[0].message.content for reply in replies} == {"slow and once"}
    assert len(up.calls) == 1
