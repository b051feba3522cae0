"""The course's exercise: start in memory, swap to SQLite, swap to PostgreSQL by changing one variable, and nothing that a
client sees changes. The same requests go to each; the answers are compared, ids and times aside.

PLENUM_TEST_POSTGRES and PLENUM_TEST_PGBOUNCER, if set, are addresses of databases that the test may write to.
"""

import json
import os
import re

import pytest

import plenum
from plenum import ask, run_events

MODELS = ["sim-gap0-words20", "sim-gap1-words5", "sim-gap0-words3-cut2", "sim-status429", "sim-status400"]
CHAT = "chat/sim-gap0-words20"
IDENTIFIER = re.compile(r"\b(conv|msg|run|gen|chatcmpl|resp|call)[_-][0-9A-Za-z]{16,}")
# What a clock or a draw decides.
MOMENTS = {"created", "created_at", "updated_at", "ended_at", "ttft_ms", "duration_ms", "ttft_ms_mean", "duration_ms_mean", "upstream_id", "day"}


class Swapped(plenum.Server):
    """A server whose storage is named by PLENUM_STORAGE alone."""

    def __init__(self, folder, storage, **options):
        super().__init__(folder, **options)
        place = self.arguments.index("--storage")
        del self.arguments[place:place + 2]
        self.environment["PLENUM_STORAGE"] = storage


class Requests:
    """Sends requests and keeps the answers in a form that two servers can be compared in."""

    def __init__(self, client):
        self.client = client
        self.names = {}
        self.answers = []

    def _name(self, match):
        """Ids become numbers in the order in which they are first seen: who names whom stays visible."""
        kind = match.group(1)
        if match.group(0) not in self.names:
            self.names[match.group(0)] = f"{kind}#{sum(name.startswith(kind) for name in self.names.values()) + 1}"
        return self.names[match.group(0)]

    def plain(self, value):
        if isinstance(value, dict):
            return {key: ("moment" if key in MOMENTS and value[key] is not None else self.plain(member))
                    for key, member in value.items()}
        if isinstance(value, list):
            return [self.plain(member) for member in value]
        return IDENTIFIER.sub(self._name, value) if isinstance(value, str) else value

    def __call__(self, method, path, body=None, **options):
        answer = self.client.request(method, path, json=body, **options)
        try:
            content = answer.json()
        except ValueError:
            content = answer.text
        self.keep(method, path, answer.status_code, content)
        return content

    def keep(self, method, path, status, content):
        path = IDENTIFIER.sub(self._name, path)
        self.answers.append((f"{method} {path}", status, self.plain(content)))

    def stream(self, path, body):
        """A stream: its words joined, since where they are cut is the network's affair."""
        with self.client.stream("POST", path, json={**body, "stream": True}) as response:
            lines = list(response.iter_lines())
        chunks = [json.loads(data) for _, _, data in plenum.events(lines) if data != "[DONE]"]
        self.keep("POST", path + " (streamed)", response.status_code,
                  [plenum.chat_text(chunks), sorted({key for chunk in chunks for key in chunk})])

    def run(self, body):
        """A streamed run: what each seat said and how it ended, then the run as it is kept."""
        with self.client.stream("POST", "/v1/runs", json={**body, "stream": True}) as response:
            seen = list(run_events(response))
        told = plenum.Script()
        for event in seen:
            told.take(event)
        seats = {event["seat"]: event["type"] for event in seen if event["type"].startswith("seat.") and "delta" not in event["type"]}
        self.keep("POST", "/v1/runs (streamed)", response.status_code,
                  [[told.text(seat), kind] for seat, kind in sorted(seats.items())])
        return self("GET", f"/v1/runs/{seen[0]['run']}")


