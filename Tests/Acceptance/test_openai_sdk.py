"""The official OpenAI SDK against a running server, in front of each of the three upstream dialects."""

import json

import openai
import pytest

import plenum

DIALECTS = list(plenum.DIALECTS)
MODELS = [
    "sim-gap1", "sim-gap1-words20", "sim-gap1-words2000", "sim-status400", "sim-status401", "sim-status404",
    "sim-status429", "sim-status500", "sim-status503", "sim-gap1-words20-cut5",
]

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        },
    },
}


@pytest.fixture(scope="module")
def server(simulator, tmp_path_factory):
    running = plenum.Server(
        tmp_path_factory.mktemp("sdk"), providers=plenum.three_dialects(simulator.url, MODELS), demo=True)
    running.start()
    yield running
    assert running.is_alive, running.log[-3000:]
    running.kill()


@pytest.fixture
def client(server):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="not-needed", max_retries=0, timeout=30) as client:
        yield client


WORDS20 = "".join(f"word{n} " for n in range(1, 21))


def user(text):
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_completion(client, dialect):
    model = f"{dialect}/sim-gap1-words20"
    reply = client.chat.completions.create(model=model, messages=user("hello there"))
    assert reply.object == "chat.completion"
    assert reply.model == model
    assert reply.choices[0].message.role == "assistant"
    assert reply.choices[0].message.content == WORDS20
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens == 20
    assert reply.usage.prompt_tokens > 0
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + 20


@pytest.mark.parametrize("dialect", DIALECTS)
def test_completion_says_what_was_asked(client, dialect):
    reply = client.chat.completions.create(
        model=f"{dialect}/sim-gap1",
        messages=[{"role": "system", "content": "Be brief."}, *user("Ünïcode “quotes” \\ and 日本 \U0001f600")])
    assert 'You asked: "Ünïcode “quotes” \\ and 日本 \U0001f600"' in reply.choices[0].message.content


@pytest.mark.parametrize("dialect", DIALECTS)
def test_raw_response_names_its_generation(client, dialect):
    raw = client.chat.completions.with_raw_response.create(
        model=f"{dialect}/sim-gap1-words20", messages=user("hello"))
    assert raw.headers["x-generation-id"].startswith("gen_")
    assert raw.parse().choices[0].message.content == WORDS20


@pytest.mark.parametrize("dialect", DIALECTS)
def test_length_limit_is_a_finish_reason(client, dialect):
    reply = client.chat.completions.create(
        model=f"{dialect}/sim-gap1-words20", messages=user("hello"), max_tokens=5)
    assert reply.choices[0].finish_reason == "length"
    assert reply.choices[0].message.content == "word1 word2 word3 word4 word5 "


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stream(client, dialect):
    model = f"{dialect}/sim-gap1-words20"
    chunks = list(client.chat.completions.create(model=model, messages=user("hello"), stream=True))
    assert {chunk.model for chunk in chunks} == {model}
    assert len({chunk.id for chunk in chunks}) == 1
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == WORDS20
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert all(chunk.usage is None for chunk in chunks), "usage was told though nobody asked for it"
    assert all(chunk.choices for chunk in chunks), "a chunk without choices came though usage was not asked for"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stream_with_usage(client, dialect):
    model = f"{dialect}/sim-gap1-words20"
    plain = client.chat.completions.create(model=model, messages=user("hello there"))
    chunks = list(client.chat.completions.create(
        model=model, messages=user("hello there"), stream=True, stream_options={"include_usage": True}))
    told = [chunk for chunk in chunks if chunk.usage]
    assert len(told) == 1
    assert chunks[-1] is told[0]
    assert told[0].choices == []
    for counter in ("prompt_tokens", "completion_tokens", "total_tokens"):
        assert getattr(told[0].usage, counter) == getattr(plain.usage, counter)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_stream_helper(client, dialect):
    with client.chat.completions.stream(
            model=f"{dialect}/sim-gap1-words20", messages=user("hello"),
            stream_options={"include_usage": True}) as stream:
        deltas = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()
    assert len(deltas) >= 2
    assert "".join(deltas) == WORDS20 == final.choices[0].message.content
    assert final.choices[0].finish_reason == "stop"
    assert final.usage.completion_tokens == 20


