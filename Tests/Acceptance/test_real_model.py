"""A real model: llama.cpp's server in the three dialects that it speaks, asked through every door and by one compare.

Skipped unless PLENUM_LLAMA_SERVER is the path of llama-server and PLENUM_GGUF that of a small model.
"""

import os
import subprocess
import threading

import httpx
import pytest

import plenum
from debating import check_told, ended, follow, start
from plenum import run_events, text_of, wait_until

PROGRAM, MODEL = os.environ.get("PLENUM_LLAMA_SERVER"), os.environ.get("PLENUM_GGUF")

pytestmark = pytest.mark.skipif(
    not (PROGRAM and MODEL), reason="set PLENUM_LLAMA_SERVER and PLENUM_GGUF to ask a real model")


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    port = plenum.free_port()
    log = open(tmp_path_factory.mktemp("llama") / "llama.log", "wb")
    process = subprocess.Popen(
        [PROGRAM, "-m", MODEL, "--host", "127.0.0.1", "--port", str(port), "-c", "12288", "-np", "3", "-t", "2"],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"

    def is_ready():
        assert process.poll() is None, "llama-server went away"
        try:
            return httpx.get(f"{url}/health", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    wait_until(is_ready, limit=120, every=0.2, what="llama-server is ready")
    yield url
    process.kill()
    process.wait()


@pytest.fixture
def server(llama, make_server):
    free = {"input": "0", "output": "0"}
    return make_server(providers={"providers": [
        plenum.provider("openai-door", "chat", llama, [{"id": "gemma", "upstream": "default", "price": free}]),
        plenum.provider("anthropic-door", "claude", llama, [{"id": "gemma", "upstream": "default", "price": free}]),
        {"id": "responses-door", "format": "openai-responses", "baseURL": f"{llama}/v1",
         "models": [{"id": "gemma", "upstream": "default", "price": free}]},
    ]})


SEATS = ["openai-door/gemma", "anthropic-door/gemma"]


def said(door, answer):
    """The text and the tokens of an answer at a door."""
    if door == "chat":
        return answer["choices"][0]["message"]["content"], answer["usage"]["completion_tokens"]
    if door == "messages":
        return "".join(block.get("text", "") for block in answer["content"]), answer["usage"]["output_tokens"]
    if door == "responses":
        parts = [part["text"] for item in answer["output"] if item["type"] == "message" for part in item["content"]]
        return "".join(parts), answer["usage"]["output_tokens"]
    parts = answer["candidates"][0]["content"]["parts"]
    return "".join(part.get("text", "") for part in parts), answer["usageMetadata"]["candidatesTokenCount"]


def question(door, model):
    text, limit = "Name a colour.", 24
    turns = [{"role": "user", "content": text}]
    return {
        "chat": ("/v1/chat/completions", {"model": model, "messages": turns, "max_tokens": limit}),
        "messages": ("/v1/messages", {"model": model, "messages": turns, "max_tokens": limit}),
        "responses": ("/v1/responses", {"model": model, "input": text, "max_output_tokens": limit}),
        "gemini": (f"/v1beta/models/{model}:generateContent", {
            "contents": [{"role": "user", "parts": [{"text": text}]}],
            "generationConfig": {"maxOutputTokens": limit}}),
    }[door]


@pytest.mark.parametrize("door", ["chat", "messages", "responses", "gemini"])
@pytest.mark.parametrize("model", [*SEATS, "responses-door/gemma"])
def test_every_door_reaches_every_dialect(server, model, door):
    path, body = question(door, model)
    with server.client(timeout=120) as client:
        whole = client.post(path, json=body).raise_for_status().json()
        text, tokens = said(door, whole)
        assert text.strip() and 0 < tokens <= 24
        streamed = path.replace(":generateContent", ":streamGenerateContent?alt=sse")
        with client.stream("POST", streamed, json=body if door == "gemini" else {**body, "stream": True}) as response:
            assert response.status_code == 200
            lines = [line[6:] for line in response.iter_lines() if line.startswith("data: {")]
    assert len(lines) > 3, "it came in pieces"


@pytest.mark.parametrize("model", SEATS)
def test_completion(server, model):
    with server.client(timeout=120) as client:
        answer = client.post("/v1/chat/completions", json=plenum.ask(
            model, "Name a colour.", max_tokens=20, temperature=0)).raise_for_status().json()
    assert answer["model"] == model
    assert answer["choices"][0]["message"]["content"].strip()
    assert answer["usage"]["prompt_tokens"] > 0 and 0 < answer["usage"]["completion_tokens"] <= 20


def test_compare_of_both_dialects_streams_at_once_and_is_kept(server):
    with server.client(timeout=120) as client:
        with client.stream("POST", "/v1/runs", json={
                "kind": "compare", "input": "Tell a short story about a lighthouse.", "stream": True,
                "seats": [{"model": model, "params": {"max_output_tokens": 120}} for model in SEATS]}) as response:
            assert response.status_code == 200, response.read()
            seen = list(run_events(response))
    told = plenum.Script()
    for event in seen:
        told.take(event)
    assert seen[-1]["status"] in ("completed", "incomplete")
    order = [event["seat"] for event in seen if event["type"] == "seat.delta"]
    changes = sum(a != b for a, b in zip(order, order[1:]))
    assert changes >= 10, f"the two seats did not speak at once: {order}"
    server.kill()
    server.start()
    with server.client() as client:
        run = client.get(f"/v1/runs/{seen[0]['run']}").json()
        items = client.get(f"/v1/conversations/{run['conversation']}/items").json()["data"]
    assert [item["model"] for item in items] == [None, *SEATS]
    for seat in run["seats"]:
        assert seat["status"] in ("completed", "incomplete")
        assert len(text_of(seat["message"])) > 50
        assert text_of(seat["message"]) == told.text(seat["seat"])
        assert seat["usage"]["input_tokens"] > 0 and seat["usage"]["output_tokens"] > 0
        assert seat["cost"] is not None and float(seat["cost"]) == 0


def seats(count):
    """Two or three seats of the same small model, told apart by their sampling."""
    return [{"model": SEATS[number % 2], "params": {
        "temperature": [0.2, 0.8, 1.2][number], "seed": number, "max_output_tokens": 160}} for number in range(count)]


@pytest.mark.parametrize("protocol, count, settings", [
    ("talk", 2, {"turns": 6}), ("revise", 3, {"always_debate": True}), ("council", 3, {}),
])
def test_a_debate_is_followed_by_two_and_read_back_equal_after_a_restart(server, protocol, count, settings, report):
    judge = {"model": SEATS[0], "params": {"temperature": 0.3, "max_output_tokens": 200}}
    body = {"kind": "debate", "input": "Is it better to live in a city or in a village?", "seats": seats(count),
            "max_seconds": 1800, "debate": {"protocol": protocol, "judge": judge, **settings}}
    with server.client(timeout=300) as client:
        run = start(client, body)
        seen = [[], []]

        def read(place):
            with server.client(timeout=300) as mine:
                seen[place].extend(follow(mine, run))

        readers = [threading.Thread(target=read, args=(place,)) for place in range(2)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(600)
        whole = ended(client, run, limit=600)
    assert whole["status"] in ("completed", "incomplete"), whole["stop_reason"]
    for events in seen:
        assert events[-1]["type"] == "run.completed"
        check_told(whole, events)
    assert all(turn["text"].strip() for turn in whole["turns"] if turn["status"] == "completed")
    assert all(turn["usage"]["output_tokens"] > 0 for turn in whole["turns"] if turn["status"] == "completed")
    server.kill()
    server.start()
    with server.client() as client:
        assert client.get(f"/v1/runs/{run}").json() == whole
    made = {}
    for turn in whole["turns"]:
        made[turn["phase"]] = made.get(turn["phase"], 0) + 1
    report(f"real model, {protocol}: {whole['status']} ({whole['stop_reason']}), {made}, by {whole['result']['method']}, "
           f"{whole['usage']['output_tokens']} tokens written")