def conversations(send):
    """Made, renamed, listed, read by pages, deleted; and all that can be wrong with that."""
    first = send("POST", "/v1/conversations", {"title": "Grüße \U0001F600", "metadata": {"k": "v", "n": "1"}})["id"]
    second = send("POST", "/v1/conversations", {})["id"]
    send("GET", f"/v1/conversations/{first}")
    send("POST", f"/v1/conversations/{second}", {"title": "Second", "pinned": True})
    send("POST", f"/v1/conversations/{second}", {"archived": True})
    send("POST", f"/v1/conversations/{second}", {"title": 7})
    send("GET", "/v1/conversations/conv_" + "0" * 32)
    send("GET", "/v1/conversations/nonsense")
    send("POST", "/v1/conversations/conv_" + "0" * 32, {"title": "x"})
    send("POST", f"/v1/conversations/{first}/items", {"items": [
        {"type": "message", "role": "user", "content": f"note {number}: \"quoted\" \\ {chr(0x1F600)}"}
        for number in range(5)]})
    page = send("GET", f"/v1/conversations/{first}/items?limit=2&order=asc")
    send("GET", f"/v1/conversations/{first}/items?limit=2&order=asc&after={page['last_id']}")
    send("GET", f"/v1/conversations/{first}/items?limit=2&order=desc")
    send("GET", f"/v1/conversations/{first}/items?after=msg_" + "0" * 32)
    send("GET", f"/v1/conversations/{first}/items?limit=nonsense")
    item = page["data"][0]["id"]
    send("GET", f"/v1/conversations/{first}/items/{item}")
    send("GET", f"/v1/conversations/{second}/items/{item}")
    send("DELETE", f"/v1/conversations/{first}/items/{item}")
    send("DELETE", f"/v1/conversations/{first}/items/{item}")
    send("GET", f"/v1/conversations/{first}/items")
    send("DELETE", f"/v1/conversations/{second}")
    send("DELETE", f"/v1/conversations/{second}")
    send("GET", f"/v1/conversations/{second}/items")
    return first


def chats(send, conversation):
    """Turns in a conversation and outside one, whole and streamed, for every dialect behind the server; and faults."""
    for dialect in plenum.DIALECTS:
        send("POST", "/v1/chat/completions", ask(f"{dialect}/sim-gap0-words20", "Hello.", conversation=conversation))
        send.stream("/v1/chat/completions", ask(f"{dialect}/sim-gap1-words5", "And again?", conversation=conversation))
    alone = send("POST", "/v1/chat/completions", ask(CHAT, "Nobody remembers this."))
    send("POST", "/v1/chat/completions", ask(CHAT, "Only numbers.", store=False))
    send("POST", "/v1/chat/completions", ask("chat/sim-status400", "refused", conversation=conversation))
    send("POST", "/v1/chat/completions", ask("chat/sim-gap0-words3-cut2", "cut", conversation=conversation))
    send("POST", "/v1/chat/completions", ask("nobody/knows", "this"))
    send("POST", "/v1/chat/completions", ask(CHAT, "where?", conversation="conv_" + "0" * 32))
    send("POST", "/v1/chat/completions", {"model": CHAT})
    items = send("GET", f"/v1/conversations/{conversation}/items?limit=100")["data"]
    for item in items:
        if item["generation"]:
            send("GET", f"/v1/generations/{item['generation']}")
    send("GET", "/v1/generations/gen_" + "0" * 32)
    assert alone["choices"]
    return items


def runs(send, conversation, items):
    """Comparisons: new ones, in a conversation, beside an older message, with a seat that fails; and faults."""
    three = [f"{dialect}/sim-gap0-words20" for dialect in plenum.DIALECTS]
    run = send.run({"kind": "compare", "input": "Which is better?", "models": three})
    send.run({"kind": "compare", "input": "And now?", "models": [CHAT, "chat/sim-status400"], "conversation": conversation})
    whole = send("POST", "/v1/runs", {"input": "One seat.", "seats": [
        {"model": CHAT, "system": "Be brief.", "params": {"temperature": 0.5}}], "conversation": run["conversation"]})
    send("GET", f"/v1/conversations/{run['conversation']}/items?limit=50")
    question = next(item["id"] for item in items if item["role"] == "user")
    send("POST", "/v1/runs", {"input": "From here.", "models": [CHAT], "conversation": conversation, "parent": question})
    send("POST", "/v1/runs", {"input": "x", "models": [CHAT], "conversation": conversation, "parent": "msg_" + "0" * 32})
    send("POST", "/v1/runs", {"input": "x", "models": [CHAT], "parent": question})
    send("POST", "/v1/runs", {"input": "x", "models": []})
    send("POST", "/v1/runs", {"input": "x", "models": ["nobody/knows"]})
    send("POST", "/v1/runs", {"input": "x", "models": [CHAT], "nonsense": 1})
    send("GET", "/v1/runs/run_" + "0" * 32)
    send("GET", "/v1/runs/run_" + "0" * 32 + "/events")
    with send.client.stream("GET", f"/v1/runs/{run['id']}/events", params={"after": 0}) as response:
        told = plenum.Script()
        for event in run_events(response):
            told.take(event, strict=False)
        send.keep("GET", f"/v1/runs/{run['id']}/events", response.status_code, [told.text(seat) for seat in range(3)])
    send("POST", f"/v1/runs/{whole['id']}/cancel")
    send("POST", "/v1/runs/run_" + "0" * 32 + "/cancel")


