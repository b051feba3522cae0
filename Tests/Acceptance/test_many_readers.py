"""Many readers of one run, many runs at once: no gap, nothing twice, and no seat waits for another."""

import json
import random
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import plenum
from debating import ended, follow, start
from first_words import first_words, post


def words(count):
    return "".join(f"word{n} " for n in range(1, count + 1))


def test_a_reader_that_comes_back_a_hundred_times_has_the_stored_text(make_server, simulator, report):
    models = ["sim-gap4-words900", "sim-gap5-words700", "sim-gap6-words600", "sim-gap9-words400"]
    server = make_server(providers=plenum.three_dialects(simulator.url, models))
    dice = random.Random(7)
    with server.client() as client:
        run = start(client, {"kind": "compare", "input": "x", "models": [f"chat/{model}" for model in models]})
        faithful = []

        def read_on():
            with server.client() as mine:
                faithful.extend(follow(mine, run))

        other = threading.Thread(target=read_on)
        other.start()
        told, last, comings, is_over = plenum.Script(), 0, 0, False
        while not is_over:
            comings += 1
            # Before the hundredth time it leaves at some moment, then it stays.
            leave = time.monotonic() + dice.uniform(0.001, 0.06) if comings < 100 else float("inf")
            with client.stream("GET", f"/v1/runs/{run}/events", params={"after": last}) as response:
                for event in plenum.run_events(response):
                    assert event["seq"] > last, "an event came a second time"
                    last = event["seq"]
                    told.take(event, strict=False)
                    is_over = event["type"] == "run.completed"
                    if time.monotonic() > leave:
                        break
        other.join(60)
        whole = ended(client, run)
    assert comings >= 100, f"the stream was over after {comings} comings"
    script = plenum.Script()
    for event in faithful:
        script.take(event)
    for seat, model in enumerate(models):
        stored = plenum.text_of(whole["seats"][seat]["message"])
        assert stored == words(int(model.split("words")[1]))
        assert told.text(seat) == script.text(seat) == stored
    report(f"a reader that came back {comings} times and one that stayed: both have the stored text of four seats")


def test_fifty_compares_of_four_seats_at_once_lose_nothing(make_server, simulator, report):
    model = "sim-wait50-gap100-words20"
    server = make_server(providers=plenum.three_dialects(simulator.url, [model]))
    seats = [f"chat/{model}", f"claude/{model}", f"gem/{model}", f"chat/{model}"]

    def compare(_):
        told, whole = plenum.Script(), None
        body = {"kind": "compare", "input": "Compare yourselves.", "models": seats, "stream": True}
        with server.client(timeout=120) as client:
            with client.stream("POST", "/v1/runs", json=body) as response:
                assert response.status_code == 200, response.read()
                for event in plenum.run_events(response):
                    told.take(event)
                    if event["type"] == "run.completed":
                        whole = event
            assert whole["status"] == "completed"
            run = client.get(f"/v1/runs/{whole['run']}").json()
        for seat in range(4):
            assert told.text(seat) == plenum.text_of(run["seats"][seat]["message"]) == words(20)
            assert run["seats"][seat]["usage"]["output_tokens"] == 20

    with ThreadPoolExecutor(50) as pool:
        before = memory(server)
        list(pool.map(compare, range(50)))
        after = memory(server)
    assert after - before < 300 << 20, f"memory grew by {(after - before) >> 20} MiB"
    report(f"50 compares of 4 seats at once: every word once, as stored; memory grew by {(after - before) >> 20} MiB")


def test_no_seat_waits_for_another(make_server, simulator, report):
    model = "sim-wait50-gap100-words20"
    server = make_server(providers=plenum.three_dialects(simulator.url, [model]))
    bare = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "x"}]}).encode()
    run = json.dumps({
        "kind": "compare", "input": "Compare yourselves.", "stream": True,
        "models": [f"chat/{model}", f"claude/{model}", f"gem/{model}", f"chat/{model}"],
    }).encode()
    seats = [b'"seat":%d,"turn":%d,"kind":"text"' % (seat, seat) for seat in range(4)]
    lines = []
    for turn in range(7):
        # A run goes on when its reader leaves: two seconds of words. What is measured is fifty of them, not those before as well.
        if turn:
            time.sleep(3)
        direct = first_words(simulator.port, post("/v1/chat/completions", bare), 200, [b'"content":"word'])
        seen = first_words(server.port, post("/v1/runs", run), 50, seats)
        assert len(direct) == 200 and len(seen) == 200
        lines.append((p(seen, 0.99) - p(direct, 0.99), direct, seen))
    later, direct, seen = statistics.median_low(lines)
    report(f"50 compares of 4 seats at once, to the first word, ms p50/p99 (the middle one of 7 times): called directly (200 at once) "
           f"{p(direct, .5):.0f}/{p(direct, .99):.0f}, seen of a seat {p(seen, .5):.0f}/{p(seen, .99):.0f}, later by {later:.0f} at p99")


def p(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def memory(server):
    """Resident bytes of the server."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))
