"""A real model: llama.cpp's server in two of its dialects, asked by one compare.

Skipped unless PLENUM_LLAMA_SERVER is the path of llama-server and PLENUM_GGUF that of a small model.
"""

import os
import subprocess

import httpx
import pytest

import plenum
from plenum import run_events, text_of, wait_until

PROGRAM, MODEL = os.environ.get("PLENUM_LLAMA_SERVER"), os.environ.get("PLENUM_GGUF")

pytestmark = pytest.mark.skipif(
    not (PROGRAM and MODEL), reason="set PLENUM_LLAMA_SERVER and PLENUM_GGUF to ask a real model")


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    port = plenum.free_port()
    log = open(tmp_path_factory.mktemp("llama") / "llama.log", "wb")
    process = subprocess.Popen(
        [PROGRAM, "-m", MODEL, "--host", "127.0.0.1", "--port", str(port), "-c", "4096", "-np", "2", "-t", "2"],
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
    ]})


SEATS = ["openai-door/gemma", "anthropic-door/gemma"]


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