@pytest.mark.parametrize("dialect", DIALECTS)
def test_long_stream_loses_nothing(client, dialect):
    stream = client.chat.completions.create(
        model=f"{dialect}/sim-gap1-words2000", messages=user("hello"), stream=True, max_tokens=4000)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert text == "".join(f"word{n} " for n in range(1, 2001))


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_tools_round_trip(client, dialect, streamed):
    model = f"{dialect}/sim-gap1"
    messages = user("What is the weather in Paris?")
    if streamed:
        with client.chat.completions.stream(model=model, messages=messages, tools=[WEATHER]) as stream:
            first = stream.get_final_completion()
    else:
        first = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
    assert first.choices[0].finish_reason == "tool_calls"
    [call] = first.choices[0].message.tool_calls
    assert call.type == "function"
    assert call.id
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments) == {"city": "simulated city", "days": 1}
    messages = [
        *messages,
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": call.id, "type": "function",
             "function": {"name": call.function.name, "arguments": call.function.arguments}}]},
        {"role": "tool", "tool_call_id": call.id, "content": "18 degrees, light rain"},
    ]
    if streamed:
        stream = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER], stream=True)
        answer = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    else:
        final = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER])
        assert final.choices[0].finish_reason == "stop"
        answer = final.choices[0].message.content
    assert "18 degrees, light rain" in answer


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tool_choice_none_answers_in_words(client, dialect):
    reply = client.chat.completions.create(
        model=f"{dialect}/sim-gap1", messages=user("hello"), tools=[WEATHER], tool_choice="none")
    assert not reply.choices[0].message.tool_calls
    assert reply.choices[0].message.content


@pytest.mark.parametrize("dialect", DIALECTS)
def test_unknown_model_names_near_matches(client, dialect):
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model=f"{dialect}/sim-gap1-words21", messages=user("hello"))
    assert f"{dialect}/sim-gap1-words20" in str(caught.value)
    assert caught.value.code == "model_not_found"
    assert caught.value.param == "model"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status, expected, http", [
    (400, openai.BadRequestError, 400),
    (401, openai.InternalServerError, 502),
    (404, openai.NotFoundError, 404),
    (429, openai.RateLimitError, 429),
    (500, openai.InternalServerError, 503),
    (503, openai.InternalServerError, 503),
])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_refusals_of_the_upstream(client, dialect, status, expected, http, streamed):
    with pytest.raises(expected) as caught:
        client.chat.completions.create(
            model=f"{dialect}/sim-status{status}", messages=user("hello"), stream=streamed)
    assert caught.value.status_code == http
    assert dialect in caught.value.message, "the message does not say whose error it is"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_rate_limit_is_retried_by_the_sdk(server, dialect):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="x", max_retries=1, timeout=30) as client:
        before = usage_of(server, f"{dialect}/sim-status429")
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model=f"{dialect}/sim-status429", messages=user("hello"))
        assert usage_of(server, f"{dialect}/sim-status429") == before + 2


def usage_of(server, model):
    with server.client() as http:
        rows = http.get("/v1/usage?group_by=model").raise_for_status().json()["data"]
    return sum(row["requests"] for row in rows if row["model"] == model)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_broken_stream_is_an_error_and_not_an_end(client, dialect):
    text = ""
    with pytest.raises(openai.APIError):
        for chunk in client.chat.completions.create(
                model=f"{dialect}/sim-gap1-words20-cut5", messages=user("hello"), stream=True):
            text += chunk.choices[0].delta.content or "" if chunk.choices else ""
    assert text == "word1 word2 word3 word4 word5 "


@pytest.mark.parametrize("body, where", [
    ({"messages": "hello"}, "messages"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "role"),
    ({"messages": [{"content": "x"}]}, "role"),
    ({"messages": [{"role": "user", "content": "x"}], "temperature": "hot"}, "temperature"),
])
@pytest.mark.parametrize("dialect", ["claude", "gem"])
def test_bad_requests(client, dialect, body, where):
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/chat/completions", body={"model": f"{dialect}/sim-gap1", **body}, cast_to=object)
    assert where in f"{caught.value.message} {caught.value.param}"


