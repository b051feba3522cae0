"""Three Plenums on one database: clients may go to any of them, and any of them may freeze or die."""

import concurrent.futures
import contextlib
import json
import os
import random
import re
import signal
import threading
import time

import pytest

import debating
import plenum
import postgres
from load import stuck

FREEZE = float(os.environ.get("PLENUM_FREEZE_SECONDS", "45"))
MODELS = ["sim-gap5", "sim-gap50-words40", "sim-gap100-words600", "sim-wait300"]


@pytest.fixture
def three(cluster, simulator, make_server):
    """Servers that share a database and an upstream."""
    with cluster.connection() as database:
        database.execute("DROP SCHEMA IF EXISTS plenum CASCADE")
    return [
        make_server(providers=plenum.three_dialects(simulator.url, MODELS), demo=True, storage=cluster.url)
        for _ in range(3)
    ]


def post(server, path, body, **options):
    with server.client() as client:
        return client.post(path, json=body, **options)


def get(server, path):
    with server.client() as client:
        return client.get(path)


def test_a_conversation_goes_on_anywhere(three, report):
    """Sixty clients talk, each turn at another process: every turn is there, in order, and the model was told all of it."""
    def talk(number):
        chance = random.Random(number)
        conversation = post(chance.choice(three), "/v1/conversations", {}).json()["id"]
        for turn in range(4):
            server = three[(number + turn) % 3]
            answer = post(server, "/v1/chat/completions",
                          plenum.ask("simulated/parrot", f"c{number}t{turn}", conversation=conversation))
            assert answer.status_code == 200, answer.text
        items = get(three[(number + 1) % 3], f"/v1/conversations/{conversation}/items?order=asc&limit=100").json()["data"]
        asked = [plenum.text_of(item) for item in items if item["role"] == "user"]
        assert asked == [f"c{number}t{turn}" for turn in range(4)]
        told = [item for item in items if item["role"] == "assistant"]
        assert len(told) == 4 and all(item["status"] == "completed" for item in told)
        assert all(f"c{number}t{turn}" in plenum.text_of(item) for turn, item in enumerate(told))

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(talk, range(60)))
    report("three processes: 60 conversations of 4 turns, each turn at another process: all there, in order")


def test_events_are_followed_through_another_process(three, report):
    """A run lives in one process; its events are read live through the two others, and differ in nothing."""
    body = {"kind": "compare", "input": "hello", "models": ["chat/sim-gap50-words40", "claude/sim-gap50-words40"],
            "background": True}
    run = post(three[0], "/v1/runs", body).json()["id"]
    arrivals = [{}, {}, {}]

    def follow(index):
        script, last = plenum.Script(), None
        with three[index].client() as client, client.stream("GET", f"/v1/runs/{run}/events") as response:
            assert response.status_code == 200
            for event in plenum.run_events(response):
                if event["type"] == "seat.delta":
                    end = event["offset"] + len(event["text"].encode())
                    arrivals[index].setdefault((event["seat"], end), time.monotonic())
                script.take(event)
                last = event
        assert last["type"] == "run.completed" and last["status"] == "completed", last
        return [script.text(seat) for seat in range(2)]

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        texts = list(pool.map(follow, range(3)))
    assert texts[0] == texts[1] == texts[2] and all(texts[0])
    # How much later the same byte was seen elsewhere: each of the others' deltas against the first sight at home.
    lags = []
    for elsewhere in arrivals[1:]:
        for (seat, end), moment in elsewhere.items():
            at_home = [when for (other, byte), when in arrivals[0].items() if other == seat and byte >= end]
            if at_home:
                lags.append(moment - min(at_home))
    lags.sort()
    report(f"three processes: a run's events elsewhere, behind its own process: p50 {lags[len(lags) // 2] * 1000:.0f} ms, "
           f"max {lags[-1] * 1000:.0f} ms ({len(lags)} deltas)")
    assert len(arrivals[1]) > 5, "the events came all at once in the end: nothing was followed"


def test_a_run_is_cancelled_through_another_process(three):
    run = post(three[0], "/v1/runs", {"kind": "compare", "input": "hello", "models": ["chat/sim-gap100-words600"],
                                      "background": True}).json()["id"]
    time.sleep(0.5)
    answer = post(three[1], f"/v1/runs/{run}/cancel", {})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "cancelled"
    assert get(three[2], f"/v1/runs/{run}").json()["seats"][0]["status"] == "cancelled"


