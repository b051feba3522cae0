"""Who is asked: OpenRouter's preferences over a real server, what it tells of them, and prices that change afterwards."""

import json
import subprocess

import pytest

import plenum
from plenum import ask, chat_chunks

METADATA = {"X-OpenRouter-Metadata": "enabled"}
PLAIN, DOWN = "sim-gap0-words5", "sim-status503"


def providers(simulator, factor=1):
    """Two providers of the same model, one dear and one cheap, and one whose model is down."""
    def entry(name, model, price):
        cost = {"input": str(price * factor), "output": str(price * factor)}
        return plenum.provider(name, "chat", simulator.url, [{"id": model, "price": cost}])

    return {"version": f"v{factor}", "providers": [
        entry("dear", PLAIN, 30), entry("cheap", PLAIN, 2), entry("down", DOWN, 1)]}


@pytest.fixture
def server(simulator, make_server):
    return make_server(providers=providers(simulator))


def complete(client, model, expect=200, **members):
    answer = client.post("/v1/chat/completions", json=ask(model, **members), headers=METADATA)
    assert answer.status_code == expect, answer.text
    return answer.json()


def test_the_cheapest_is_asked_and_the_answer_says_so(server):
    with server.client() as client:
        for model, strategy in ("plenum/auto", "auto"), (f"cheap/{PLAIN}:floor", "price"):
            told = complete(client, model, provider={"ignore": ["down"]})
            assert told["model"] == f"cheap/{PLAIN}"
            record = told["openrouter_metadata"]
            assert record["requested"] == model and record["strategy"] == strategy
            assert [one["status"] for one in record["attempts"]] == [200]
            assert [one["model"] for one in record["endpoints"]["available"] if one["selected"]] == [f"cheap/{PLAIN}"]
        plain = client.post("/v1/chat/completions", json=ask("plenum/auto", provider={"ignore": ["down"]})).json()
        assert "openrouter_metadata" not in plain
        assert "plenum/auto" in {model["id"] for model in client.get("/v1/models").json()["data"]}


def test_what_failed_before_is_told_with_the_answer_of_a_stream(server):
    body = ask(f"down/{DOWN}", stream=True, models=[f"dear/{PLAIN}"], session_id="s")
    with server.client() as client:
        with client.stream("POST", "/v1/chat/completions", json=body, headers=METADATA) as response:
            chunks = list(chat_chunks(response))
    assert chunks.pop() == "[DONE]"
    told = [chunk["openrouter_metadata"] for chunk in chunks if "openrouter_metadata" in chunk]
    assert len(told) == 1 and "openrouter_metadata" in chunks[-1]
    assert [(one["model"], one["status"]) for one in told[0]["attempts"]] == [
        (f"down/{DOWN}", 503), (f"dear/{PLAIN}", 200)]


def test_an_error_says_who_was_left_out_or_asked_in_vain(server):
    with server.client() as client:
        told = complete(client, f"dear/{PLAIN}", expect=404, provider={"max_price": {"prompt": 3}})
        assert "max_price" in told["error"]["message"] and f"dear/{PLAIN}" in told["error"]["message"]
        told = complete(client, f"down/{DOWN}", expect=503)
        assert [one["status"] for one in told["openrouter_metadata"]["attempts"]][-1] == 503
        told = complete(client, f"dear/{PLAIN}", expect=400, provider={"order": "cheap"})
        assert told["error"]["param"] == "provider.order"
        told = complete(client, f"dear/{PLAIN}", expect=400, session_id="s" * 300)
        assert told["error"]["param"] == "session_id"


def test_nothing_of_it_reaches_a_provider(server, simulator):
    with server.client() as client:
        complete(client, f"dear/{PLAIN}", provider={"sort": "price"}, session_id="s", models=[f"cheap/{PLAIN}"])
        [call] = plenum.httpx.get(f"{simulator.url}/simulator/calls", trust_env=False).json()["data"][-1:]
    body = call["body"] if isinstance(call["body"], dict) else json.loads(call["body"])
    assert not {"provider", "session_id", "models"} & set(body)


def test_history_is_priced_anew(server, simulator, tmp_path):
    with server.client() as client:
        complete(client, f"dear/{PLAIN}")
        [before] = client.get("/v1/usage?group_by=model").json()["data"]
    server.stop()
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps(providers(simulator, factor=10)))
    update = [plenum.BINARY, "prices", "update", str(prices), "--storage", f"sqlite:{server.database}"]
    said = subprocess.run([*update, "--dry-run"], capture_output=True, text=True, check=True, timeout=60)
    assert "costs that would change: 1 of 1" in said.stdout
    said = subprocess.run(update, capture_output=True, text=True, check=True, timeout=60)
    assert "costs that changed: 1 of 1" in said.stdout
    server.start()
    with server.client() as client:
        [after] = client.get("/v1/usage?group_by=model").json()["data"]
    assert float(before["cost"]) > 0 and float(after["cost"]) == pytest.approx(10 * float(before["cost"]))