def test_models_list_and_retrieve(client):
    models = {model.id: model for model in client.models.list()}
    for dialect in DIALECTS:
        for model in MODELS:
            assert f"{dialect}/{model}" in models
    for name in ("simulated/parrot", "simulated/oracle", "simulated/sphinx"):
        assert models[name].simulated is True, "a simulated model is not labelled as simulated"
        assert "simulated" in models[name].name.lower()
    one = client.models.retrieve("chat/sim-gap1-words20")
    assert (one.id, one.object, one.available) == ("chat/sim-gap1-words20", "model", True)
    assert one.to_dict() == models["chat/sim-gap1-words20"].to_dict()
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("simulated/parot")
    assert "simulated/parrot" in str(caught.value)


def test_short_names_work_when_unique(client):
    assert client.chat.completions.create(model="parrot", messages=user("hi")).model == "simulated/parrot"
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="sim-gap1", messages=user("which of three?"))


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_conversation_remembers(client, dialect, streamed):
    conversation = client.conversations.create(metadata={"topic": "test"})
    model = f"{dialect}/sim-gap1"
    tokens = []
    for question in ("My name is Ada.", "What is my name?"):
        reply = say(client, model, question, conversation.id, streamed)
        tokens.append(reply)
    assert tokens[1] > tokens[0] + 30, "the second prompt was not longer by the first exchange"
    items = list(client.conversations.items.list(conversation.id, order="asc"))
    assert [item.role for item in items] == ["user", "assistant", "user", "assistant"]
    assert items[0].content[0].text == "My name is Ada."
    assert "My name is Ada." in items[1].content[0].text
    assert [item.model for item in items if item.role == "assistant"] == [model, model]
    assert {item.status for item in items} == {"completed"}
    kept = client.conversations.retrieve(conversation.id)
    assert kept.metadata == {"topic": "test"}
    assert kept.title == "My name is Ada."


def say(client, model, text, conversation, streamed):
    """Says something in a conversation, and returns how many tokens the prompt had."""
    extra = {"conversation": conversation}
    if not streamed:
        reply = client.chat.completions.create(model=model, messages=user(text), extra_body=extra)
        assert text in reply.choices[0].message.content
        return reply.usage.prompt_tokens
    chunks = list(client.chat.completions.create(
        model=model, messages=user(text), extra_body=extra, stream=True, stream_options={"include_usage": True}))
    assert text in "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    return chunks[-1].usage.prompt_tokens


@pytest.mark.parametrize("dialect", DIALECTS)
def test_history_reaches_the_upstream_and_own_fields_do_not(make_server, upstream, dialect):
    far = upstream(lambda link, call: plenum.whole(link, plenum.reply(dialect, "Your name is Ada.")))
    server = make_server(providers={"providers": [plenum.provider("far", dialect, far.url, ["m"])]})
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="client-key", max_retries=0) as client:
        conversation = client.conversations.create()
        for text in ("I am Ada Lovelace.", "Who am I?"):
            reply = client.chat.completions.create(
                model="far/m", messages=user(text), extra_body={"conversation": conversation.id})
            assert reply.choices[0].message.content == "Your name is Ada."
            assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (11, 7)
    first, second = (call.body.decode() for call in far.calls)
    assert "I am Ada Lovelace." in first and "Who am I?" not in first
    assert second.index("I am Ada Lovelace.") < second.index("Your name is Ada.") < second.index("Who am I?")
    for call in far.calls:
        assert conversation.id not in call.body.decode()
        assert "client-key" not in call.head


def test_unknown_conversation_is_not_found(client):
    for name in ("conv_0192f0c1-2345-7abc-8def-0123456789ab", "nonsense"):
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(
                model="simulated/parrot", messages=user("hello"), extra_body={"conversation": name})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_openrouter_prefix(server, dialect):
    with openai.OpenAI(base_url=f"{server.url}/api/v1", api_key="x", max_retries=0) as client:
        reply = client.chat.completions.create(model=f"{dialect}/sim-gap1-words20", messages=user("hello"))
        assert reply.choices[0].message.content == WORDS20
