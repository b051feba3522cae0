"""Debates for the tests: a scripted simulator whose models know what they are asked, and runs followed and read back."""

import json


import plenum
from plenum import run_events, wait_until

TERMINAL = {"completed", "incomplete", "failed", "cancelled", "interrupted"}
MODELS = ["deb-a", "deb-b", "deb-c", "deb-d", "deb-judge"]


def verdict(winner):
    return json.dumps({"winner": winner, "scores": {}, "decisive_point": "The factors.", "errors_found": [],
                       "unresolved": [], "answer": "It is not."})


def rules(gap=3):
    """What the simulator answers in debates of deb-a, deb-b, deb-c, judged by deb-judge: seat 0 always wins."""
    # As spoken, seat 0 is side 1; swapped, the first speech of the transcript is another's.
    return [
        {"contains": "Would more rounds", "answer": '{"decided": false, "why": "No."}', "words_gap_ms": gap},
        {"contains": ["Who has convinced you?", '<turn from="Side 1" round="1">\nSpeech of deb-a'],
         "answer": verdict("1"), "words_gap_ms": gap},
        {"contains": ["Who has convinced you?", '<turn from="Side 2" round="1">\nSpeech of deb-a'],
         "answer": verdict("2"), "words_gap_ms": gap},
        {"contains": "Who has convinced you?", "answer": verdict("3"), "words_gap_ms": gap},
        {"contains": ["Rank them", "all of A, B in"], "answer": '{"notes": {}, "ranking": ["B", "A"]}', "words_gap_ms": gap},
        {"contains": "Rank them", "answer": '{"notes": {}, "ranking": ["A"]}', "words_gap_ms": gap},
        {"contains": "You chair a council", "answer": "The council finds that it is not.", "words_gap_ms": gap},
        {"contains": "Sum up the conversation", "answer": "They agreed on little.", "words_gap_ms": gap},
        {"contains": "Write the best answer", "answer": "One answer of all.", "words_gap_ms": gap},
    ] + [
        {"model": model, "words_gap_ms": gap,
         "answer": f"Speech of {model}, which has its reasons and says them in a dozen words or so.\nANSWER: {answer}\n"
                   f"CONFIDENCE: 70"}
        for model, answer in zip(MODELS, ["no", "yes", "no", "no", "no"])
    ]


def providers(url, **members):
    return {"providers": [plenum.provider(
        "chat", "chat", url, [{"id": model, "price": plenum.PRICE} for model in MODELS], **members)]}


def debate(protocol, models=("deb-a", "deb-b", "deb-c"), judge="deb-judge", **members):
    """A body for POST /v1/runs."""
    settings = {"protocol": protocol, "judge": {"model": f"chat/{judge}"}, **members.pop("debate", {})}
    return {"kind": "debate", "input": "Is 91 a prime?", "models": [f"chat/{model}" for model in models],
            "debate": settings, **members}


def follow(client, run, after=0):
    """Follows a run from a number on, to its end."""
    with client.stream("GET", f"/v1/runs/{run}/events", params={"after": after}) as response:
        assert response.status_code == 200, response.read()
        yield from run_events(response)


def start(client, body):
    answer = client.post("/v1/runs", json={**body, "background": True})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def ended(client, run, limit=30):
    def look():
        found = client.get(f"/v1/runs/{run}").json()
        assert "status" in found, found
        return found if found["status"] in TERMINAL else None
    return wait_until(look, limit=limit, every=0.05, what=f"the end of {run}")


def check_told(run, events):
    """What was told of a run's turns is what is kept."""
    told = plenum.Script()
    for event in events:
        told.take(event, strict=False)
    for turn in run["turns"]:
        if turn["phase"] != "human":
            assert told.turn(turn["turn"]) == turn["text"], f"turn {turn['turn']} was told otherwise than it is kept"
    numbers = [event["seq"] for event in events]
    assert numbers == sorted(set(numbers)), "event numbers do not rise"
    return told
