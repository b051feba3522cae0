"""openai: Chat Completions, Conversations and embeddings. What it does with Responses is in test_openai_responses.py."""

import json

import openai
import pydantic
import pytest

import matrix
from matrix import CALLS, PLAIN, TEXT, THINKING, THINKING_CALLS, WORDS5, WORDS20

pytestmark = pytest.mark.cell

TOOLS = [
    {"type": "function", "function": {"name": name, "description": text, "parameters": schema}}
    for name, (text, schema) in matrix.TOOLS.items()]
FORMAT = {"type": "json_schema", "json_schema": {"name": "pet", "schema": matrix.SCHEMA, "strict": True}}
ERRORS = {400: openai.BadRequestError, 401: openai.InternalServerError, 429: openai.RateLimitError,
          529: openai.InternalServerError}


@pytest.fixture
def client(server):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="x", max_retries=0, timeout=30) as client:
        yield client


def user(text="hello there"):
    return [{"role": "user", "content": text}]


def ask(client, dialect, model, messages=None, **options):
    return client.chat.completions.create(model=f"{dialect}/{model}", messages=messages or user(), **options)


def drain(chunks):
    """The text of a stream's chunks, its finish reason and its usage."""
    text, finish, usage = "", None, None
    for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    return text, finish, usage


def check_usage(usage, output, thoughts=0):
    assert usage.completion_tokens == output
    assert usage.prompt_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + output
    if thoughts:
        assert usage.completion_tokens_details.reasoning_tokens == thoughts


def test_text(client, dialect):
    reply = ask(client, dialect, TEXT)
    assert reply.model == f"{dialect}/{TEXT}"
    assert reply.choices[0].message.content == WORDS20
    assert reply.choices[0].finish_reason == "stop"
    check_usage(reply.usage, 20)


def test_stream(client, dialect):
    text, finish, usage = drain(ask(client, dialect, TEXT, stream=True, stream_options={"include_usage": True}))
    assert (text, finish) == (WORDS20, "stop")
    check_usage(usage, 20)


def test_stream_helper(client, dialect):
    with client.chat.completions.stream(model=f"{dialect}/{TEXT}", messages=user()) as stream:
        deltas = [event.delta for event in stream if event.type == "content.delta" and event.delta]
        final = stream.get_final_completion()
    assert len(deltas) == 20
    assert "".join(deltas) == final.choices[0].message.content == WORDS20
    assert final.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [CALLS, THINKING_CALLS], ids=["plain", "thinking"])
def test_tool_loop(client, dialect, model, streamed):
    messages = user("What is the weather, and how late is it?")
    options = {"tools": TOOLS, "reasoning_effort": "high"} if model == THINKING_CALLS else {"tools": TOOLS}

    def turn():
        if not streamed:
            return ask(client, dialect, model, messages, **options).choices[0]
        with client.chat.completions.stream(model=f"{dialect}/{model}", messages=messages, **options) as stream:
            return stream.get_final_completion().choices[0]

    first = turn()
    assert first.finish_reason == "tool_calls"
    calls = first.message.tool_calls
    matrix.check_calls((call.function.name, call.function.arguments) for call in calls)
    assert len({call.id for call in calls}) == 3
    messages.append(sent_back(first.message))
    messages += reversed([
        {"role": "tool", "tool_call_id": call.id, "content": text}
        for call, text in zip(calls, matrix.RESULTS, strict=True)])
    second = turn()
    assert second.finish_reason == "stop"
    assert second.message.content == matrix.TOLD


def test_forced_tool_while_thinking(client, dialect):
    choice = {"type": "function", "function": {"name": "clock"}}
    reply = ask(client, dialect, PLAIN, tools=TOOLS, tool_choice=choice, reasoning_effort="high")
    assert reply.choices[0].message.tool_calls


@pytest.mark.parametrize("begun", ["chat", "claude", "gem", "resp"])
def test_tool_loop_moved(client, dialect, begun, server):
    """A loop that one provider's thinking model began and another's ends: nobody gets another's state."""
    if begun in server.refused:
        pytest.skip(server.refused[begun])
    messages = user("What is the weather, and how late is it?")
    options = {"tools": TOOLS, "reasoning_effort": "high"}
    first = ask(client, begun, THINKING_CALLS, messages, **options).choices[0]
    messages.append(sent_back(first.message))
    messages += [
        {"role": "tool", "tool_call_id": call.id, "content": text}
        for call, text in zip(first.message.tool_calls, matrix.RESULTS, strict=True)]
    assert ask(client, dialect, THINKING_CALLS, messages, **options).choices[0].message.content == matrix.TOLD


