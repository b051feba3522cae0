"""openrouter: its SDK against /api/v1, as if Plenum were OpenRouter."""

import json

import openrouter
import pytest
from openrouter import errors

import matrix
from matrix import CALLS, PLAIN, TEXT, THINKING, THINKING_CALLS, WORDS5, WORDS20

pytestmark = pytest.mark.cell

TOOLS = [
    {"type": "function", "function": {"name": name, "description": text, "parameters": schema}}
    for name, (text, schema) in matrix.TOOLS.items()]


@pytest.fixture
def client(server):
    with openrouter.OpenRouter(api_key="x", server_url=f"{server.url}/api/v1", retry_config=None) as client:
        yield client


def user(text="hello there"):
    return [{"role": "user", "content": text}]


def ask(client, dialect, model, messages=None, **options):
    return client.chat.send(model=f"{dialect}/{model}", messages=messages or user(), timeout_ms=30000, **options)


def test_text(client, dialect):
    reply = ask(client, dialect, TEXT)
    assert reply.model == f"{dialect}/{TEXT}"
    assert reply.choices[0].message.content == WORDS20
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens == 20
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + 20


def test_stream(client, dialect):
    text, finish, usage = "", None, None
    for chunk in ask(client, dialect, TEXT, stream=True, stream_options={"include_usage": True}):
        assert not getattr(chunk, "error", None)
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    assert (text, finish, usage.completion_tokens) == (WORDS20, "stop", 20)


@pytest.mark.parametrize("model", [CALLS, THINKING_CALLS], ids=["plain", "thinking"])
def test_tool_loop(client, dialect, model):
    messages = user("What is the weather, and how late is it?")
    options = {"tools": TOOLS, **({"reasoning": {"effort": "high"}} if model == THINKING_CALLS else {})}
    first = ask(client, dialect, model, messages, **options).choices[0]
    assert first.finish_reason == "tool_calls"
    calls = first.message.tool_calls
    matrix.check_calls((call.function.name, call.function.arguments) for call in calls)
    messages.append(first.message)
    messages += reversed([
        {"role": "tool", "tool_call_id": call.id, "content": text}
        for call, text in zip(calls, matrix.RESULTS, strict=True)])
    second = ask(client, dialect, model, messages, **options).choices[0]
    assert second.finish_reason == "stop"
    assert second.message.content == matrix.TOLD


def test_json_schema(client, dialect):
    reply = ask(client, dialect, PLAIN, response_format={
        "type": "json_schema", "json_schema": {"name": "pet", "schema": matrix.SCHEMA, "strict": True}})
    assert json.loads(reply.choices[0].message.content) == matrix.ANSWER


def test_image(client, dialect):
    reply = ask(client, dialect, PLAIN, [{"role": "user", "content": [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{matrix.PNG64}"}}]}])
    assert matrix.SHOWN in reply.choices[0].message.content


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning(client, dialect, streamed):
    if streamed:
        text, thoughts = "", ""
        for chunk in ask(client, dialect, THINKING, reasoning={"effort": "high"}, stream=True):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                thoughts += choice.delta.reasoning or ""
    else:
        message = ask(client, dialect, THINKING, reasoning={"effort": "high"}).choices[0].message
        text, thoughts = message.content, message.reasoning
    assert (text, thoughts) == (WORDS5, matrix.THOUGHTS4)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", matrix.STATUSES)
def test_error(client, dialect, status, streamed):
    kinds = {
        400: errors.BadRequestResponseError, 401: errors.BadGatewayResponseError,
        429: errors.TooManyRequestsResponseError, 529: errors.ServiceUnavailableResponseError}
    with pytest.raises(kinds[status]) as caught:
        ask(client, dialect, matrix.refused(status), stream=streamed)
    assert caught.value.status_code == matrix.OUT[status]
    assert dialect in caught.value.data.error.message


@pytest.mark.parametrize("model", [matrix.ERROR_AFTER, matrix.CUT, matrix.ENDED], ids=["error", "cut", "ended"])
def test_broken_stream(client, dialect, model):
    """This SDK raises nothing: OpenRouter itself tells an error by a chunk that has one, and so ends."""
    text, last = "", None
    for chunk in ask(client, dialect, model, stream=True):
        last = chunk
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        assert not any(choice.finish_reason in ("stop", "length") for choice in chunk.choices)
    assert text == WORDS5
    assert last.error.message
    assert last.error.code == 502 if model != matrix.ERROR_AFTER else last.error.code == 503
    assert last.choices[0].finish_reason == "error"


def test_models(client):
    listed = {model.id for model in client.models.list().result.data}
    assert f"chat/{PLAIN}" in listed
