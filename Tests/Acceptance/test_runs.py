"""Runs: one prompt to several seats, streamed, replayed, resumed, cancelled."""

import threading
import time

import pytest

import plenum
from plenum import Script, run_events, text_of, wait_until

MODELS = [
    "sim-gap10-words30", "sim-gap20-words30", "sim-gap30-words100", "sim-gap1-words5", "sim-status500",
    "sim-gap5-words20-cut5", "sim-gap20-words250", "sim-words9-hang3",
]
SEATS = ["chat/sim-gap20-words30", "claude/sim-gap20-words30", "gem/sim-gap20-words30"]
TERMINAL = {"completed", "incomplete", "failed", "cancelled", "interrupted"}


def words(count):
    return "".join(f"word{n} " for n in range(1, count + 1))


@pytest.fixture(scope="module")
def server(simulator, tmp_path_factory):
    running = plenum.Server(
        tmp_path_factory.mktemp("runs"), providers=plenum.three_dialects(simulator.url, MODELS), demo=True)
    running.start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


def body(models, text="Compare yourselves.", **members):
    return {"kind": "compare", "input": text, "models": models, **members}


def stream(client, request):
    """Streams a run to its end; returns its events."""
    with client.stream("POST", "/v1/runs", json={**request, "stream": True}) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(run_events(response))


def replay(client, run, after=0):
    with client.stream("GET", f"/v1/runs/{run}/events", params={"after": after}) as response:
        assert response.status_code == 200, response.read()
        return list(run_events(response))


def script(seen, strict=True):
    told = Script()
    for event in seen:
        told.take(event, strict)
    return told


def test_compare_of_three_streams_interleaved(client):
    seen = stream(client, body(SEATS))
    assert seen[0]["type"] == "run.created"
    assert seen[-1]["type"] == "run.completed"
    assert seen[-1]["status"] == "completed"
    numbers = [event["seq"] for event in seen]
    assert numbers == sorted(set(numbers)), "event numbers do not rise"
    assert len({event["run"] for event in seen}) == 1
    told = script(seen)
    for seat in range(3):
        assert told.text(seat) == words(30)
        mine = [event["type"] for event in seen if event.get("seat") == seat]
        assert mine[0] == "seat.started" and mine[-1] == "seat.completed"
        assert set(mine[1:-1]) == {"seat.delta"}
    order = [event["seat"] for event in seen if event["type"] == "seat.delta"]
    changes = sum(a != b for a, b in zip(order, order[1:]))
    assert changes >= 15, f"the seats did not speak at once: {order}"
    for event in seen:
        if event["type"] == "seat.completed":
            assert event["status"] == "completed"
            assert event["model"] == SEATS[event["seat"]]
            assert event["finish_reason"] == "end_turn"
            assert event["usage"]["output_tokens"] == 30
            assert event["usage"]["total_tokens"] == event["usage"]["input_tokens"] + 30
            assert float(event["cost"]) == pytest.approx(
                (event["usage"]["input_tokens"] * 3 + 30 * 15) / 1e6, rel=1e-9)
            assert 0 <= event["ttft_ms"] <= event["duration_ms"]
    costs = [event["cost"] for event in seen if event["type"] == "seat.completed"]
    assert float(seen[-1]["cost"]) == pytest.approx(sum(map(float, costs)), rel=1e-9)
    assert seen[-1]["usage"]["output_tokens"] == 90


def test_seats_run_at_once_and_not_in_turn(client):
    began = time.monotonic()
    stream(client, body(["chat/sim-gap20-words30"] * 3))
    assert time.monotonic() - began < 3 * 0.6, "three seats of 0.6 s took as long as one after another"


