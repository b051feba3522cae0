"""Panels asked like one model, by the official SDK."""

import openai
import pytest

import debating
import plenum
from debating import ended


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    running = plenum.Simulator(tmp_path_factory.mktemp("panelists"), rules=debating.rules()).start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def server(upstream, tmp_path_factory):
    running = plenum.Server(tmp_path_factory.mktemp("panels"), providers=debating.providers(upstream.url))
    running.start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture
def sdk(server):
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)


PANEL = ["chat/deb-a", "chat/deb-b", "chat/deb-c"]
MESSAGES = [
    {"role": "system", "content": "You are careful."}, {"role": "user", "content": "Hello."},
    {"role": "assistant", "content": "Hello to you."}, {"role": "user", "content": "Is 91 a prime?"}]
CASES = [
    ("vote", "vote", 3, "Speech of deb-"), ("fusion", "fusion", 4, "One answer of all."),
    ("council", "council", 7, "The council finds"), ("debate", "debate", 6, "Speech of deb-"),
]


def plugin(identifier, **members):
    return {"plugins": [{"id": identifier, "models": PANEL, "judge": "chat/deb-judge", **members}]}


@pytest.mark.parametrize("name, identifier, calls, answer", CASES)
def test_a_panel_answers_like_one_model(sdk, server, upstream, name, identifier, calls, answer):
    mark = upstream.mark()
    done = sdk.chat.completions.create(model=f"plenum/{name}", messages=MESSAGES, extra_body=plugin(identifier))
    made = upstream.calls(after=mark)
    assert len(made) == calls
    assert done.model == f"plenum/{name}"
    assert done.choices[0].message.content.startswith(answer)
    assert "CONFIDENCE" not in done.choices[0].message.content
    assert done.choices[0].finish_reason == "stop"
    # Usage is the sum of all calls.
    assert done.usage.prompt_tokens == sum(call["usage"]["input_tokens"] for call in made)
    assert done.usage.completion_tokens == sum(call["usage"]["output_tokens"] for call in made)
    about = done.model_extra["plenum_run"]
    assert about["protocol"] == {"debate": "revise"}.get(name, name) and about["failed_models"] == []
    for call in made:
        # What the client told the model as a whole is for those who answer, not for those who rank and judge.
        is_answer = call["model"] != "deb-judge" and "Rank them" not in str(call["body"]["messages"])
        assert ("You are careful." in str(call["body"]["messages"])) == is_answer
        assert "Hello to you." in str(call["body"]["messages"])
    with server.client() as client:
        run = ended(client, about["run_id"])
        assert len(run["turns"]) == calls
        # It is kept, and put away: a client's panels are not the owner's list of conversations.
        assert client.get(f"/v1/conversations/{run['conversation']}").json()["archived"] is True


@pytest.mark.parametrize("name, identifier, calls, answer", CASES)
def test_a_panel_streams_its_final_answer_alone(sdk, server, name, identifier, calls, answer):
    stream = sdk.chat.completions.create(
        model=f"plenum/{name}", messages=MESSAGES, stream=True, stream_options={"include_usage": True},
        extra_body=plugin(identifier))
    text, finish, usage = "", None, None
    for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
        usage = chunk.usage or usage
    assert text.startswith(answer) and finish == "stop"
    assert usage.completion_tokens > 0


def test_progress_goes_into_comments(server):
    body = {"model": "plenum/vote", "messages": MESSAGES, "stream": True, **plugin("vote")}
    with server.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as response:
        run = response.headers["x-plenum-run"]
        lines = list(response.iter_lines())
    comments = [line for line in lines if line.startswith(":")]
    assert sum(line.startswith(": seat.completed") for line in comments) == 3
    assert any(line.startswith(": round.completed") for line in comments)
    assert any(line.startswith(": plenum_run") and run in line for line in comments)
    assert lines[-2] == "data: [DONE]" or "data: [DONE]" in lines