def exercise(client):
    """Every request, in order; returns the answers."""
    send = Requests(client)
    send("GET", "/livez")
    send("GET", "/readyz")
    send("GET", "/v1/models?available=true&sort=name")
    send("GET", f"/v1/models/{CHAT}")
    send("GET", "/v1/models/nobody/knows")
    conversation = conversations(send)
    items = chats(send, conversation)
    runs(send, conversation, items)
    send("GET", f"/v1/conversations/{conversation}")
    send("GET", f"/v1/conversations/{conversation}/items?limit=100&order=asc")
    send("GET", "/v1/conversations?limit=3")
    listed = send("GET", "/v1/conversations?limit=1")
    send("GET", f"/v1/conversations?limit=1&after={listed['last_id']}")
    send("GET", "/v1/conversations?after=conv_" + "0" * 32)
    for grouping in ("model", "provider", "day"):
        send("GET", f"/v1/usage?group_by={grouping}")
    send("GET", "/v1/usage?group_by=nonsense")
    send("GET", "/api/v1/conversations?limit=2&order=asc")
    send("GET", "/v1/conversations?order=nonsense")
    send("POST", "/v1/conversations", {"title": "x" * 10_000})
    send("GET", "/v1/nowhere")
    return send.answers


def backends(folder):
    """Name and PLENUM_STORAGE of each; the first is what the others are held against."""
    yield "memory", "memory"
    yield "sqlite", f"sqlite:{folder}/exercise.sqlite"
    for name, variable in (("postgres", "PLENUM_TEST_POSTGRES"), ("pgbouncer", "PLENUM_TEST_PGBOUNCER")):
        if os.environ.get(variable):
            yield name, os.environ[variable]


def emptied(client):
    """Removes what an earlier test left in a database that lives longer than a server; whether nothing is left at all."""
    while data := client.get("/v1/conversations?limit=100").json()["data"]:
        for conversation in data:
            client.delete(f"/v1/conversations/{conversation['id']}").raise_for_status()
    return not client.get("/v1/usage?group_by=model").json()["data"]


def without_sums(answers):
    """The answers but for the sums of the ledger, which an earlier test's attempts are still in."""
    return [answer for answer in answers if not answer[0].startswith("GET /v1/usage")]


def test_storage_is_one_variable(simulator, tmp_path, report):
    expected, compared = None, []
    for name, storage in backends(tmp_path):
        server = Swapped(tmp_path / name, storage, providers=plenum.three_dialects(simulator.url, MODELS))
        server.start()
        try:
            with server.client() as client:
                is_fresh = emptied(client)
                answers = exercise(client)
        finally:
            server.kill()
        if expected is None:
            expected = answers
            continue
        reference = expected if is_fresh else without_sums(expected)
        answers = answers if is_fresh else without_sums(answers)
        assert [answer[0] for answer in answers] == [answer[0] for answer in reference]
        for one, other in zip(reference, answers):
            assert one == other, f"{name} answers {one[0]} in another way than memory does"
        compared.append(f"{name} {len(answers)}")
    statuses = sorted({answer[1] for answer in expected})
    report(f"exercise: the same answers as in memory, requests compared: {', '.join(compared)}; statuses {statuses}")
    assert len(expected) >= 80 and {200, 400, 404} <= set(statuses)