def test_one_failing_seat_leaves_the_others(client):
    seen = stream(client, body([SEATS[0], "claude/sim-status500", "gem/sim-gap5-words20-cut5", SEATS[2]]))
    told = script(seen)
    assert told.text(0) == told.text(3) == words(30)
    ended = {event["seat"]: event for event in seen if event["type"] in ("seat.completed", "seat.failed")}
    assert [ended[seat]["type"] for seat in range(4)] == [
        "seat.completed", "seat.failed", "seat.failed", "seat.completed"]
    assert ended[1]["status"] == ended[2]["status"] == "failed"
    assert ended[1]["error"]["code"] and "claude" in ended[1]["error"]["message"]
    assert ended[2]["error"]["code"] == "upstream_interrupted"
    assert told.text(2) == words(5)
    assert seen[-1]["status"] == "incomplete"
    run = client.get(f"/v1/runs/{seen[0]['run']}").json()
    assert [seat["status"] for seat in run["seats"]] == ["completed", "failed", "failed", "completed"]
    assert text_of(run["seats"][2]["message"]) == words(5), "the text that came before the break is not kept"
    assert run["seats"][1]["error"]["code"] == ended[1]["error"]["code"]


def test_all_seats_failing_is_a_failed_run(client):
    seen = stream(client, body(["chat/sim-status500", "gem/sim-status500"]))
    assert seen[-1]["type"] == "run.completed" and seen[-1]["status"] == "failed"


def test_same_model_twice(client):
    seen = stream(client, body([SEATS[1], SEATS[1]]))
    told = script(seen)
    assert told.text(0) == told.text(1) == words(30)
    run = client.get(f"/v1/runs/{seen[0]['run']}").json()
    assert run["seats"][0]["message"]["id"] != run["seats"][1]["message"]["id"]
    assert run["seats"][0]["model"] == run["seats"][1]["model"] == SEATS[1]


def test_sixteen_seats_work_and_seventeen_are_refused(client):
    seen = stream(client, body(["chat/sim-gap1-words5"] * 16))
    assert seen[-1]["status"] == "completed"
    assert len([event for event in seen if event["type"] == "seat.completed"]) == 16
    refused = client.post("/v1/runs", json=body(["chat/sim-gap1-words5"] * 17))
    assert refused.status_code == 400
    assert "16" in refused.json()["error"]["message"]


def test_run_read_back(client):
    seen = stream(client, body(SEATS, text="Read me back, please."))
    created = seen[0]
    run = client.get(f"/v1/runs/{created['run']}").json()
    assert run["id"] == created["run"] and run["object"] == "run" and run["kind"] == "compare"
    assert run["status"] == "completed" and run["ended_at"] >= run["created_at"]
    assert run["conversation"] == created["conversation"] and run["input_message"] == created["input_message"]
    told = script(seen)
    completed = {event["seat"]: event for event in seen if event["type"] == "seat.completed"}
    for seat in run["seats"]:
        number = seat["seat"]
        assert seat["model"] == SEATS[number] and seat["status"] == "completed" and seat["error"] is None
        item = seat["message"]
        assert text_of(item) == told.text(number)
        assert (item["model"], item["provider"]) == (SEATS[number], SEATS[number].split("/")[0])
        assert (item["seat"], item["run"], item["parent"]) == (number, run["id"], run["input_message"])
        assert seat["usage"] == item["usage"] == completed[number]["usage"]
        assert seat["cost"] == item["cost"] == completed[number]["cost"]
        [attempt] = seat["attempts"]
        assert attempt["id"] == item["generation"] and attempt["status"] == "completed"
        assert attempt["dialect"] == plenum.DIALECTS[SEATS[number].split("/")[0]][0]
        assert attempt == client.get(f"/v1/generations/{attempt['id']}").json()
    items = client.get(f"/v1/conversations/{run['conversation']}/items").json()["data"]
    assert [item["role"] for item in items] == ["user", "assistant", "assistant", "assistant"]
    assert text_of(items[0]) == "Read me back, please."
    assert sorted(item["seat"] for item in items[1:]) == [0, 1, 2]