def test_one_key_is_one_call(cluster, make_server, upstream, report):
    """Two hundred requests at once with one key, spread over three processes: the model is called once."""
    def script(link, call):
        time.sleep(0.5)
        return plenum.whole(link, plenum.reply("chat", "once"))

    source = upstream(script)
    with cluster.connection() as database:
        database.execute("DROP SCHEMA IF EXISTS plenum CASCADE")
    servers = [make_server(providers={"providers": [plenum.provider("chat", "chat", source.url, ["m"])]},
                           storage=cluster.url) for _ in range(3)]
    gate = threading.Barrier(200)

    def send(number):
        with servers[number % 3].client() as client:
            gate.wait()
            return client.post("/v1/chat/completions", json=plenum.ask("chat/m", "hello"),
                               headers={"Idempotency-Key": "the-one"})

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(send, range(200)))
    statuses = {code: sum(answer.status_code == code for answer in answers) for code in {a.status_code for a in answers}}
    assert len(source.calls) == 1, f"{len(source.calls)} calls for one key"
    assert set(statuses) <= {200, 409} and statuses.get(200, 0) >= 1, statuses
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 409)
    again = [send_again(server) for server in servers]
    assert len(source.calls) == 1
    assert all(answer.status_code == 200 and answer.headers["Idempotent-Replayed"] == "true" for answer in again)
    assert len({answer.text for answer in again}) == 1
    report(f"idempotency: 200 requests with one key over 3 processes: {len(source.calls)} call, answers {statuses}")


def send_again(server):
    return post(server, "/v1/chat/completions", plenum.ask("chat/m", "hello"), headers={"Idempotency-Key": "the-one"})


def test_a_frozen_process_is_fenced(cluster, three, report):
    """SIGSTOP for longer than a lease: its work is marked by the others; woken, it writes nothing of it and serves again."""
    victim, other = three[0], three[1]
    runs = [post(victim, "/v1/runs", {"kind": "compare", "input": f"r{number}", "background": True,
                                      "models": ["chat/sim-gap100-words600", "claude/sim-gap100-words600"]}).json()["id"]
            for number in range(3)]
    conversation = post(victim, "/v1/conversations", {}).json()["id"]
    streamed = []

    def read_stream():
        with contextlib.suppress(Exception), victim.client(timeout=FREEZE + 60) as client:
            body = plenum.ask("chat/sim-gap100-words600", "hello", stream=True, conversation=conversation)
            with client.stream("POST", "/v1/chat/completions", json=body) as response:
                for line in response.iter_lines():
                    streamed.append(line)

    reader = threading.Thread(target=read_stream)
    reader.start()
    time.sleep(2)
    os.kill(victim.process.pid, signal.SIGSTOP)
    frozen_at = time.monotonic()
    try:
        def swept():
            return all(get(other, f"/v1/runs/{run}").json()["status"] == "interrupted" for run in runs)
        plenum.wait_until(swept, limit=60, every=0.5, what="the sweep of a frozen process's runs")
        sweep_after = time.monotonic() - frozen_at
        with contextlib.suppress(AssertionError):
            plenum.wait_until(lambda: time.monotonic() - frozen_at > FREEZE, limit=FREEZE + 1, every=0.5)
        before = {run: get(other, f"/v1/runs/{run}").text for run in runs}
        items = get(other, f"/v1/conversations/{conversation}/items").text
    finally:
        os.kill(victim.process.pid, signal.SIGCONT)
    # Woken: what was under way ends for its clients, too, and nothing that the others have marked changes.
    reader.join(30)
    assert not reader.is_alive(), "the client of a fenced process was told nothing"
    told = "\n".join(streamed)
    assert '"error"' in told and '"finish_reason":"stop"' not in told, told[-600:]
    with victim.client() as client:
        plenum.wait_until(
            lambda: client.post("/v1/chat/completions", json=plenum.ask("simulated/parrot", "again")).status_code == 200,
            limit=20, every=0.2, what="the service of a process that was fenced")
    time.sleep(2)
    assert {run: get(other, f"/v1/runs/{run}").text for run in runs} == before
    assert get(other, f"/v1/conversations/{conversation}/items").text == items
    with cluster.connection() as database:
        assert stuck(database) == 0
        assert database.execute(
            "SELECT count(*) FROM (SELECT run, seat FROM message WHERE run IS NOT NULL AND seat IS NOT NULL "
            "GROUP BY run, seat HAVING count(*) > 1) AS doubled").fetchone()[0] == 0
    assert victim.is_alive
    report(f"three processes: one frozen for {time.monotonic() - frozen_at:.0f} s: its work marked after {sweep_after:.0f} s, "
           "fenced when it woke, nothing written twice, serving again")


