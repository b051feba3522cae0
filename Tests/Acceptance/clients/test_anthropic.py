"""anthropic: Messages, in both versions of the API."""

import json

import anthropic
import pytest

import matrix
from matrix import CALLS, PLAIN, TEXT, THINKING, THINKING_CALLS, WORDS5, WORDS20

pytestmark = pytest.mark.cell

TOOLS = [
    {"name": name, "description": text, "input_schema": schema} for name, (text, schema) in matrix.TOOLS.items()]
ERRORS = {400: anthropic.BadRequestError, 401: anthropic.InternalServerError, 429: anthropic.RateLimitError,
          529: anthropic.InternalServerError}
# Its own dialect has a status for overload.
OUT = {**matrix.OUT, 529: 529}
THINKS = {"thinking": {"type": "adaptive", "display": "summarized"}}


@pytest.fixture(params=["2026-10-21", "2023-06-01"])
def client(request, server):
    """The client in today's version, with a bearer's key, and as those before 2.0 were."""
    headers = {}
    if request.param == "2023-06-01":
        headers = {"anthropic-version": "2023-06-01", "x-api-key": "x"}
    with anthropic.Anthropic(
            base_url=server.url, api_key="x", max_retries=0, timeout=30, default_headers=headers) as client:
        client.version = request.param
        yield client


def user(text="hello there"):
    return [{"role": "user", "content": text}]


def ask(client, dialect, model, messages=None, **options):
    options = {"max_tokens": 4000, **options}
    return client.messages.create(model=f"{dialect}/{model}", messages=messages or user(), **options)


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def test_text(client, dialect):
    reply = ask(client, dialect, TEXT, system="Be brief.")
    assert (reply.type, reply.role, reply.model) == ("message", "assistant", f"{dialect}/{TEXT}")
    assert [block.type for block in reply.content] == ["text"]
    assert reply.content[0].text == WORDS20
    assert reply.stop_reason == "end_turn"
    assert reply.usage.output_tokens == 20
    assert reply.usage.input_tokens > 0


def test_max_tokens(client, dialect):
    reply = ask(client, dialect, TEXT, max_tokens=5)
    assert (text_of(reply), reply.stop_reason) == (matrix.shortest(dialect), "max_tokens")


def test_raw_stream(client, dialect):
    events = list(ask(client, dialect, TEXT, stream=True))
    assert [events[0].type, events[-1].type] == ["message_start", "message_stop"]
    assert "".join(event.delta.text for event in events if event.type == "content_block_delta") == WORDS20
    assert events[-2].delta.stop_reason == "end_turn"
    assert events[-2].usage.output_tokens == 20


def test_stream(client, dialect):
    with client.messages.stream(model=f"{dialect}/{TEXT}", max_tokens=4000, messages=user()) as stream:
        texts = list(stream.text_stream)
        final = stream.get_final_message()
    assert len(texts) == 20
    assert "".join(texts) == text_of(final) == WORDS20
    assert final.stop_reason == "end_turn"
    assert final.usage.output_tokens == 20
    assert final.usage.input_tokens > 0


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [CALLS, THINKING_CALLS], ids=["plain", "thinking"])
def test_tool_loop(client, dialect, model, streamed):
    messages = user("What is the weather, and how late is it?")
    options = {"max_tokens": 4000, "tools": TOOLS, **(THINKS if model == THINKING_CALLS else {})}

    def turn():
        if not streamed:
            return ask(client, dialect, model, messages, **options)
        with client.messages.stream(model=f"{dialect}/{model}", messages=messages, **options) as stream:
            return stream.get_final_message()

    first = turn()
    assert first.stop_reason == "tool_use"
    calls = [block for block in first.content if block.type == "tool_use"]
    matrix.check_calls((call.name, call.input) for call in calls)
    if model == THINKING_CALLS:
        assert first.content[0].type == "thinking"
        assert first.content[0].thinking == matrix.THOUGHTS4
    messages.append({"role": "assistant", "content": [sent_back(block) for block in first.content]})
    messages.append({"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": call.id, "content": text}
        for call, text in reversed(list(zip(calls, matrix.RESULTS, strict=True)))]})
    second = turn()
    assert second.stop_reason == "end_turn"
    assert text_of(second) == matrix.TOLD


@pytest.mark.parametrize("begun", ["chat", "claude", "gem", "resp"])
def test_tool_loop_moved(client, dialect, begun, server):
    """A loop that one provider's thinking model began and another's ends: nobody gets another's state."""
    if begun in server.refused:
        pytest.skip(server.refused[begun])
    messages = user("What is the weather, and how late is it?")
    options = {"tools": TOOLS, **THINKS}
    first = ask(client, begun, THINKING_CALLS, messages, **options)
    messages.append({"role": "assistant", "content": [sent_back(block) for block in first.content]})
    messages.append({"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": call.id, "content": text}
        for call, text in zip([block for block in first.content if block.type == "tool_use"], matrix.RESULTS, strict=True)]})
    assert text_of(ask(client, dialect, THINKING_CALLS, messages, **options)) == matrix.TOLD


