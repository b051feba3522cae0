"""openai: Responses."""

import json

import openai
import pydantic
import pytest

import matrix
from matrix import CALLS, PLAIN, TEXT, THINKING, THINKING_CALLS, WORDS5, WORDS20

pytestmark = [pytest.mark.cell, pytest.mark.usefixtures("responses_door")]

TOOLS = [
    {"type": "function", "name": name, "description": text, "parameters": schema, "strict": False}
    for name, (text, schema) in matrix.TOOLS.items()]
FORMAT = {"format": {"type": "json_schema", "name": "pet", "schema": matrix.SCHEMA, "strict": True}}
ERRORS = {400: openai.BadRequestError, 401: openai.InternalServerError, 429: openai.RateLimitError,
          529: openai.InternalServerError}


@pytest.fixture
def client(server):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="x", max_retries=0, timeout=30) as client:
        yield client


def ask(client, dialect, model, given="hello there", **options):
    return client.responses.create(model=f"{dialect}/{model}", input=given, store=False, **options)


def check_usage(usage, output, thoughts=0):
    assert usage.output_tokens == output
    assert usage.input_tokens > 0
    assert usage.total_tokens == usage.input_tokens + output
    assert usage.output_tokens_details.reasoning_tokens == thoughts


def test_text(client, dialect):
    reply = ask(client, dialect, TEXT)
    assert (reply.status, reply.model) == ("completed", f"{dialect}/{TEXT}")
    assert reply.output_text == WORDS20
    check_usage(reply.usage, 20)


def test_stream(client, dialect):
    events = list(ask(client, dialect, TEXT, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[0].type == "response.created"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == WORDS20
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == WORDS20
    check_usage(events[-1].response.usage, 20)


def test_stream_helper(client, dialect):
    with client.responses.stream(model=f"{dialect}/{TEXT}", input="hello there", store=False) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert "".join(deltas) == final.output_text == WORDS20
    assert final.status == "completed"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [CALLS, THINKING_CALLS], ids=["plain", "thinking"])
def test_tool_loop(client, dialect, model, streamed):
    given = [{"role": "user", "content": "What is the weather, and how late is it?"}]
    options = {"tools": TOOLS}
    if model == THINKING_CALLS:
        options |= {"reasoning": {"effort": "high", "summary": "auto"}, "include": ["reasoning.encrypted_content"]}

    def turn():
        if not streamed:
            return ask(client, dialect, model, given, **options)
        with client.responses.stream(model=f"{dialect}/{model}", input=given, store=False, **options) as stream:
            return stream.get_final_response()

    first = turn()
    calls = [item for item in first.output if item.type == "function_call"]
    matrix.check_calls((call.name, call.arguments) for call in calls)
    given += [item.to_dict() for item in first.output]
    for item in given:
        item.pop("parsed_arguments", None)
    given += reversed([
        {"type": "function_call_output", "call_id": call.call_id, "output": text}
        for call, text in zip(calls, matrix.RESULTS, strict=True)])
    second = turn()
    assert second.status == "completed"
    assert second.output_text == matrix.TOLD


@pytest.mark.parametrize("begun", ["chat", "claude", "gem", "resp"])
def test_tool_loop_moved(client, dialect, begun, server):
    """A loop that one provider's thinking model began and another's ends: nobody gets another's state."""
    if begun in server.refused:
        pytest.skip(server.refused[begun])
    given = [{"role": "user", "content": "What is the weather, and how late is it?"}]
    options = {"tools": TOOLS, "reasoning": {"effort": "high", "summary": "auto"},
               "include": ["reasoning.encrypted_content"]}
    first = ask(client, begun, THINKING_CALLS, given, **options)
    given += [item.to_dict() for item in first.output]
    given += [
        {"type": "function_call_output", "call_id": call.call_id, "output": text}
        for call, text in zip([item for item in first.output if item.type == "function_call"], matrix.RESULTS, strict=True)]
    assert ask(client, dialect, THINKING_CALLS, given, **options).output_text == matrix.TOLD


def test_json_schema(client, dialect):
    assert json.loads(ask(client, dialect, PLAIN, text=FORMAT).output_text) == matrix.ANSWER


def test_structured_parse(client, dialect):
    class Pet(pydantic.BaseModel):
        name: str
        age: int
        tags: list[str]

    reply = client.responses.parse(model=f"{dialect}/{PLAIN}", input="hello", text_format=Pet, store=False)
    assert reply.output_parsed == Pet(name="simulated name", age=1, tags=[])


def test_image(client, dialect):
    reply = ask(client, dialect, PLAIN, [{"role": "user", "content": [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "detail": "auto", "image_url": f"data:image/png;base64,{matrix.PNG64}"}]}])
    assert matrix.SHOWN in reply.output_text


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning(client, dialect, streamed):
    options = {"reasoning": {"effort": "high", "summary": "auto"}}
    if streamed:
        reply = list(ask(client, dialect, THINKING, stream=True, **options))[-1].response
    else:
        reply = ask(client, dialect, THINKING, **options)
    # Gemini's signature may stand with the text that follows the thoughts: then it is an item of its own.
    thoughts = [item for item in reply.output if item.type == "reasoning"]
    assert "".join(part.text for item in thoughts for part in item.summary) == matrix.THOUGHTS4
    assert reply.output_text == WORDS5
    check_usage(reply.usage, 9, thoughts=4)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", matrix.STATUSES)
def test_error(client, dialect, status, streamed):
    with pytest.raises(ERRORS[status]) as caught:
        ask(client, dialect, matrix.refused(status), stream=streamed)
    assert caught.value.status_code == matrix.OUT[status]
    assert dialect in caught.value.message


@pytest.mark.parametrize("helper", [False, True], ids=["raw", "helper"])
@pytest.mark.parametrize("model", [matrix.ERROR_AFTER, matrix.CUT, matrix.ENDED], ids=["error", "cut", "ended"])
def test_broken_stream(client, dialect, model, helper):
    """The raw stream tells an answer that failed by its last event; the helper raises."""
    if helper:
        with pytest.raises((openai.APIError, RuntimeError)):
            with client.responses.stream(model=f"{dialect}/{model}", input="hello", store=False) as stream:
                stream.get_final_response()
        return
    events = []
    try:
        for event in ask(client, dialect, model, stream=True):
            events.append(event)
    except openai.APIError:
        events.append(None)
    assert "".join(event.delta for event in events if event and event.type == "response.output_text.delta") == WORDS5
    assert events[-1] is None or events[-1].type in ("response.failed", "error")


def test_input_tokens(client, dialect):
    counted = client.responses.input_tokens.count(model=f"{dialect}/{PLAIN}", input="hello there").input_tokens
    assert counted > 1000 if dialect == "resp" else 0 < counted < 1000