def test_a_debate_is_steered_through_another_process(cluster, tmp_path, make_server, report):
    """A debate lives in one process; everything is said to it at another, and its answers are those that it gives at home."""
    models = plenum.Simulator(tmp_path / "debaters", rules=debating.rules(gap=20)).start()
    try:
        with cluster.connection() as database:
            database.execute("DROP SCHEMA IF EXISTS plenum CASCADE")
        home, other = [make_server(providers=debating.providers(models.url), storage=cluster.url) for _ in range(2)]
        with home.client() as here, other.client() as there:
            run = debating.start(here, debating.debate("talk", models=("deb-a", "deb-b"),
                                                       debate={"turns": 30, "summary": True}))
            took = []

            def tell(name, body=None, status=200):
                began = time.monotonic()
                answer = there.post(f"/v1/runs/{run}/{name}", json=body or {})
                took.append(time.monotonic() - began)
                assert answer.status_code == status, answer.text
                return answer.json()

            def turns():
                return here.get(f"/v1/runs/{run}").json()["turns"]

            plenum.wait_until(lambda: len(turns()) > 1, what="a second turn")
            assert tell("pause")["paused"] is True
            # What was under way when it was paused ends; nothing follows.
            plenum.wait_until(lambda: all(turn["status"] == "completed" for turn in turns()), what="the pause")
            paused = len(turns())
            time.sleep(1)
            assert len(turns()) == paused
            assert tell("judge", status=409) == here.post(f"/v1/runs/{run}/judge", json={}).json()
            assert tell("seats/7/cancel", status=404)["error"]["message"] == "There is no seat 7."
            tell("say", {"input": "Think of the cost."})
            tell("resume")
            plenum.wait_until(lambda: len(turns()) > paused + 1, what="a turn after the pause")
            assert turns()[paused]["phase"] == "human" and turns()[paused]["text"] == "Think of the cost."
            tell("conclude")
            ended = debating.ended(there, run)
            assert ended["stop_reason"] == "concluded" and ended == here.get(f"/v1/runs/{run}").json()
            # What has ended goes on where it is said: the other process carries it out then, and home is elsewhere.
            more = there.post(f"/v1/runs/{run}/extend", json={"turns": 2})
            assert more.status_code == 200, more.text
            assert here.post(f"/v1/runs/{run}/pause", json={}).status_code == 200
            assert there.get(f"/v1/runs/{run}").json()["paused"] is True
        report(f"three processes: a debate steered through another process: {len(took)} commands, "
               f"answered after {max(took) * 1000:.0f} ms at most")
    finally:
        models.kill()


def test_what_nobody_hears_is_not_done(cluster, three):
    """The process of a run is frozen: what is said to it through another is refused, and not done when it wakes."""
    home, other = three[0], three[1]
    run = post(home, "/v1/runs", {"kind": "compare", "input": "hello", "models": ["chat/sim-gap100-words600"] * 2,
                                  "background": True}).json()["id"]
    time.sleep(1)
    os.kill(home.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        answer = post(other, f"/v1/runs/{run}/seats/0/cancel", {})
        assert 4 < time.monotonic() - began < 8
    finally:
        os.kill(home.process.pid, signal.SIGCONT)
    assert answer.status_code == 409 and int(answer.headers["Retry-After"]) > 0, answer.text
    assert "nothing was done" in answer.json()["error"]["message"]
    time.sleep(1)
    assert get(other, f"/v1/runs/{run}").json()["seats"][0]["status"] == "in_progress"
    assert post(other, f"/v1/runs/{run}/seats/0/cancel", {}).status_code == 200
    plenum.wait_until(lambda: get(other, f"/v1/runs/{run}").json()["seats"][0]["status"] == "cancelled", what="the end of a seat")
    post(other, f"/v1/runs/{run}/cancel", {})