def test_replay_equals_live(client):
    live = stream(client, body(SEATS))
    run = live[0]["run"]
    again = replay(client, run)
    assert [e for e in again if e["type"] != "seat.delta"] == [e for e in live if e["type"] != "seat.delta"]
    # Deltas are put together in what is kept: the same text from the same places.
    assert script(again).seats == script(live).seats
    numbers = [event["seq"] for event in again]
    assert numbers == sorted(set(numbers))
    # What lies after any number is the end of the whole.
    for after in (1, again[len(again) // 2]["seq"], again[-2]["seq"]):
        assert replay(client, run, after) == [event for event in again if event["seq"] > after]


def test_replay_after_the_end_ends(client):
    live = stream(client, body(["chat/sim-gap1-words5"]))
    rest = replay(client, live[0]["run"], live[-1]["seq"])
    assert [event["type"] for event in rest if event["type"] == "seat.delta"] == []


def test_live_stream_doubles_nothing_over_checkpoints(client):
    """Checkpoints put deltas together every second; a client that reads along must not notice."""
    seen = stream(client, body([
        "chat/sim-gap20-words250", "claude/sim-gap20-words250", "gem/sim-gap20-words250",
        "chat/sim-gap20-words250", "claude/sim-gap20-words250", "gem/sim-gap20-words250"]))
    told = script(seen)
    for seat in range(6):
        assert told.text(seat) == words(250)


def test_slow_reader_gets_every_word_once(make_server, upstream):
    """A reader that falls behind a checkpoint gets what it missed, and nothing of what it had."""
    block = "x" * 60_000

    def talk(link, call):
        link.sendall(plenum.head(kind="text/event-stream"))
        for number in range(400):
            link.sendall(plenum.chat_delta(f"<{number}>{block}"))
            time.sleep(0.005)
        link.sendall(
            b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')

    far = upstream(talk)
    server = make_server(providers={"providers": [plenum.provider("far", "chat", far.url, ["m"])]})
    with server.client() as client:
        request = {"kind": "chat", "models": ["far/m"], "input": "talk", "stream": True}
        told, numbers = Script(), []
        with client.stream("POST", "/v1/runs", json=request) as response:
            for event in run_events(response):
                told.take(event)
                numbers.append(event["seq"])
                if event["type"] == "seat.delta" and len(numbers) < 200:
                    time.sleep(0.02)
        assert numbers == sorted(set(numbers))
        assert told.text(0) == "".join(f"<{number}>{block}" for number in range(400))


@pytest.mark.parametrize("leave_after", [0.15, 0.7, 1.4, 2.2])
def test_resume_in_the_middle(client, leave_after):
    models = ["chat/sim-gap30-words100", "claude/sim-gap30-words100", "gem/sim-gap30-words100"]
    told, facts, last = Script(), [], 0
    began = time.monotonic()
    with client.stream("POST", "/v1/runs", json={**body(models), "stream": True}) as response:
        for event in run_events(response):
            told.take(event)
            run, last = event["run"], event["seq"]
            if event["type"] != "seat.delta":
                facts.append(event)
            if time.monotonic() - began > leave_after:
                break
    assert client.get(f"/v1/runs/{run}").json()["status"] == "in_progress"
    rest = replay(client, run, last)
    for event in rest:
        assert event["seq"] > last, "an event came a second time"
        last = event["seq"]
        told.take(event, strict=False)
        if event["type"] != "seat.delta":
            facts.append(event)
    assert rest[-1]["type"] == "run.completed"
    for seat in range(3):
        assert told.text(seat) == words(100)
    kinds = [fact["type"] for fact in facts]
    assert kinds.count("run.created") == kinds.count("run.completed") == 1
    assert kinds.count("seat.started") == kinds.count("seat.completed") == 3


def test_last_event_id_works_like_after(client):
    live = stream(client, body(["chat/sim-gap1-words5"]))
    middle = live[2]["seq"]
    with client.stream(
            "GET", f"/v1/runs/{live[0]['run']}/events", headers={"Last-Event-ID": str(middle)}) as response:
        assert list(run_events(response)) == replay(client, live[0]["run"], middle)


def test_many_followers_see_the_same(client, server):
    started = client.post("/v1/runs", json=body(["chat/sim-gap30-words100"] * 2, background=True)).json()
    told = []

    def follow():
        with server.client() as mine:
            told.append(script(replay(mine, started["id"]), strict=False).seats)

    threads = [threading.Thread(target=follow) for _ in range(8)]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join(20)
    assert len(told) == 8 and all(one == told[0] for one in told)
    assert told[0][(0, "text")].decode() == words(100)


def test_run_goes_on_when_the_client_leaves(client):
    with client.stream("POST", "/v1/runs", json={**body(SEATS), "stream": True}) as response:
        run = next(run_events(response))["run"]
    ended = wait_for_end(client, run)
    assert ended["status"] == "completed"
    assert [text_of(seat["message"]) for seat in ended["seats"]] == [words(30)] * 3


def test_unstreamed_run_goes_on_when_the_client_leaves(client, server):
    conversation = client.post("/v1/conversations", json={}).json()["id"]
    with server.client(timeout=0.2) as hasty, pytest.raises(Exception):
        hasty.post("/v1/runs", json=body(SEATS, conversation=conversation))
    def ended():
        items = client.get(f"/v1/conversations/{conversation}/items").json()["data"]
        answers = [item for item in items if item["role"] == "assistant"]
        return len(answers) == 3 and all(item["status"] in TERMINAL for item in answers) and answers
    assert [text_of(item) for item in wait_until(ended)] == [words(30)] * 3


def wait_for_end(client, run, limit=15):
    def ended():
        found = client.get(f"/v1/runs/{run}").json()
        return found if found["status"] in TERMINAL else None
    return wait_until(ended, limit=limit, every=0.05, what=f"the end of {run}")


def test_cancel_keeps_the_text(client, server):
    models = ["chat/sim-gap30-words100", "gem/sim-words9-hang3", "chat/sim-gap1-words5"]
    seen = []
    with client.stream("POST", "/v1/runs", json={**body(models), "stream": True}) as response:
        for event in run_events(response):
            seen.append(event)
            if event["type"] == "seat.delta" and event["seat"] == 0 and event["offset"] > 40:
                with server.client() as other:
                    began = time.monotonic()
                    answer = other.post(f"/v1/runs/{event['run']}/cancel")
                    assert answer.status_code == 200
                    assert time.monotonic() - began < 2
                    cancelled = answer.json()
                break
    run = cancelled["id"]
    assert cancelled["status"] == "cancelled"
    assert [seat["status"] for seat in cancelled["seats"]] == ["cancelled", "cancelled", "completed"]
    assert text_of(cancelled["seats"][0]["message"]).startswith(script(seen).text(0))
    assert text_of(cancelled["seats"][1]["message"]) == words(3)
    assert text_of(cancelled["seats"][2]["message"]) == words(5)
    tail = replay(client, run)
    assert tail[-1]["type"] == "run.completed" and tail[-1]["status"] == "cancelled"
    assert client.post(f"/v1/runs/{run}/cancel").json() == cancelled, "a second cancel changed the run"
    time.sleep(0.3)
    assert client.get(f"/v1/runs/{run}").json() == cancelled, "a run that had ended changed"


def test_cancelling_a_finished_run_changes_nothing(client):
    seen = stream(client, body(["chat/sim-gap1-words5"]))
    before = client.get(f"/v1/runs/{seen[0]['run']}").json()
    assert client.post(f"/v1/runs/{seen[0]['run']}/cancel").json() == before


def test_unstreamed_run_is_one_document(client):
    answer = client.post("/v1/runs", json=body(SEATS))
    assert answer.status_code == 200
    run = answer.json()
    assert run["status"] == "completed"
    assert [text_of(seat["message"]) for seat in run["seats"]] == [words(30)] * 3
    assert run == client.get(f"/v1/runs/{run['id']}").json()


def test_background_answers_at_once(client):
    began = time.monotonic()
    answer = client.post("/v1/runs", json=body(SEATS, background=True))
    assert answer.status_code == 202
    assert time.monotonic() - began < 0.5
    run = answer.json()
    assert run["status"] == "in_progress"
    seen = replay(client, run["id"])
    assert seen[0]["type"] == "run.created" and seen[-1]["type"] == "run.completed"
    assert [script(seen, strict=False).text(seat) for seat in range(3)] == [words(30)] * 3


def test_chat_run_and_its_conversation(client):
    first = client.post("/v1/runs", json={"kind": "chat", "models": ["simulated/parrot"], "input": "One."}).json()
    second = client.post("/v1/runs", json={
        "kind": "chat", "models": ["simulated/parrot"], "input": "Two.", "conversation": first["conversation"]}).json()
    assert second["conversation"] == first["conversation"]
    items = client.get(f"/v1/conversations/{first['conversation']}/items").json()["data"]
    assert [item["role"] for item in items] == ["user", "assistant"] * 2
    assert items[2]["parent"] == items[1]["id"], "the second question does not follow the first answer"


def test_seats_have_parameters_of_their_own(client):
    run = client.post("/v1/runs", json={"kind": "compare", "input": "hi", "seats": [
        {"model": SEATS[0], "params": {"max_output_tokens": 3}, "system": "Be brief."},
        {"model": SEATS[0]}]}).json()
    assert text_of(run["seats"][0]["message"]) == words(3)
    assert run["seats"][0]["status"] == "incomplete"
    assert run["seats"][0]["message"]["finish_reason"] == "max_tokens"
    assert text_of(run["seats"][1]["message"]) == words(30)


@pytest.mark.parametrize("request_body, where", [
    ({"kind": "compare", "models": ["simulated/parrot"], "input": "x", "max_costs": "1"}, "max_costs"),
    ({"kind": "compare", "models": ["simulated/parrot"], "input": "x", "steam": True}, "steam"),
    ({"kind": "compare", "seats": [{"model": "simulated/parrot", "params": {"temprature": 1}}], "input": "x"},
     "temprature"),
    ({"kind": "compare", "seats": [{"modell": "simulated/parrot"}], "input": "x"}, "seats[0]"),
    ({"kind": "compare", "seats": [{"model": "simulated/parrot", "sytem": "x"}], "input": "x"}, "sytem"),
    ({"kind": "compere", "models": ["simulated/parrot"], "input": "x"}, "compere"),
    ({"kind": "compare", "models": ["simulated/parrot"]}, "input"),
    ({"kind": "compare", "models": ["simulated/parrot"], "input": ""}, "input"),
    ({"kind": "compare", "models": [], "input": "x"}, "seats"),
    ({"kind": "compare", "models": "simulated/parrot", "input": "x"}, "models"),
    ({"kind": "compare", "models": [7], "input": "x"}, "models[0]"),
    ({"kind": "compare", "input": "x"}, "models"),
    ({"kind": "chat", "models": ["simulated/parrot"] * 2, "input": "x"}, "seats"),
    ({"kind": "compare", "models": ["simulated/parrot"], "input": "x", "stream": "yes"}, "stream"),
    ({"kind": "compare", "models": ["simulated/parrot"], "input": "x", "background": 1}, "background"),
])
def test_blind_typos_are_refused(client, request_body, where):
    before = client.get("/v1/conversations?limit=1").json()["first_id"]
    answer = client.post("/v1/runs", json=request_body)
    assert answer.status_code == 400, answer.text[:300]
    error = answer.json()["error"]
    assert where in f"{error['message']} {error['param']}"
    assert client.get("/v1/conversations?limit=1").json()["first_id"] == before, "a refused run was begun all the same"


def test_unknown_things_are_not_found(client):
    missing = "0192f0c1-2345-7abc-8def-0123456789ab"
    answer = client.post("/v1/runs", json=body([SEATS[0], "chat/sim-gap20-words31"]))
    assert answer.status_code == 404 and "sim-gap20-words30" in answer.text
    for path in (f"/v1/runs/run_{missing}", f"/v1/runs/run_{missing}/events", "/v1/runs/nonsense"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/v1/runs/run_{missing}/cancel").status_code == 404
    answer = client.post("/v1/runs", json=body([SEATS[0]], conversation=f"conv_{missing}"))
    assert answer.status_code == 404
    assert client.get(f"/v1/runs/run_{missing}/events?after=x").status_code in (400, 404)
