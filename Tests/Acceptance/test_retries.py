"""A provider fails: what can be asked elsewhere is, and no client sees it before the first word."""

import concurrent.futures
import threading
import time

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