def sent_back(block):
    """A block as a client sends it back, without what the SDK's helpers add."""
    return {key: value for key, value in block.to_dict().items() if value is not None}


def test_thinking_budget_tool_loop(client, dialect):
    """With a budget Anthropic wants the thoughts of the loop back."""
    messages = user("What is the weather?")
    options = {"max_tokens": 4000, "tools": TOOLS, "thinking": {"type": "enabled", "budget_tokens": 1024}}
    first = ask(client, dialect, THINKING_CALLS, messages, **options)
    messages.append({"role": "assistant", "content": [sent_back(block) for block in first.content]})
    calls = [block for block in first.content if block.type == "tool_use"]
    messages.append({"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": call.id, "content": text, "is_error": False}
        for call, text in zip(calls, matrix.RESULTS, strict=True)]})
    assert text_of(ask(client, dialect, THINKING_CALLS, messages, **options)) == matrix.TOLD


def test_json_schema(client, dialect):
    reply = ask(client, dialect, PLAIN, output_config={"format": {"type": "json_schema", "schema": matrix.SCHEMA}})
    assert json.loads(text_of(reply)) == matrix.ANSWER


def test_image(client, dialect):
    reply = ask(client, dialect, PLAIN, [{"role": "user", "content": [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": matrix.PNG64}},
        {"type": "text", "text": "What is this?"}]}])
    assert matrix.SHOWN in text_of(reply)
    assert 'You asked: "What is this?"' in text_of(reply)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning(client, dialect, streamed):
    if streamed:
        with client.messages.stream(
                model=f"{dialect}/{THINKING}", max_tokens=4000, messages=user(), **THINKS) as stream:
            reply = stream.get_final_message()
    else:
        reply = ask(client, dialect, THINKING, **THINKS)
    assert [block.type for block in reply.content][:2] == ["thinking", "text"]
    assert reply.content[0].thinking == matrix.THOUGHTS4
    assert text_of(reply) == WORDS5
    assert reply.usage.output_tokens == 9


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", matrix.STATUSES)
def test_error(client, dialect, status, streamed):
    with pytest.raises(ERRORS[status]) as caught:
        ask(client, dialect, matrix.refused(status), stream=streamed)
    assert caught.value.status_code == OUT[status]
    assert caught.value.body["type"] == "error"
    assert dialect in caught.value.body["error"]["message"]


@pytest.mark.parametrize("model", [matrix.ERROR_AFTER, matrix.CUT, matrix.ENDED], ids=["error", "cut", "ended"])
def test_broken_stream(client, dialect, model):
    text = ""
    with pytest.raises(anthropic.APIError):
        with client.messages.stream(model=f"{dialect}/{model}", max_tokens=4000, messages=user()) as stream:
            for event in stream:
                assert event.type not in ("message_delta", "message_stop"), "a broken stream was given a clean finish"
                if event.type == "text":
                    text += event.text
    assert text == WORDS5


def test_temperature(client, dialect):
    """The newer version of the API has no temperature: Anthropic itself refuses it, others take it.

    Nor has the SDK a name for it any more.
    """
    warm = {"extra_body": {"temperature": 0.5}}
    if dialect == "claude" and client.version == "2026-10-21":
        with pytest.raises(anthropic.BadRequestError) as caught:
            ask(client, dialect, TEXT, **warm)
        assert "temperature" in caught.value.body["error"]["message"]
    else:
        assert text_of(ask(client, dialect, TEXT, **warm)) == WORDS20


def test_count_tokens(client, dialect):
    """Anthropic counts what is for Anthropic; for others it is an estimate that says so."""
    raw = client.messages.with_raw_response.count_tokens(model=f"{dialect}/{PLAIN}", messages=user())
    counted = raw.parse().input_tokens
    assert counted == 1002 if dialect == "claude" else 0 < counted < 1000
    assert raw.headers.get("x-plenum-estimated") == (None if dialect == "claude" else "true")


def test_unknown_model(client):
    with pytest.raises(anthropic.NotFoundError) as caught:
        ask(client, "claude", "nobody")
    assert caught.value.body["error"]["type"] == "not_found_error"


def test_models(client):
    listed = {model.id for model in client.models.list(limit=1000)}
    assert f"chat/{PLAIN}" in listed
