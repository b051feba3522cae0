"""google-genai: generateContent, in both versions of the path."""

import json

import pytest
from google import genai
from google.genai import errors, types

import matrix
from matrix import CALLS, PLAIN, TEXT, THINKING, THINKING_CALLS, WORDS5, WORDS20

pytestmark = pytest.mark.cell

TOOLS = [types.Tool(function_declarations=[
    types.FunctionDeclaration(name=name, description=text, parameters_json_schema=schema)
    for name, (text, schema) in matrix.TOOLS.items()])]
ERRORS = {400: errors.ClientError, 401: errors.ServerError, 429: errors.ClientError, 529: errors.ServerError}
THINKS = types.ThinkingConfig(include_thoughts=True, thinking_level="HIGH")


@pytest.fixture(params=["v1", "v1beta"])
def client(request, server):
    client = genai.Client(api_key="x", http_options={"base_url": server.url, "api_version": request.param})
    yield client
    client.close()


def ask(client, dialect, model, contents="hello there", **config):
    config.setdefault("automatic_function_calling", types.AutomaticFunctionCallingConfig(disable=True))
    return client.models.generate_content(
        model=f"{dialect}/{model}", contents=contents, config=types.GenerateContentConfig(**config))


def stream(client, dialect, model, contents="hello there", **config):
    config.setdefault("automatic_function_calling", types.AutomaticFunctionCallingConfig(disable=True))
    return client.models.generate_content_stream(
        model=f"{dialect}/{model}", contents=contents, config=types.GenerateContentConfig(**config))


def parts(reply):
    return reply.candidates[0].content.parts or [] if reply.candidates and reply.candidates[0].content else []


def text_of(replies):
    return "".join(part.text or "" for reply in replies for part in parts(reply) if not part.thought)


def thoughts_of(replies):
    return "".join(part.text or "" for reply in replies for part in parts(reply) if part.thought)


def finish_of(replies):
    return [reply.candidates[0].finish_reason for reply in replies if reply.candidates][-1]


def check_usage(usage, output, thoughts=0):
    assert usage.candidates_token_count == output - thoughts
    assert (usage.thoughts_token_count or 0) == thoughts
    assert usage.prompt_token_count > 0
    assert usage.total_token_count == usage.prompt_token_count + output


def test_generate_content(client, dialect):
    reply = ask(client, dialect, TEXT, system_instruction="Be brief.")
    assert reply.text == WORDS20
    assert finish_of([reply]) == types.FinishReason.STOP
    check_usage(reply.usage_metadata, 20)


def test_max_tokens(client, dialect):
    reply = ask(client, dialect, TEXT, max_output_tokens=5)
    assert (reply.text, finish_of([reply])) == (matrix.shortest(dialect), types.FinishReason.MAX_TOKENS)


def test_stream(client, dialect):
    replies = list(stream(client, dialect, TEXT))
    assert len(replies) > 10
    assert text_of(replies) == WORDS20
    assert finish_of(replies) == types.FinishReason.STOP
    check_usage(replies[-1].usage_metadata, 20)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [CALLS, THINKING_CALLS], ids=["plain", "thinking"])
def test_tool_loop(client, dialect, model, streamed):
    contents = [types.UserContent("What is the weather, and how late is it?")]
    config = {"tools": TOOLS, **({"thinking_config": THINKS} if model == THINKING_CALLS else {})}

    def turn():
        """What the model said in a turn, as one content."""
        replies = list(stream(client, dialect, model, contents, **config)) if streamed \
            else [ask(client, dialect, model, contents, **config)]
        assert finish_of(replies) == types.FinishReason.STOP
        return types.ModelContent([part for reply in replies for part in parts(reply)])

    first = turn()
    calls = [part.function_call for part in first.parts if part.function_call]
    matrix.check_calls((call.name, call.args) for call in calls)
    contents.append(first)
    answers = [
        types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": text}))
        for call, text in zip(calls, matrix.RESULTS, strict=True)]
    contents.append(types.UserContent(answers[::-1]))
    second = turn()
    assert "".join(part.text or "" for part in second.parts if not part.thought) == matrix.TOLD