def sent_back(message):
    """A message as a client sends it back: with all that it was given, known or not."""
    return {key: value for key, value in message.to_dict().items() if value is not None and key != "parsed"}


def test_json_schema(client, dialect):
    reply = ask(client, dialect, PLAIN, response_format=FORMAT)
    assert json.loads(reply.choices[0].message.content) == matrix.ANSWER


def test_structured_parse(client, dialect):
    class Pet(pydantic.BaseModel):
        name: str
        age: int
        tags: list[str]

    reply = client.chat.completions.parse(model=f"{dialect}/{PLAIN}", messages=user(), response_format=Pet)
    assert reply.choices[0].message.parsed == Pet(name="simulated name", age=1, tags=[])


def test_image(client, dialect):
    reply = ask(client, dialect, PLAIN, [{"role": "user", "content": [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{matrix.PNG64}"}}]}])
    assert matrix.SHOWN in reply.choices[0].message.content
    assert 'You asked: "What is this?"' in reply.choices[0].message.content


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning(client, dialect, streamed):
    if streamed:
        text, thoughts, usage = "", "", None
        for chunk in ask(client, dialect, THINKING, reasoning_effort="high", stream=True,
                         stream_options={"include_usage": True}):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                text += choice.delta.content or ""
                thoughts += getattr(choice.delta, "reasoning_content", None) or ""
    else:
        reply = ask(client, dialect, THINKING, reasoning_effort="high")
        text, thoughts, usage = reply.choices[0].message.content, reply.choices[0].message.reasoning_content, reply.usage
    assert (text, thoughts) == (WORDS5, matrix.THOUGHTS4)
    check_usage(usage, 9, thoughts=4)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", matrix.STATUSES)
def test_error(client, dialect, status, streamed):
    with pytest.raises(ERRORS[status]) as caught:
        ask(client, dialect, matrix.refused(status), stream=streamed)
    assert caught.value.status_code == matrix.OUT[status]
    assert dialect in caught.value.message


@pytest.mark.parametrize("model", [matrix.ERROR_AFTER, matrix.CUT, matrix.ENDED], ids=["error", "cut", "ended"])
def test_broken_stream(client, dialect, model):
    text, finishes = "", []
    with pytest.raises(openai.APIError):
        for chunk in ask(client, dialect, model, stream=True):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                finishes.append(choice.finish_reason)
    assert text == WORDS5
    assert not set(finishes) & {"stop", "length", "tool_calls"}, "a broken stream was given a clean finish"


def test_conversations(client, dialect):
    conversation = client.conversations.create(metadata={"topic": "test"})
    for question in ("My name is Ada.", "What is my name?"):
        reply = ask(client, dialect, PLAIN, user(question), extra_body={"conversation": conversation.id})
        assert question in reply.choices[0].message.content
    items = list(client.conversations.items.list(conversation.id, order="asc"))
    assert [item.role for item in items] == ["user", "assistant", "user", "assistant"]
    assert client.conversations.retrieve(conversation.id).metadata == {"topic": "test"}


@pytest.mark.parametrize("form", ["default", "float"])
def test_embeddings(client, dialect, form):
    options = {"encoding_format": "float"} if form == "float" else {}
    reply = client.embeddings.create(model=f"{dialect}/{PLAIN}", input=["one text", "another text"], **options)
    assert [one.index for one in reply.data] == [0, 1]
    assert [len(one.embedding) for one in reply.data] == [8, 8]
    assert reply.data[0].embedding != reply.data[1].embedding
    assert all(-1 <= number <= 1 for one in reply.data for number in one.embedding)
    again = client.embeddings.create(
        model=f"{dialect}/{PLAIN}", input="another text", dimensions=4, encoding_format="float")
    assert again.data[0].embedding == reply.data[1].embedding[:4]
    assert reply.usage.prompt_tokens == reply.usage.total_tokens == 5
