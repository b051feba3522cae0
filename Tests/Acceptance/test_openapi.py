"""The description of the API (GET /openapi.json) is held against the server that it describes."""

import copy
import json
import re
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from plenum import events

PARROT, ORACLE, SPHINX = "simulated/parrot", "simulated/oracle", "simulated/sphinx"
QUESTION = "What is a plenum?"
TURNS = [{"role": "user", "content": QUESTION}]
CONTENTS = [{"role": "user", "parts": [{"text": QUESTION}]}]
# What may not succeed on a demo server: its models make no embeddings, and the others need packages of the system.
MAY_FAIL = {"cancelResponse", "createEmbeddings", "getVendorFile", "extractText"}


def strict(schema):
    """The schema with every object closed that does not say that it is open: what is not described is an error."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: value if key in ("example", "examples", "const", "enum") else strict(value)
              for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


class Description:
    """The document, and what it says of answers."""

    def __init__(self, document):
        self.document = document
        self.components = {**document["components"], "schemas": strict(document["components"]["schemas"])}
        self.operations = {}
        for path, item in document["paths"].items():
            for method in ("get", "post", "delete"):
                if method in item:
                    operation = copy.copy(item[method])
                    operation["parameters"] = [*item.get("parameters", []), *operation.get("parameters", [])]
                    self.operations[operation["operationId"]] = (method.upper(), path, operation)

    def resolve(self, value):
        while isinstance(value, dict) and set(value) == {"$ref"}:
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            value = self.components[kind][name]
        return value

    def faults(self, schema, value):
        """What of a value the schema does not accept; the most telling first."""
        whole = {**strict(schema), "components": self.components}
        found = sorted(Draft202012Validator(whole).iter_errors(value), key=lambda one: len(one.absolute_path))
        return [f"{one.json_path}: {one.message[:300]}" for one in found]

    def event_faults(self, reference, value):
        """Faults of an event. Its type picks the schema, so that a fault is told of the right one."""
        schema = self.resolve(reference)
        mapping = schema.get("discriminator", {}).get("mapping", {})
        if mapping:
            if value.get("type") not in mapping:
                return [f"there is no event {value.get('type')!r}"]
            reference = {"$ref": mapping[value["type"]]}
        return self.faults(reference, value)


class Caller:
    """Calls operations by their names, and holds each answer against what is described."""

    def __init__(self, client, description):
        self.client = client
        self.description = description
        self.called = {}
        self.events = set()

    def __call__(self, name, body=None, expect=200, query=None, headers=None, raw=None, **places):
        """Calls an operation; gives its answer as JSON, the events of a stream, or text.

        `expect`: the status, or those of which one may come."""
        allowed = expect if isinstance(expect, tuple) else (expect,)
        method, path, operation = self.description.operations[name]
        for place, value in places.items():
            path = path.replace(f"{{{place}}}", quote(str(value), safe="/:"))
        assert "{" not in path, path
        if min(allowed) < 400:
            self.check_request(name, operation, body, query)
        sent = {"content": raw} if raw is not None else {} if body is None else {"json": body}
        with self.client.stream(method, path, params=query, headers=headers, **sent) as response:
            status = response.status_code
            where = f"{name}: {method} {path} -> {status}"
            assert status in allowed, f"{where}: {response.read().decode()[:500]}"
            assert str(status) in operation["responses"], f"{where}: this status is not described"
            answer = self.read(where, response, self.description.resolve(operation["responses"][str(status)]))
        self.called.setdefault(name, []).append(status)
        return answer

    def check_request(self, name, operation, body, query):
        """What these tests send is what is described."""
        known = {self.description.resolve(one)["name"] for one in operation["parameters"]}
        assert set(query or {}) <= known, f"{name}: {query}"
        if body is not None:
            media = operation["requestBody"]["content"]["application/json"]
            assert self.description.faults(media["schema"], body) == [], f"{name}: {body}"

    def read(self, where, response, described):
        for header in ("x-generation-id", "x-plenum-run", "x-plenum-estimated", "x-should-retry", "idempotent-replayed"):
            names = {name.lower() for name in described.get("headers", {})}
            assert header not in response.headers or header in names, f"{where}: {header} is not described"
        if response.status_code == 304:
            return None
        kind = response.headers["content-type"].split(";")[0]
        content = described["content"]
        assert kind in content or "*/*" in content, f"{where}: {kind} is not described"
        media = content.get(kind) or content["*/*"]
        if kind == "text/event-stream":
            return self.read_events(where, response, media["x-plenum-event"])
        text = response.read().decode()
        if kind == "application/jsonl":
            lines = [json.loads(line) for line in text.splitlines()]
            for line in lines:
                assert self.description.faults(media["x-plenum-line"], line) == [], where
            return lines
        if kind != "application/json":
            return text
        value = json.loads(text)
        assert self.description.faults(media["schema"], value) == [], f"{where}: {text[:1000]}"
        return value

    def read_events(self, where, response, reference):
        seen = []
        for name, _, data in events(response.iter_lines()):
            if data == "[DONE]":
                continue
            event = json.loads(data)
            assert self.description.event_faults(reference, event) == [], f"{where}: {data[:1000]}"
            if name:
                assert name == event["type"], where
                self.events.add((reference["$ref"].split("/")[-1], name))
            seen.append(event)
        assert seen, f"{where}: there were no events"
        return seen


@pytest.fixture
def server(make_server):
    return make_server(demo=True)


@pytest.fixture
def description(server):
    with server.client() as client:
        answer = client.get("/openapi.json")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    return Description(answer.json())


def test_it_is_openapi(description):
    faults = list(OpenAPIV31SpecValidator(description.document).iter_errors())
    assert [f"{list(one.absolute_path)}: {one.message[:200]}" for one in faults] == []


def test_its_examples_are_what_their_schemas_say(description):
    """Every example of JSON in it, those of requests included, is accepted by the schema that it stands beside."""
    checked = 0

    def check(media, where):
        nonlocal checked
        given = [media["example"]] if "example" in media else []
        given += [description.resolve(one)["value"] for one in media.get("examples", {}).values()]
        for example in given:
            assert description.faults(media["schema"], example) == [], f"{where}: {str(example)[:300]}"
            checked += 1
            if "x-plenum-event" in media:
                for _, _, data in events(example.split("\n")):
                    assert description.event_faults(media["x-plenum-event"], json.loads(data)) == [], where

    for name, (_, _, operation) in description.operations.items():
        for answer in [operation.get("requestBody", {}), *operation["responses"].values()]:
            for media in description.resolve(answer).get("content", {}).values():
                check(media, name)
    for name, schema in description.components["schemas"].items():
        for example in schema.get("examples", []):
            assert description.faults({"$ref": f"#/components/schemas/{name}"}, example) == [], name
            checked += 1
    assert checked > 100


def test_the_server_answers_as_is_described(server, description, report):
    with server.client(timeout=60) as client:
        call = Caller(client, description)
        call_open_doors(call)
        call_models(call)
        call_completions(call)
        conversation = call_conversations(call)
        call_runs(call, conversation)
        call_debates(call)
        call_ledger(call)
    missing = set(description.operations) - set(call.called)
    assert not missing, f"never called: {sorted(missing)}"
    good = {name for name, statuses in call.called.items() if min(statuses) < 400}
    assert set(call.called) - good <= MAY_FAIL
    report(f"openapi: {len(call.called)} of {len(description.operations)} operations called, "
           f"{sum(map(len, call.called.values()))} answers and {len(call.events)} kinds of events as described")
    for name, (method, path, _) in description.operations.items():
        statuses = " ".join(map(str, sorted(set(call.called.get(name, [])))))
        report(f"  {method:6} {path:52} {statuses}")


def call_open_doors(call):
    for name in ("isAlive", "isReady", "getSetup", "openPage", "openUsage", "openPreferences", "getIcon"):
        call(name)
    call("openConversation", conversation="conv_" + "0" * 32)
    assert call("getDescription") == call.description.document
    tag = call.client.get("/openapi.json").headers["etag"]
    call("getDescription", expect=304, headers={"If-None-Match": tag})
    call("getDescription", expect=403, headers={"Host": "elsewhere.example"})
    call("getStyle", file="tokens.css")
    call("getScript", file="core/dom.js")
    call("getScript", file="none.js", expect=404)
    call("getVendorFile", file="katex.mjs", expect=(200, 404))
    call("getVendorFile", file="none.js", expect=404)
    call("extractText", raw=PDF, expect=(200, 503))
    call("extractText", raw=b"%PDF-1.4 and nothing more", expect=(400, 503))
    call("extractText", raw=b"no PDF", expect=400)


PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
       b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>endobj\n"
       b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
       b"5 0 obj<</Length 36>>stream\nBT /F 9 Tf 9 9 Td (Some words) Tj ET \nendstream endobj\n"
       b"trailer<</Root 1 0 R>>\n%%EOF\n")


def call_models(call):
    listed = call("listModels", query={"available": "true", "sort": "price"})["data"]
    assert {PARROT, "plenum/vote"} <= {model["id"] for model in listed}
    call("listModels", query={"q": "parrot", "supports": "tools", "provider": "simulated"})
    call("listModels", query={"sort": "luck"}, expect=400)
    anthropic, google = {"anthropic-version": "2023-06-01"}, {"x-goog-api-key": "none"}
    assert "has_more" in call("listModels", headers=anthropic) and "models" in call("listModels", headers=google)
    for model in (PARROT, "plenum/council"):
        call("getModel", model=model)
        assert call("getModel", model=model, headers=anthropic)["type"] == "model"
        assert call("getModel", model=model, headers=google)["name"] == f"models/{model}"
    for headers in ({}, anthropic, google):
        call("getModel", model="nobody/none", headers=headers, expect=404)
        call("listModels", headers={**headers, "Host": "elsewhere.example"}, expect=403)


def call_completions(call):
    chat = {"model": PARROT, "messages": TURNS}
    call("createChatCompletion", chat)
    chunks = call("createChatCompletion", {**chat, "stream": True, "stream_options": {"include_usage": True}})
    assert chunks[-1]["usage"]["total_tokens"] > 0
    panel = {**chat, "model": "plenum/vote", "plugins": [{"id": "vote", "models": [PARROT, ORACLE]}]}
    assert call("createChatCompletion", panel)["plenum_run"]["status"] == "completed"
    call("createChatCompletion", {**panel, "stream": True})
    key = {"Idempotency-Key": "described"}
    assert call("createChatCompletion", chat, headers=key) == call("createChatCompletion", chat, headers=key)
    call("createChatCompletion", {**chat, "model": ORACLE}, headers=key, expect=422)
    for body, status in ({"model": PARROT}, 400), ({"messages": TURNS}, 400), ({**chat, "model": "nobody/none"}, 404):
        call("createChatCompletion", body, expect=status)
    call("createChatCompletion", chat, headers={"x-request-timeout": "1"}, expect=400)
    call("createChatCompletion", chat, headers={"Host": "elsewhere.example"}, expect=403)
    call("createEmbeddings", {"model": PARROT, "input": QUESTION}, expect=400)

    message = {"model": PARROT, "max_tokens": 200, "messages": TURNS}
    call("createMessage", message)
    assert call("createMessage", {**message, "stream": True})[-1]["type"] == "message_stop"
    assert call("createMessage", {**message, "model": "plenum/fusion"})["plenum_run"]
    call("createMessage", {"max_tokens": 9}, expect=400)
    call("createMessage", {**message, "model": "nobody/none"}, expect=404)
    call("createMessage", message, headers={"Host": "elsewhere.example"}, expect=403)
    call("countMessageTokens", {"model": PARROT, "messages": TURNS})
    call("countMessageTokens", {}, expect=400)

    response = call("createResponse", {"model": PARROT, "input": QUESTION})
    again = call("createResponse", {"model": PARROT, "input": QUESTION, "previous_response_id": response["id"]})
    assert call("createResponse", {"model": PARROT, "input": QUESTION, "stream": True})[-1]["type"] == "response.completed"
    call("createResponse", {"model": "nobody/none", "input": QUESTION}, expect=404)
    call("createResponse", {"input": QUESTION}, expect=400)
    assert call("getResponse", response=again["id"])["output"] == again["output"]
    call("getResponse", response="resp_none", expect=404)
    assert call("listResponseInput", response=again["id"])["data"]
    call("cancelResponse", response=again["id"], expect=400)
    assert call("countResponseTokens", {"model": PARROT, "input": QUESTION})["input_tokens"] > 0
    call("deleteResponse", response=again["id"])
    call("deleteResponse", response=again["id"], expect=404)

    asked = {"contents": CONTENTS}
    call("generateContent", asked, model=PARROT)
    call("generateContent", {}, model=PARROT, expect=400)
    call("generateContent", asked, model="nobody/none", expect=404)
    call("generateContent", asked, model=PARROT, headers={"Host": "elsewhere.example"}, expect=403)
    call("streamGenerateContent", asked, model=PARROT, query={"alt": "sse"})
    assert len(call("streamGenerateContent", asked, model=PARROT)) > 5
    call("streamGenerateContent", asked, model="nobody/none", expect=404)
    call("countTokens", asked, model=PARROT)
    call("countTokens", {"contents": 7}, model=PARROT, expect=400)


def call_conversations(call):
    made = call("createConversation", {"title": "Words", "metadata": {"a": "b"}, "items": TURNS})
    here = {"conversation": made["id"]}
    nowhere = {"conversation": "conv_" + "0" * 32}
    call("createConversation", {"title": 7}, expect=400)
    call("createConversation", {"model": "nobody/none"}, expect=404)
    call("createChatCompletion", {"model": PARROT, "messages": TURNS, **here})
    call("createMessage", {"model": PARROT, "max_tokens": 99, "messages": TURNS, **here})
    call("updateConversation", {"pinned": True, "title": "Latin words"}, **here)
    call("updateConversation", {"leaf": "msg_" + "0" * 32}, expect=404, **here)
    call("updateConversation", {"pinned": 7}, expect=400, **here)
    assert call("getConversation", **here)["pinned"]
    added = call("addItems", {"items": [{"content": "One"}, {"role": "assistant", "content": "Two", "model": "a/b"}]},
                 **here)["data"]
    call("addItems", {"role": "user", "content": [{"type": "input_text", "text": "Three"}], "parent": None}, **here)
    call("addItems", {"role": "tool", "content": "x"}, expect=400, **here)
    assert len(call("listItems", query={"limit": 100, "order": "desc"}, **here)["data"]) == 8
    call("listItems", query={"limit": 0}, expect=400, **here)
    call("getItem", item=added[0]["id"], **here)
    call("deleteItem", item=added[1]["id"], **here)
    call("getItem", item=added[1]["id"], expect=404, **here)
    call("deleteItem", item=added[1]["id"], expect=404, **here)
    call("listConversations", query={"limit": 1, "pinned": "true"})
    assert call("listConversations", query={"q": "plen"})["data"][0]["snippet"]["matches"]
    call("listConversations", query={"after": "nothing"}, expect=400)
    call("exportConversation", query={"format": "markdown"}, **here)
    file = call("exportConversation", **here)
    assert call("exportAll")["conversations"]
    call("exportAll", query={"format": "markdown"}, expect=400)
    copy_of_it = call("forkConversation", {"title": "Another way"}, **here)["id"]
    assert call("deleteConversation", conversation=copy_of_it)["deleted"]
    assert call("importConversations", file)["conversations"]["unchanged"] == 1
    call("importConversations", {"a": 1}, expect=400)
    for name in ("getConversation", "deleteConversation", "forkConversation", "listItems", "exportConversation"):
        call(name, expect=404, **nowhere)
    call("updateConversation", {"pinned": True}, expect=404, **nowhere)
    call("addItems", {"content": "x"}, expect=404, **nowhere)
    return made["id"]


def call_runs(call, conversation):
    compare = {"kind": "compare", "models": [PARROT, ORACLE], "input": QUESTION}
    one = call("createRun", {"models": [PARROT], "input": QUESTION, "conversation": conversation})["id"]
    call("createRun", {**compare, "stream": True})
    key = {"Idempotency-Key": "a-run"}
    assert call("createRun", compare, headers=key)["id"] == call("createRun", compare, headers=key)["id"]
    call("createRun", {**compare, "blind": True}, headers=key, expect=422)
    call("createRun", {**compare, "max_cots": "1"}, expect=400)
    call("createRun", {**compare, "models": ["nobody/none"]}, expect=404)
    blind = call("createRun", {**compare, "blind": True})
    assert "model" not in blind["seats"][0]
    call("listItems", conversation=blind["conversation"])
    call("followRun", run=blind["id"])
    call("listRuns", query={"limit": 2})
    call("listRuns", query={"conversation": conversation})
    call("listRuns", query={"limit": "many"}, expect=400)
    call("preferAnswer", {"seat": 1, "reason": "It is longer."}, run=blind["id"])
    call("preferAnswer", {}, run=blind["id"], expect=400)
    for mode in ("fuse", "checklist", "compare"):
        call("synthesizeRun", {"mode": mode, "model": SPHINX}, run=blind["id"])
    call("synthesizeRun", {"mode": "custom", "model": SPHINX, "instructions": "Be brief.", "stream": True},
         run=blind["id"])
    call("synthesizeRun", {"mode": "fuse", "model": SPHINX, "background": True}, run=blind["id"], expect=202)
    call("synthesizeRun", {"mode": "mix"}, run=blind["id"], expect=400)
    call("listPreferences", query={"limit": 1})
    call("listPreferences", query={"order": "up"}, expect=400)
    call("summarizePreferences")
    assert call("exportPreferencePairs")
    call("estimateRun", {"models": [PARROT, ORACLE], "input": QUESTION, "debate": {"protocol": "revise"}})
    call("estimateRun", {}, expect=400)
    call("retrySeat", {"model": SPHINX}, run=one, seat=0)
    call_live_seats(call)
    call("addSeat", {"model": ORACLE, "side": 7}, run=one, expect=400)
    call("cancelRun", run=one)
    call("getRun", run=one)
    call("followRun", run=one, query={"after": 3})
    assert call("followRun", run=one, query={"after": 1_000_000})[0]["type"] == "snapshot"
    call("followRun", run=one, query={"after": "x"}, expect=400)
    call("pauseRun", run=one, expect=409)
    call("cancelSeat", run=one, seat=9, expect=404)
    for name in ("getRun", "followRun", "cancelRun", "pauseRun", "resumeRun", "stepRun", "concludeRun"):
        call(name, run="run_" + "0" * 32, expect=404)


def call_live_seats(call):
    """A seat more and a seat less, while the run goes on: where the machine was too slow for that, once more."""
    for _ in range(5):
        run = call("createRun", {"models": [PARROT], "input": QUESTION, "background": True}, expect=202)["id"]
        call("addSeat", {"model": ORACLE}, run=run)
        call("cancelSeat", run=run, seat=0, expect=(200, 409))
        if {"seat.added", "seat.failed"} <= {event["type"] for event in call("followRun", run=run)}:
            return


def call_debates(call):
    three = {"models": [PARROT, ORACLE, SPHINX], "input": QUESTION, "stream": True}
    for protocol in ("vote", "revise", "council", "fusion"):
        told = call("createRun", {**three, "debate": {"protocol": protocol}})
        call("getRun", run=told[0]["run"])
    sides = {"kind": "debate", "input": QUESTION, "stream": True,
             "seats": [{"model": PARROT, "side": "Yes", "persona": "A bird"}, {"model": ORACLE, "side": "No"}],
             "debate": {"protocol": "sides", "rounds": 1, "judge": {"model": SPHINX}}}
    told = call("createRun", sides)
    run = told[0]["run"]
    call("extendRun", {"rounds": 1}, run=run)
    call("extendRun", {}, run=run, expect=400)
    call("cancelRun", run=run)
    call("judgeRun", {"model": SPHINX}, run=run)
    call("getRun", run=run)
    call("judgeRun", {"model": 7}, run=run, expect=400)
    talk = {"kind": "debate", "input": QUESTION, "models": [PARROT, ORACLE], "background": True,
            "debate": {"protocol": "talk", "turns": 6, "step": True, "summary": True}}
    run = call("createRun", talk, expect=202)["id"]
    call("sayInRun", {"input": "Be brief."}, run=run)
    call("sayInRun", {}, run=run, expect=400)
    call("stepRun", run=run)
    call("resumeRun", run=run)
    call("pauseRun", run=run)
    call("concludeRun", run=run)
    told = call("followRun", run=run)
    assert told[-1]["type"] == "run.completed"
    call("pauseRun", run=run, expect=409)
    told = {name for kind, name in call.events if kind == "RunEvent"}
    assert told >= {"run.created", "seat.started", "seat.delta", "seat.completed", "seat.failed", "seat.added",
                    "round.completed", "ballot", "verdict", "human", "run.paused", "run.resumed", "cost", "snapshot",
                    "run.completed"}


def call_ledger(call):
    response = call.client.post("/v1/chat/completions", json={"model": PARROT, "messages": TURNS})
    generation = response.headers["x-generation-id"]
    assert call("getGeneration", generation=generation) == call("getGenerationByQuery", query={"id": generation})
    call("getGeneration", generation="gen_" + "0" * 32, expect=404)
    call("getGenerationByQuery", query={"id": "x"}, expect=404)
    for group in ("model", "provider", "day"):
        assert call("getUsage", query={"group_by": group, "since": 1})["data"][0][group]
    assert call("getUsage", query={"group_by": "key"})["data"][0]["key"] is None
    call("getUsage", query={"group_by": "mood"}, expect=400)


def test_without_a_key_every_operation_but_the_open_ones_is_refused_as_described(make_server, description):
    closed = make_server(demo=True, environment={"PLENUM_MASTER_KEY": "k" * 32})
    with closed.client() as client:
        for name, (method, path, operation) in description.operations.items():
            path = re.sub(r"\{\w+\}", "x", path)
            response = client.request(method, path)
            if operation.get("security") == []:
                assert response.status_code != 401, name
                continue
            assert response.status_code == 401, name
            described = description.resolve(operation["responses"]["401"])
            schema = described["content"]["application/json"]["schema"]
            assert description.faults(schema, response.json()) == [], f"{name}: {response.text}"
        for headers, query in (({"Authorization": f"Bearer {'k' * 32}"}, {}), ({"x-api-key": "k" * 32}, {}),
                               ({"x-goog-api-key": "k" * 32}, {}), ({}, {"key": "k" * 32})):
            assert client.get("/v1/runs", headers=headers, params=query).status_code == 200