def test_tool_with_a_dot(client, dialect):
    """Gemini allows dots in names; the client must hear of its tool by the name that it gave."""
    function = types.FunctionDeclaration(name="home.weather", description="x", parameters_json_schema=matrix.TOOLS["weather"][1])
    contents = [types.UserContent("What is the weather?")]
    config = {"tools": [types.Tool(function_declarations=[function])]}
    first = ask(client, dialect, PLAIN, contents, **config).candidates[0].content
    [call] = [part.function_call for part in first.parts]
    assert call.name == "home.weather"
    contents += [first, types.UserContent([types.Part(
        function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": "18 degrees"}))])]
    assert ask(client, dialect, PLAIN, contents, **config).text == "The tool said: 18 degrees."


@pytest.mark.parametrize("begun", ["chat", "claude", "gem", "resp"])
def test_tool_loop_moved(client, dialect, begun, server):
    """A loop that one provider's thinking model began and another's ends: nobody gets another's state."""
    if begun in server.refused:
        pytest.skip(server.refused[begun])
    contents = [types.UserContent("What is the weather, and how late is it?")]
    config = {"tools": TOOLS, "thinking_config": THINKS}
    first = ask(client, begun, THINKING_CALLS, contents, **config).candidates[0].content
    contents.append(first)
    contents.append(types.UserContent([
        types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": text}))
        for call, text in zip([part.function_call for part in first.parts if part.function_call], matrix.RESULTS, strict=True)]))
    assert ask(client, dialect, THINKING_CALLS, contents, **config).text == matrix.TOLD


@pytest.mark.parametrize("form", ["json schema", "schema"])
def test_json_schema(client, dialect, form):
    if form == "schema":
        schema = types.Schema(
            type="OBJECT", required=["name", "age"],
            properties={"name": types.Schema(type="STRING"), "age": types.Schema(type="INTEGER")})
        reply = ask(client, dialect, PLAIN, response_mime_type="application/json", response_schema=schema)
        assert json.loads(reply.text) == {"name": "simulated name", "age": 1}
    else:
        reply = ask(
            client, dialect, PLAIN, response_mime_type="application/json", response_json_schema=matrix.SCHEMA)
        assert json.loads(reply.text) == matrix.ANSWER


def test_image(client, dialect):
    reply = ask(client, dialect, PLAIN, ["What is this?", types.Part.from_bytes(data=matrix.PNG, mime_type="image/png")])
    assert matrix.SHOWN in reply.text
    assert 'You asked: "What is this?"' in reply.text


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning(client, dialect, streamed):
    replies = list(stream(client, dialect, THINKING, thinking_config=THINKS)) if streamed \
        else [ask(client, dialect, THINKING, thinking_config=THINKS)]
    assert thoughts_of(replies) == matrix.THOUGHTS4
    assert text_of(replies) == WORDS5
    check_usage(replies[-1].usage_metadata, 9, thoughts=4)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", matrix.STATUSES)
def test_error(client, dialect, status, streamed):
    with pytest.raises(ERRORS[status]) as caught:
        asked = stream(client, dialect, matrix.refused(status)) if streamed \
            else ask(client, dialect, matrix.refused(status))
        list(asked)
    assert caught.value.code == matrix.OUT[status]
    assert dialect in caught.value.message


@pytest.mark.parametrize("model", [matrix.ERROR_AFTER, matrix.CUT, matrix.ENDED], ids=["error", "cut", "ended"])
def test_broken_stream(client, dialect, model):
    replies = []
    with pytest.raises(errors.APIError):
        for reply in stream(client, dialect, model):
            replies.append(reply)
            assert not reply.candidates or not reply.candidates[0].finish_reason, "a broken stream had a clean finish"
    assert text_of(replies) == WORDS5


def test_count_tokens(client, dialect):
    counted = client.models.count_tokens(model=f"{dialect}/{PLAIN}", contents="hello there").total_tokens
    assert counted == 1002 if dialect == "gem" else 0 < counted < 1000


def test_unknown_model(client):
    with pytest.raises(errors.ClientError) as caught:
        ask(client, "gem", "nobody")
    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")


def test_models(client):
    listed = {model.name for model in client.models.list(config={"page_size": 1000, "query_base": True})}
    assert f"models/chat/{PLAIN}" in listed