def test_a_panel_that_nobody_set_up_is_one_of_what_can_be_asked(sdk):
    done = sdk.chat.completions.create(model="plenum/vote", messages=MESSAGES)
    assert done.choices[0].message.content


def test_panels_are_listed(sdk):
    names = {model.id for model in sdk.models.list()}
    assert {"plenum/vote", "plenum/fusion", "plenum/council", "plenum/debate"} <= names
    assert sdk.models.retrieve("plenum/council").owned_by == "plenum"


def test_a_panel_in_a_panel_is_refused_also_through_another_server(sdk, server, make_server):
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.chat.completions.create(
            model="plenum/vote", messages=MESSAGES, extra_body=plugin("vote", models=["plenum/vote", "chat/deb-a"]))
    assert refused.value.code == "recursive_panel"
    # A server whose provider is the first one.
    outer = make_server(providers={"providers": [plenum.provider(
        "inner", "chat", server.url, ["plenum/vote", "chat/deb-a"])]})
    with outer.client() as client:
        answer = client.post("/v1/runs", json={
            "kind": "debate", "input": "x", "models": ["inner/plenum/vote", "inner/chat/deb-a"],
            "debate": {"protocol": "vote"}}).json()
    assert answer["seats"][0]["status"] == "failed"
    assert "panel" in answer["seats"][0]["error"]["message"]


def test_the_same_key_never_asks_a_panel_twice(server, upstream):
    body = {"model": "plenum/vote", "messages": MESSAGES, **plugin("vote")}
    headers = {"Idempotency-Key": "panel-4711"}
    with server.client() as client:
        first = client.post("/v1/chat/completions", json=body, headers=headers)
        mark = upstream.mark()
        again = client.post("/v1/chat/completions", json=body, headers=headers)
        assert again.headers["idempotent-replayed"] == "true" and again.json() == first.json()
        other = client.post("/v1/chat/completions", json={**body, "model": "plenum/fusion"}, headers=headers)
        assert other.status_code == 422
        assert upstream.mark() == mark


@pytest.mark.parametrize("change, where", [
    ({"store": False}, "store"),
    ({"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]}, "tools"),
    ({"plugins": [{"id": "vote", "models": ["chat/nobody", "chat/deb-a"]}]}, "nobody"),
    ({"plugins": [{"id": "vote", "models": ["chat/deb-a"]}]}, "seats"),
    ({"plugins": [{"id": "vote", "modles": []}]}, "modles"),
    ({"messages": [{"role": "assistant", "content": "I speak first."}]}, "messages"),
])
def test_what_a_panel_cannot_do_is_refused(server, change, where):
    with server.client() as client:
        answer = client.post("/v1/chat/completions", json={"model": "plenum/vote", "messages": MESSAGES, **change})
    assert answer.status_code in (400, 404), answer.text
    assert where in answer.text


def test_a_panel_goes_on_with_a_conversation(sdk, server):
    with server.client() as client:
        conversation = client.post("/v1/conversations", json={"title": "Mine"}).json()["id"]
        for text in ("First?", "Second?"):
            sdk.chat.completions.create(
                model="plenum/vote", messages=[{"role": "user", "content": text}],
                extra_body={"conversation": conversation, **plugin("vote")})
        items = client.get(f"/v1/conversations/{conversation}/items").json()["data"]
    questions = [item for item in items if item["role"] == "user"]
    assert len(questions) == 2 and questions[1]["parent"] in {item["id"] for item in items if item["role"] == "assistant"}


def test_a_client_that_leaves_ends_its_panel(make_server, simulator):
    server = make_server(providers=plenum.three_dialects(simulator.url, ["sim-gap50-words400"]))
    with server.client() as client:
        body = {"model": "plenum/vote", "messages": MESSAGES, "stream": True,
                "plugins": [{"id": "vote", "models": ["chat/sim-gap50-words400", "gem/sim-gap50-words400"]}]}
        with client.stream("POST", "/v1/chat/completions", json=body) as response:
            run = response.headers["x-plenum-run"]
            next(response.iter_lines())
        assert ended(client, run, limit=20)["status"] == "cancelled"
