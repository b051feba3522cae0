"""What the README promises: everything that was said is there after kill -9 and a restart."""

import threading
import time
from datetime import datetime, timezone
from decimal import Decimal

import pytest

import plenum
from plenum import ask, run_events, text_of

MODELS = ["sim-gap1-words20", "sim-gap20-words30", "sim-gap20-words250", "sim-status500", "sim-gap1-words20-cut5"]


@pytest.fixture
def server(simulator, make_server):
    providers = plenum.three_dialects(simulator.url, MODELS)
    providers["providers"].append(plenum.provider("unpriced", "chat", simulator.url, ["sim-gap1-words20"]))
    return make_server(providers=providers, demo=True)


def everything(client):
    """All that the API tells, as far as it does not depend on the moment."""
    told = {"usage": [client.get(f"/v1/usage?group_by={by}").json() for by in ("model", "provider", "day")]}
    told["conversations"] = pages(client, "/v1/conversations", 100)
    for conversation in told["conversations"]:
        name = conversation["id"]
        told[name] = client.get(f"/v1/conversations/{name}").json()
        told[f"{name} items"] = pages(client, f"/v1/conversations/{name}/items", 100)
        for item in told[f"{name} items"]:
            if item["generation"]:
                told[item["generation"]] = client.get(f"/v1/generations/{item['generation']}").raise_for_status().json()
            if item["run"]:
                told[item["run"]] = client.get(f"/v1/runs/{item['run']}").raise_for_status().json()
    return told


def pages(client, path, limit, **query):
    """A whole list, read page by page."""
    found, after = [], None
    while True:
        page = client.get(path, params={
            "limit": limit, **query, **({"after": after} if after else {})}).raise_for_status().json()
        assert page["object"] == "list" and len(page["data"]) <= limit
        if page["data"]:
            assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][-1]["id"])
        found += page["data"]
        if not page["has_more"]:
            return found
        after = page["last_id"]


def test_compare_survives_kill_and_restart(server):
    models = [f"{dialect}/sim-gap20-words30" for dialect in plenum.DIALECTS] + ["simulated/oracle", "chat/sim-status500"]
    with server.client() as client:
        with client.stream("POST", "/v1/runs", json={
                "kind": "compare", "input": "Which is the better sort?", "models": models, "stream": True}) as response:
            seen = list(run_events(response))
        # The moment the client has seen the end.
        server.kill()
    told = plenum.Script()
    for event in seen:
        told.take(event)
    ended = {event["seat"]: event for event in seen if event["type"] in ("seat.completed", "seat.failed")}
    server.start()
    with server.client() as client:
        run = client.get(f"/v1/runs/{seen[0]['run']}").json()
        assert run["status"] == seen[-1]["status"] == "incomplete"
        assert run["stop_reason"] == seen[-1]["stop_reason"]
        assert run["usage"] == seen[-1]["usage"]
        items = {item["id"]: item for item in
                 client.get(f"/v1/conversations/{run['conversation']}/items").json()["data"]}
        assert text_of(items[run["input_message"]]) == "Which is the better sort?"
        for seat in run["seats"]:
            event, item = ended[seat["seat"]], items[seat["message"]["id"]]
            assert item == seat["message"] and item["id"] == event["message"]
            assert text_of(item) == told.text(seat["seat"])
            assert item["model"] == seat["model"] == models[seat["seat"]]
            assert item["status"] == seat["status"] == event["status"]
            if event["type"] == "seat.completed":
                assert (item["usage"], item["cost"], item["finish_reason"]) == (
                    event["usage"], event["cost"], event["finish_reason"])
                assert (seat["ttft_ms"], seat["duration_ms"]) == (event["ttft_ms"], event["duration_ms"])
            else:
                assert item["error"] == event["error"]
        # The events can still be read.
        with client.stream("GET", f"/v1/runs/{run['id']}/events") as response:
            again = list(run_events(response))
        assert again[-1]["type"] == "run.completed" and again[-1]["status"] == "incomplete"
        replayed = plenum.Script()
        for event in again:
            replayed.take(event, strict=False)
        if again[0]["type"] == "run.created":
            assert replayed.seats == told.seats
        else:
            assert [seat["text"] for seat in again[0]["seats"]] == [told.text(seat) for seat in range(len(models))]


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_everything_reads_back_equal(server, how):
    with server.client() as client:
        talk = client.post("/v1/conversations", json={"metadata": {"a": "1"}, "pinned": True}).json()["id"]
        for number in range(4):
            dialect = list(plenum.DIALECTS)[number % 3]
            assert client.post("/v1/chat/completions", json=ask(
                f"{dialect}/sim-gap1-words20", f"Question {number}: “ü”\n\t\U0001f600", conversation=talk,
                stream=number % 2 == 0)).status_code == 200
        client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20-cut5", conversation=talk, stream=True))
        client.post("/v1/chat/completions", json=ask("claude/sim-status500", conversation=talk))
        client.post("/v1/runs", json={"kind": "compare", "input": "x", "conversation": talk, "models": [
            "chat/sim-gap1-words20", "gem/sim-status500", "simulated/parrot"]})
        client.post("/v1/conversations", json={
            "title": "Given", "archived": True, "items": [
                {"role": "system", "content": "s"},
                {"role": "user", "content": [{"type": "input_text", "text": "look"},
                                             {"type": "input_image", "image_url": "data:image/png;base64,aGk="}]},
                {"role": "assistant", "content": "seen", "model": "a/b"}]})
        before = everything(client)
    assert len(before) >= 12
    server.kill() if how == "kill" else server.stop()
    server.start()
    with server.client() as client:
        after = everything(client)
        assert after == before
        models = client.get("/v1/models").json()
    server.kill()
    server.start()
    with server.client() as client:
        assert client.get("/v1/models").json() == models
        assert everything(client) == before


