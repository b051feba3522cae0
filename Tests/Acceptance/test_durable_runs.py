"""Runs that outlive the server: killed in every step and between every two, taken up again, nothing twice."""

import random
import time
from collections import Counter

import pytest

import debating
import plenum
from debating import debate, ended, follow, start
from plenum import wait_until

STEPS = 13  # Three sides in three rounds, a check behind each of the first two, two verdicts.
RATE = {"input_tokens": 3, "output_tokens": 15}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    running = plenum.Simulator(tmp_path_factory.mktemp("slow-debaters"), rules=debating.rules(gap=12)).start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


def price(usage):
    return sum(usage[kind] * rate for kind, rate in RATE.items()) / 1e6


def body():
    return debate("sides", debate={"rounds": 3})


def slot(turn):
    return (turn["round"], turn["phase"], turn["seat"]) if turn["phase"] != "judge" else (turn["turn"], "judge", None)


def kill_at(server, run, step, in_the_middle):
    """Waits for a moment of a run and kills the server at it; gives the last event's number."""
    last, finished = 0, 0
    with server.client() as client:
        for event in follow(client, run):
            last = event["seq"]
            finished += event["type"] == "seat.completed"
            if in_the_middle and finished == step and event["type"] == "seat.delta" and event["offset"] > 0:
                break
            if not in_the_middle and finished == step:
                break
    server.kill()
    return last


def check_whole(whole, upstream, mark, kills):
    assert whole["status"] == "completed", whole["stop_reason"]
    assert whole["result"]["method"] == "judge" and whole["result"]["winner"] == 0
    finished = [turn for turn in whole["turns"] if turn["status"] == "completed"]
    assert len(finished) == STEPS, [(turn["phase"], turn["status"]) for turn in whole["turns"]]
    speeches = Counter(slot(turn) for turn in finished if turn["phase"] != "judge")
    assert max(speeches.values()) == 1, f"a turn is there twice: {speeches}"
    calls = upstream.calls(after=mark)
    repeated = len(calls) - STEPS
    assert repeated <= kills, f"{repeated} calls were made again after {kills} kills"
    # What was asked twice was asked in the same words.
    asked = Counter(str(call["body"]["messages"]) for call in calls)
    assert len(asked) == STEPS, "a prompt was not the same after the kill"
    assert max(asked.values()) <= 1 + kills
    # What it costs is what the simulator counts, one answer for each prompt.
    counted = {str(call["body"]["messages"]): price(call["usage"]) for call in calls if call["usage"]}
    assert sum(price(turn["usage"]) for turn in finished) == pytest.approx(sum(counted.values()), rel=1e-9)
    assert float(whole["cost"]) == pytest.approx(sum(counted.values()), rel=1e-9)
    return repeated


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("in_the_middle", [True, False], ids=["in-the-middle", "at-the-boundary"])
def test_a_debate_killed_at_any_step_is_finished(make_server, upstream, step, in_the_middle, report):
    server = make_server(providers=debating.providers(upstream.url))
    mark = upstream.mark()
    with server.client() as client:
        run = start(client, body())
    last = kill_at(server, run, step if in_the_middle else step + 1, in_the_middle)
    server.start()
    with server.client() as client:
        broken = client.get(f"/v1/runs/{run}").json()
        assert broken["status"] in ("interrupted", "completed")
        assert "in_progress" not in {turn["status"] for turn in broken["turns"]}
        made = len(upstream.calls(after=mark))
        time.sleep(0.1)
        assert len(upstream.calls(after=mark)) == made, "a restart alone asked a model"
        if broken["status"] == "interrupted":
            answer = client.post(f"/v1/runs/{run}/resume")
            assert answer.status_code == 200, answer.text
            assert client.post(f"/v1/runs/{run}/resume").status_code == 409
        # Who had followed it goes on where it was: every number is greater, and nothing is missing.
        rest = list(follow(client, run, last))
        assert all(event["seq"] > last for event in rest)
        whole = ended(client, run)
    check_whole(whole, upstream, mark, kills=1)


def test_a_debate_killed_again_and_again_is_finished_all_the_same(make_server, upstream, report):
    server = make_server(providers=debating.providers(upstream.url))
    mark = upstream.mark()
    with server.client() as client:
        run = start(client, body())
    dice, kills = random.Random(4), 0
    while True:
        time.sleep(dice.uniform(0.05, 0.5))
        with server.client() as client:
            if client.get(f"/v1/runs/{run}").json()["status"] == "completed":
                break
        server.kill()
        kills += 1
        server.start()
        with server.client() as client:
            client.post(f"/v1/runs/{run}/resume")
    with server.client() as client:
        whole = client.get(f"/v1/runs/{run}").json()
    finished = [turn for turn in whole["turns"] if turn["status"] == "completed"]
    assert len(finished) == STEPS and kills > 3
    repeated = len(upstream.calls(after=mark)) - STEPS
    assert repeated <= kills
    report(f"a debate of {STEPS} calls killed {kills} times: finished, {repeated} calls made again")


def test_a_stop_leaves_a_debate_to_be_taken_up(make_server, upstream):
    server = make_server(providers=debating.providers(upstream.url))
    mark = upstream.mark()
    with server.client() as client:
        run = start(client, body())
        wait_until(lambda: len(client.get(f"/v1/runs/{run}").json()["turns"]) > 3, limit=20)
    server.stop()
    server.start()
    with server.client() as client:
        assert client.get(f"/v1/runs/{run}").json()["status"] == "interrupted"
        assert client.post(f"/v1/runs/{run}/resume").status_code == 200
        whole = ended(client, run)
    check_whole(whole, upstream, mark, kills=1)


def test_a_compare_killed_in_the_middle_keeps_what_was_finished(make_server, simulator):
    quick, slow = "sim-gap1-words5", "sim-gap20-words60"
    server = make_server(providers=plenum.three_dialects(simulator.url, [quick, slow]))
    mark = simulator.mark()
    with server.client() as client:
        run = start(client, {"kind": "compare", "input": "x", "models": [f"chat/{quick}", f"claude/{slow}", f"gem/{quick}"]})
        wait_until(lambda: sum(seat["status"] == "completed" for seat in client.get(f"/v1/runs/{run}").json()["seats"]) == 2)
    server.kill()
    server.start()
    with server.client() as client:
        broken = client.get(f"/v1/runs/{run}").json()
        assert [seat["status"] for seat in broken["seats"]] == ["completed", "interrupted", "completed"]
        client.post(f"/v1/runs/{run}/resume")
        whole = ended(client, run)
    assert whole["status"] == "completed"
    assert whole["seats"][0]["message"] == broken["seats"][0]["message"]
    assert len(simulator.calls(after=mark)) == 4
