"""Debates over HTTP: every protocol to its end, followed by two at once, steered, and read back after a kill."""

import threading
import time

import pytest

import debating
import plenum
from debating import check_told, debate, ended, follow, start
from plenum import text_of, wait_until


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    running = plenum.Simulator(tmp_path_factory.mktemp("debaters"), rules=debating.rules()).start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture(scope="module")
def server(upstream, tmp_path_factory):
    running = plenum.Server(tmp_path_factory.mktemp("debates"), providers=debating.providers(upstream.url), demo=True)
    running.start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture
def client(server):
    with server.client() as client:
        yield client


@pytest.mark.parametrize("protocol, settings, calls, method", [
    ("vote", {}, 3, "plurality"),
    ("revise", {"rounds": 2}, 6, "plurality"),
    ("sides", {"rounds": 2}, 9, "judge"),
    ("council", {}, 7, "chair"),
    ("talk", {"turns": 4, "summary": True}, 5, "summary"),
    ("fusion", {}, 4, "fusion"),
])
def test_each_protocol_to_its_end_seen_by_two_and_kept(server, upstream, protocol, settings, calls, method):
    body = debate(protocol, debate=settings)
    # "stable": nobody changes an answer, so a second further round is not made.
    mark = upstream.mark()
    with server.client() as client:
        run = start(client, body)
        seen = [[], []]

        def read(place):
            with server.client() as mine:
                seen[place].extend(follow(mine, run))

        readers = [threading.Thread(target=read, args=(place,)) for place in range(2)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(60)
        whole = client.get(f"/v1/runs/{run}").json()
    assert whole["status"] == "completed", whole["stop_reason"]
    assert whole["result"]["method"] == method
    assert len(whole["turns"]) == calls == len(upstream.calls(after=mark))
    for events in seen:
        check_told(whole, events)
        assert events[-1]["type"] == "run.completed" and events[-1]["result"] == whole["result"]
    facts = [[event for event in events if event["type"] != "seat.delta"] for events in seen]
    assert facts[0] == facts[1], "two readers were told different things"
    told = sum(call["usage"]["input_tokens"] * 3 + call["usage"]["output_tokens"] * 15
               for call in upstream.calls(after=mark)) / 1e6
    assert float(whole["cost"]) == pytest.approx(told, rel=1e-9), "the cost is not what the simulator told"
    items = {}
    server.kill()
    server.start()
    with server.client() as client:
        assert client.get(f"/v1/runs/{run}").json() == whole, "the run is another one after a restart"
        conversation = client.get(f"/v1/conversations/{whole['conversation']}").json()
        assert conversation["leaf"] == whole["result"]["message"]
        for item in client.get(f"/v1/conversations/{whole['conversation']}/items?limit=100").json()["data"]:
            items[item["id"]] = item
    for turn in whole["turns"]:
        assert text_of(items[turn["message"]]) == turn["text"]
        assert items[turn["message"]]["model"] == turn["model"]


def test_models_are_told_labels_and_never_names(client, upstream):
    mark = upstream.mark()
    ended(client, start(client, debate("council")))
    for call in upstream.calls(after=mark):
        words = str(call["body"]["messages"]) if isinstance(call["body"], dict) else call["body"]
        assert "chat/deb" not in words


def test_a_debate_is_paused_spoken_to_and_concluded(client):
    run = start(client, debate("sides", models=("deb-a", "deb-b"), debate={"rounds": 5, "step": True}))
    wait_until(lambda: client.get(f"/v1/runs/{run}").json()["paused"], what="the first pause")
    assert client.post(f"/v1/runs/{run}/say", json={"input": "Mind the number seven."}).status_code == 200
    assert client.post(f"/v1/runs/{run}/step").status_code == 200
    wait_until(lambda: len(client.get(f"/v1/runs/{run}").json()["turns"]) >= 3
               and client.get(f"/v1/runs/{run}").json()["paused"], what="the second pause")
    turns = client.get(f"/v1/runs/{run}").json()["turns"]
    assert [turn["phase"] for turn in turns] == ["opening", "human", "opening"]
    assert client.post(f"/v1/runs/{run}/conclude").status_code == 200
    whole = ended(client, run)
    assert whole["stop_reason"] == "concluded"
    assert [turn["phase"] for turn in whole["turns"]][-2:] == ["judge", "judge"]
    assert whole["result"]["method"] == "judge"


def test_a_debate_that_has_ended_is_extended(client):
    run = start(client, debate("talk", models=("deb-a", "deb-b"), debate={"turns": 2}))
    first = ended(client, run)
    answer = client.post(f"/v1/runs/{run}/extend", json={"turns": 2})
    assert answer.status_code == 200 and answer.json()["status"] == "in_progress"
    whole = ended(client, run)
    assert len(whole["turns"]) == 4 and whole["turns"][:2] == first["turns"]
    refused = client.post(f"/v1/runs/{run}/extend", json={"turns": 100})
    assert refused.status_code == 409 and "40" in refused.json()["error"]["message"]
    assert client.post(f"/v1/runs/{run}/extend", json={}).status_code == 400


def test_an_estimate_asks_nobody_and_keeps_nothing(client, upstream):
    mark = upstream.mark()
    before = client.get("/v1/conversations?limit=1").json()["first_id"]
    estimate = client.post("/v1/runs/estimate", json=debate("sides", debate={"rounds": 3})).json()
    assert estimate["calls_likely"] == 13
    assert float(estimate["cost_likely"]) < float(estimate["cost_max"]) <= float(estimate["max_cost"]) == 0.5
    assert any("one maker" in warning for warning in estimate["warnings"])
    assert upstream.mark() == mark
    assert client.get("/v1/conversations?limit=1").json()["first_id"] == before


def test_a_cap_ends_a_debate_with_its_verdict_and_is_never_exceeded(client):
    body = debate("sides", debate={"rounds": 5, "early_stop": False})
    whole = ended(client, start(client, {**body, "max_cost": "0.055"}))
    assert whole["stop_reason"] == "budget", whole["stop_reason"]
    assert float(whole["cost"]) <= 0.055
    assert whole["result"]["method"] == "judge"
    refused = client.post("/v1/runs", json={**body, "max_cost": "0.0001"})
    assert refused.status_code == 400 and refused.json()["error"]["param"] == "max_cost"
    assert "costs up to" in refused.json()["error"]["message"] and "up to 0 " not in refused.json()["error"]["message"]


@pytest.mark.parametrize("body, where", [
    (debate("vote", models=("deb-a",)), "seats"),
    (debate("duel"), "protocol"),
    (debate("vote", debate={"rounds": 2}), "rounds"),
    (debate("sides", debate={"rounds": 6}), "rounds"),
    (debate("sides", judge="deb-a"), "judge"),
    (debate("talk", debate={"turns": 41}), "turns"),
    (debate("vote", debate={"temprature": 1}), "temprature"),
    ({**debate("vote"), "models": ["plenum/vote", "chat/deb-a"]}, "plenum/vote"),
    ({**debate("vote"), "kind": "compare"}, "debate"),
    ({**debate("vote"), "max_cost": "much"}, "max_cost"),
    ({**debate("vote"), "blind": True}, "blind"),
])
def test_what_cannot_be_is_refused_with_its_name(client, body, where):
    before = client.get("/v1/conversations?limit=1").json()["first_id"]
    answer = client.post("/v1/runs", json=body)
    assert answer.status_code == 400, answer.text
    assert where in f"{answer.json()['error']['message']} {answer.json()['error']['param']}"
    assert client.get("/v1/conversations?limit=1").json()["first_id"] == before


# MARK: Compares: who wrote what, which is better, what is made of them


def compare(client, *models, **members):
    body = {"kind": "compare", "input": "Is 91 a prime?", "models": [f"chat/{model}" for model in models], **members}
    return ended(client, start(client, body))


def test_a_blind_compare_names_nobody_until_a_choice_is_made(client):
    body = {"kind": "compare", "input": "Which?", "models": ["chat/deb-a", "chat/deb-b", "chat/deb-c"], "blind": True}
    run = start(client, body)
    events = list(follow(client, run))
    whole = ended(client, run)
    items = client.get(f"/v1/conversations/{whole['conversation']}/items").json()["data"]
    listed = client.get(f"/v1/runs?conversation={whole['conversation']}").json()["data"]
    # What the models say of themselves is theirs to say; what Plenum says of them names nobody.
    facts = [event for event in events if event["type"] != "seat.delta"]
    for shown in (facts, whole["seats"], whole["turns"], listed, items):
        assert "deb-" not in str(shown).replace("Speech of deb-", "")
    for item in items:
        assert "model" not in item or item["role"] == "user"
    chosen = client.post(f"/v1/runs/{run}/prefer", json={"seat": 1}).json()
    assert chosen["preference"]["blind"] is True
    assert sorted(seat["model"] for seat in chosen["seats"]) == sorted(body["models"])
    assert client.get(f"/v1/conversations/{whole['conversation']}").json()["leaf"] == chosen["seats"][1]["message"]["id"]


def test_preferences_move_the_leaf_and_add_up(client):
    before = {row["model"]: row for row in client.get("/v1/preferences/summary").json()["data"]}

    def count(model, member):
        rows = {row["model"]: row for row in client.get("/v1/preferences/summary").json()["data"]}
        return rows[model][member] - before.get(model, {member: 0})[member]

    run = compare(client, "deb-a", "deb-d")
    assert client.post(f"/v1/runs/{run['id']}/prefer", json={"seat": 1, "reason": "Better."}).status_code == 200
    assert count("chat/deb-d", "wins") == 1 and count("chat/deb-a", "losses") == 1
    # Who changes their mind is counted once.
    client.post(f"/v1/runs/{run['id']}/prefer", json={"seat": 0})
    assert count("chat/deb-d", "wins") == 0 and count("chat/deb-a", "wins") == 1
    client.post(f"/v1/runs/{run['id']}/prefer", json={"kind": "tie"})
    assert count("chat/deb-a", "ties") == 1
    client.post(f"/v1/runs/{run['id']}/prefer", json={"kind": "all_bad"})
    assert count("chat/deb-a", "all_bad") == 1 and count("chat/deb-a", "comparisons") == 0
    client.post(f"/v1/runs/{run['id']}/prefer", json={"seat": 1})
    assert client.post(f"/v1/runs/{run['id']}/prefer", json={"seat": 7}).status_code == 400
    assert client.post(f"/v1/runs/{run['id']}/prefer", json={}).status_code == 400
    lines = [line for line in client.get("/v1/preferences/pairs").text.splitlines() if run["id"] in line]
    assert len(lines) == 1
    pair = __import__("json").loads(lines[0])
    assert pair["chosen"][0]["content"].startswith("Speech of deb-d")
    assert pair["rejected"][0]["content"].startswith("Speech of deb-a")
    assert pair["prompt"] == [{"role": "user", "content": "Is 91 a prime?"}]
    # The next question goes on from the preferred answer.
    follow_up = client.post("/v1/runs", json={
        "kind": "chat", "models": ["chat/deb-b"], "input": "Sure?", "conversation": run["conversation"]}).json()
    items = client.get(f"/v1/conversations/{run['conversation']}/items").json()["data"]
    question = next(item for item in items if item["id"] == follow_up["input_message"])
    assert question["parent"] == run["seats"][1]["message"]["id"]


def test_each_seat_goes_on_with_its_own_thread_or_all_with_the_preferred(client, upstream):
    run = compare(client, "deb-a", "deb-b")
    for context, heard in (("own_thread", ["deb-a", "deb-b"]), ("preferred", ["deb-a", "deb-a"])):
        mark = upstream.mark()
        client.post("/v1/runs", json={
            "kind": "compare", "models": ["chat/deb-a", "chat/deb-b"], "input": "Go on.", "context": context,
            "conversation": run["conversation"], "parent": run["seats"][0]["message"]["id"]})
        calls = sorted(upstream.calls(after=mark), key=lambda call: call["model"])
        for call, before in zip(calls, heard):
            assert f"Speech of {before}" in str(call["body"]), f"{context}: {call['model']} did not hear {before}"


@pytest.mark.parametrize("mode, members", [
    ("fuse", {}), ("checklist", {}), ("checklist", {"picks": ["It is odd."]}), ("compare", {}),
    ("custom", {"instructions": "Make a haiku."}),
])
def test_a_synthesis_of_each_mode_is_a_message_that_says_what_it_is_made_of(client, mode, members):
    run = compare(client, "deb-a", "deb-b")
    made = client.post(f"/v1/runs/{run['id']}/synthesis", json={"mode": mode, "model": "chat/deb-judge", **members})
    assert made.status_code == 200, made.text
    made = made.json()
    assert made["status"] == "completed" and made["kind"] == "synthesis"
    message = made["seats"][0]["message"]
    assert sorted(message["derived_from"]) == sorted(seat["message"]["id"] for seat in run["seats"])
    assert message["parent"] == run["input_message"]
    leaf = client.get(f"/v1/conversations/{run['conversation']}").json()["leaf"]
    # A list of points and a table are no answers to go on from.
    is_answer = mode in ("fuse", "custom") or "picks" in members
    assert (leaf == message["id"]) == is_answer
    refused = client.post(f"/v1/runs/{run['id']}/synthesis", json={"mode": mode, "model": "chat/deb-judge", "seats": [0]})
    assert refused.status_code == 409


def test_a_message_is_edited_and_a_question_answered_again(client):
    first = client.post("/v1/runs", json={"kind": "chat", "models": ["chat/deb-a"], "input": "One?"}).json()
    again = client.post("/v1/runs", json={
        "kind": "chat", "models": ["chat/deb-b"], "conversation": first["conversation"],
        "parent": first["input_message"]}).json()
    assert again["input_message"] == first["input_message"]
    assert again["seats"][0]["message"]["parent"] == first["input_message"]
    edited = client.post("/v1/runs", json={
        "kind": "chat", "models": ["chat/deb-c"], "conversation": first["conversation"], "parent": None,
        "input": "Two?"}).json()
    items = {item["id"]: item for item in client.get(f"/v1/conversations/{first['conversation']}/items").json()["data"]}
    assert items[edited["input_message"]]["parent"] is None
    assert len(items) == 5
    refused = client.post("/v1/runs", json={
        "kind": "chat", "models": ["chat/deb-b"], "conversation": first["conversation"],
        "parent": first["seats"][0]["message"]["id"]})
    assert refused.status_code == 400 and refused.json()["error"]["param"] == "input"


def test_one_seat_is_cancelled_and_retried_while_another_answers(make_server, simulator):
    models = ["sim-gap20-words100", "sim-gap20-words101"]
    server = make_server(providers=plenum.three_dialects(simulator.url, models))
    with server.client() as client:
        run = start(client, {"kind": "compare", "input": "x", "models": [f"chat/{model}" for model in models]})
        for event in follow(client, run):
            if event["type"] == "seat.delta" and event["seat"] == 0:
                break
        assert client.post(f"/v1/runs/{run}/seats/0/cancel").status_code == 200
        wait_until(lambda: client.get(f"/v1/runs/{run}").json()["seats"][0]["status"] == "cancelled")
        assert client.get(f"/v1/runs/{run}").json()["status"] == "in_progress"
        assert client.post(f"/v1/runs/{run}/seats/1/retry").status_code == 409
        assert client.post(f"/v1/runs/{run}/seats/0/retry", json={"model": "claude/sim-gap20-words100"}).status_code == 200
        assert client.post(f"/v1/runs/{run}/seats", json={"model": "gem/sim-gap20-words100"}).status_code == 200
        whole = ended(client, run)
    assert whole["status"] == "completed"
    assert [seat["model"] for seat in whole["seats"]] == [
        "claude/sim-gap20-words100", "chat/sim-gap20-words101", "gem/sim-gap20-words100"]
    assert [turn["status"] for turn in whole["turns"]] == ["cancelled", "completed", "completed", "completed"]