def test_what_was_shown_a_second_before_a_crash_is_kept(server):
    """Promise 3: what breaks in between keeps the text shown up to one second earlier, with a status that says why."""
    shown = {}

    def follow(model):
        with server.client() as client:
            conversation = client.post("/v1/conversations", json={}).json()["id"]
            entry = shown[model] = {"conversation": conversation, "text": [(0.0, "")]}
            try:
                with client.stream("POST", "/v1/chat/completions", json=ask(
                        model, stream=True, conversation=conversation)) as response:
                    entry["generation"] = response.headers["x-generation-id"]
                    text = ""
                    for chunk in plenum.chat_chunks(response):
                        text += plenum.chat_text([chunk])
                        entry["text"].append((time.monotonic(), text))
            except Exception as broken:  # noqa: BLE001 - that is what a kill does
                entry["broken"] = broken

    models = [f"{dialect}/sim-gap20-words250" for dialect in plenum.DIALECTS]
    threads = [threading.Thread(target=follow, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    with server.client() as client:
        run = client.post("/v1/runs", json={
            "kind": "compare", "models": models, "input": "x", "background": True}).json()["id"]
    seen = {seat: [(0.0, "")] for seat in range(len(models))}

    def follow_run():
        script = plenum.Script()
        try:
            with server.client() as client, client.stream("GET", f"/v1/runs/{run}/events") as response:
                for event in run_events(response):
                    script.take(event)
                    if event["type"] == "seat.delta":
                        seen[event["seat"]].append((time.monotonic(), script.text(event["seat"])))
        except Exception:  # noqa: BLE001 - that is what a kill does
            pass

    threads.append(threading.Thread(target=follow_run))
    threads[-1].start()
    time.sleep(3.3)
    died = time.monotonic()
    server.kill()
    for thread in threads:
        thread.join(10)
    server.start()
    whole = "".join(f"word{n} " for n in range(1, 251))
    with server.client() as client:
        for model, entry in shown.items():
            question, answer = client.get(f"/v1/conversations/{entry['conversation']}/items").json()["data"]
            assert (question["status"], text_of(question)) == ("completed", "hello")
            assert answer["status"] == "interrupted" and answer["model"] == model
            assert answer["error"] is None or answer["error"]["code"]
            kept = text_of(answer)
            assert whole.startswith(kept), f"what is kept was never said: {kept[-100:]!r}"
            earlier = [text for at, text in entry["text"] if at < died - 1.25][-1]
            assert kept.startswith(earlier), f"{len(kept)} bytes are kept, {len(earlier)} were shown 1.25 s earlier"
            assert client.get(f"/v1/generations/{entry['generation']}").json()["status"] == "interrupted"
            # It goes on from there.
            again = client.post("/v1/chat/completions", json=ask(
                "simulated/parrot", "go on", conversation=entry["conversation"]))
            assert again.status_code == 200
        read = client.get(f"/v1/runs/{run}").json()
        assert read["status"] == "interrupted"
        for number, seat in enumerate(read["seats"]):
            assert seat["status"] == "interrupted"
            kept = text_of(seat["message"])
            earlier = [text for at, text in seen[number] if at < died - 1.25][-1]
            assert earlier and whole.startswith(kept) and kept.startswith(earlier)
        with client.stream("GET", f"/v1/runs/{run}/events") as response:
            assert list(run_events(response))[-1]["status"] == "interrupted"
        assert client.post(f"/v1/runs/{run}/cancel").json()["status"] == "interrupted", "a terminal state changed"


def test_question_is_kept_when_the_first_byte_is_seen(server):
    """Promise 1."""
    for _ in range(10):
        with server.client() as client:
            conversation = client.post("/v1/conversations", json={}).json()["id"]
            with client.stream("POST", "/v1/chat/completions", json=ask(
                    "chat/sim-gap20-words250", "Remember me.", stream=True, conversation=conversation)) as response:
                # A generator that is dropped would close the stream before the kill.
                pieces = response.iter_raw(1)
                assert next(pieces)
                server.kill()
        server.start()
        with server.client() as client:
            items = client.get(f"/v1/conversations/{conversation}/items").json()["data"]
        assert [(item["role"], item["status"]) for item in items] == [("user", "completed"), ("assistant", "interrupted")]
        assert text_of(items[0]) == "Remember me."


def test_usage_adds_up(server):
    with server.client() as client:
        replies, costs = [], Decimal(0)
        for number in range(9):
            dialect = list(plenum.DIALECTS)[number % 3]
            answer = client.post("/v1/chat/completions", json=ask(f"{dialect}/sim-gap1-words20", "x" * 40 * (number + 1)))
            replies.append(answer.json()["usage"])
            row = client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()
            assert row["usage"]["input_tokens"] == replies[-1]["prompt_tokens"]
            assert row["usage"]["output_tokens"] == 20 and row["cost_source"] == "table"
            assert Decimal(row["cost"]) == (Decimal(replies[-1]["prompt_tokens"]) * 3 + 20 * 15) / 1_000_000
            costs += Decimal(row["cost"])
        # It is tried twice: a row each.
        client.post("/v1/chat/completions", json=ask("chat/sim-status500"))
        client.post("/v1/chat/completions", json=ask("unpriced/sim-gap1-words20"))
    server.kill()
    server.start()
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    with server.client() as client:
        by = {name: client.get(f"/v1/usage?group_by={name}").json()["data"] for name in ("model", "provider", "day")}
        assert client.get("/v1/usage?group_by=shoe").status_code == 400
    for name, rows in by.items():
        assert sum(row["requests"] for row in rows) == 12, name
        assert sum(row["failures"] for row in rows) == 2, name
        assert sum(Decimal(row["cost"]) for row in rows if row["cost"]) == costs, name
        for row in rows:
            assert row["total_tokens"] == row["input_tokens"] + row["output_tokens"]
    priced = [row for row in by["model"] if row["model"].endswith("/sim-gap1-words20") and row["cost"]]
    assert [row["requests"] for row in priced] == [3, 3, 3]
    assert sum(row["input_tokens"] for row in priced) == sum(reply["prompt_tokens"] for reply in replies)
    assert sum(row["output_tokens"] for row in priced) == 180
    [unpriced] = [row for row in by["model"] if row["model"].startswith("unpriced/")]
    assert unpriced["cost"] is None and unpriced["unpriced_requests"] == 1, "an unknown cost is told as if it were known"
    assert {row["provider"] for row in by["provider"]} == {"chat", "claude", "gem", "unpriced"}
    assert {row["day"] for row in by["day"]} <= {today, by["day"][0]["day"]}


def test_titles_are_the_first_words_until_somebody_names_it(server):
    with server.client() as client:
        def titled(text, **members):
            conversation = client.post("/v1/conversations", json=members).json()
            client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20", text, conversation=conversation["id"]))
            return client.get(f"/v1/conversations/{conversation['id']}").json()

        assert client.post("/v1/conversations", json={}).json()["title"] is None
        assert titled("How do I sort a list?")["title"] == "How do I sort a list?"
        long = titled("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")["title"]
        assert long.startswith("one two three") and len(long) <= 61 and long.endswith("…")
        assert titled("  spaces \n and\tlines  ")["title"] == "spaces and lines"
        assert len(titled("ü" * 500)["title"]) <= 61
        named = titled("Never a title", title="Mine")
        assert named["title"] == "Mine"
        first = titled("First words.")
        client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20", "Second words.", conversation=first["id"]))
        assert client.get(f"/v1/conversations/{first['id']}").json()["title"] == "First words."
        renamed = client.post(f"/v1/conversations/{first['id']}", json={"title": "Renamed"}).json()
        assert renamed["title"] == "Renamed"
        run = client.post("/v1/runs", json={"kind": "chat", "models": ["simulated/parrot"], "input": "A run's words"}).json()
        assert client.get(f"/v1/conversations/{run['conversation']}").json()["title"] == "A run's words"
        assert [found["id"] for found in client.get("/v1/conversations?q=renam").json()["data"]] == [first["id"]]


def test_pages(server):
    with server.client() as client:
        made = [client.post("/v1/conversations", json={"title": f"c{number}"}).json()["id"] for number in range(45)]
        talk = made[0]
        items = [client.post(f"/v1/conversations/{talk}/items", json={"items": [
            {"role": "user", "content": f"m{number}"}]}).json()["data"][0]["id"] for number in range(30)]
        for limit in (1, 7, 45, 1000):
            found = [one["id"] for one in pages(client, "/v1/conversations", limit)]
            # The latest change first: talk was changed last.
            assert found == [talk] + made[:0:-1], limit
        back = [one["id"] for one in pages(client, "/v1/conversations", 10, order="asc")]
        assert back == made[1:] + [talk]
        for limit in (1, 7, 30):
            assert [one["id"] for one in pages(client, f"/v1/conversations/{talk}/items", limit)] == items
        assert [one["id"] for one in pages(client, f"/v1/conversations/{talk}/items", 7, order="desc")] == items[::-1]
        assert client.get("/v1/conversations").json()["has_more"] is True
    server.kill()
    server.start()
    with server.client() as client:
        assert [one["id"] for one in pages(client, "/v1/conversations", 7)] == [talk] + made[:0:-1]


def test_deleted_is_deleted(server):
    with server.client() as client:
        run = client.post("/v1/runs", json={
            "kind": "compare", "models": ["chat/sim-gap1-words20"] * 2, "input": "canary-to-delete"}).json()
        answer = client.delete(f"/v1/conversations/{run['conversation']}")
        assert answer.status_code == 200 and answer.json()["deleted"] is True
    server.kill()
    server.start()
    with server.client() as client:
        for path in (f"/v1/conversations/{run['conversation']}", f"/v1/conversations/{run['conversation']}/items",
                     f"/v1/runs/{run['id']}"):
            assert client.get(path).status_code == 404
        # The ledger keeps the numbers.
        for seat in run["seats"]:
            assert client.get(f"/v1/generations/{seat['attempts'][0]['id']}").json()["usage"] == seat["usage"]


def test_words_are_not_kept_when_nobody_wants_them(make_server, simulator):
    server = make_server(providers=plenum.three_dialects(simulator.url, MODELS), environment={"PLENUM_KEEP_WORDS": "no"})
    with server.client() as client:
        for streamed in (False, True):
            answer = client.post("/v1/chat/completions", json=ask("chat/sim-gap1-words20", "canary-word", stream=streamed))
            row = client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()
            assert row["status"] == "completed" and row["usage"]["output_tokens"] == 20
    server.stop()
    assert b"canary-word" not in b"".join(path.read_bytes() for path in server.database.parent.iterdir())


def test_store_false_drops_the_words(server):
    with server.client() as client:
        for streamed in (False, True):
            answer = client.post("/v1/chat/completions", json=ask(
                "claude/sim-gap1-words20", "canary-word", stream=streamed, store=False))
            assert client.get(f"/v1/generations/{answer.headers['x-generation-id']}").json()["status"] == "completed"
    server.stop()
    assert b"canary-word" not in b"".join(path.read_bytes() for path in server.database.parent.iterdir())
