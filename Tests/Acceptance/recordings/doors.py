"""The four doors, each asked with its own official SDK, and what the SDK made of the answer."""

import json

import anthropic
import httpx
import openai
from google import genai
from google.genai import errors as google_errors

from recordings.reading import ANTHROPIC_FINISH, CHAT_FINISH, Reading, arguments, responses_end, responses_item

QUESTION = "What is there to say?"


class Answer:
    """What came of asking: the reading, and the exception that ended it, if one did."""

    def __init__(self):
        self.reading = Reading()
        # What the SDK gave, piece by piece, as trees; only where they were asked for.
        self.trees = []
        self.error = None

    @property
    def status(self):
        """The HTTP status that the SDK's exception names, or 0."""
        if isinstance(self.error, google_errors.APIError):
            return self.error.code
        return getattr(self.error, "status_code", 0) or 0

    @property
    def is_told(self):
        """Whether the exception is the SDK's own for an error that the other side told."""
        return isinstance(self.error, (openai.APIError, anthropic.APIError, google_errors.APIError))


class Door:
    """A door at an address, asked with its SDK; what the SDK raises is part of the answer."""

    def __init__(self, url):
        self.url = url

    def ask(self, model, is_streamed):
        """Asks once. A stream is read with the SDK's helper, where it has one, which trusts the stream's grammar."""
        answer = Answer()
        try:
            (self.stream if is_streamed else self.whole)(answer.reading, model)
        except Exception as error:  # Whatever an SDK raises is the finding.
            answer.error = error
            answer.reading.finish = ""
        if answer.reading.finish == "stop" and answer.reading.calls:
            answer.reading.finish = "tools"
        return answer

    def replay(self, model, is_streamed):
        """Asks once and keeps everything that the SDK gives, as trees without the model's name."""
        answer = Answer()
        try:
            for piece in self.raw(model) if is_streamed else [self.one(model)]:
                answer.trees.append(without_names(self.dump(piece)))
        except Exception as error:
            answer.error = error
        return answer

    @staticmethod
    def dump(piece):
        return piece if isinstance(piece, str) else piece.model_dump(mode="json", warnings=False)


def without_names(tree):
    """A tree without the members that a gateway may change: the model's name, the id of a response that it keeps."""
    if isinstance(tree, list):
        return [without_names(element) for element in tree]
    if isinstance(tree, dict):
        left_out = {"model", "modelVersion"} | ({"id"} if tree.get("object") == "response" else set())
        return {key: without_names(value) for key, value in tree.items() if key not in left_out}
    return tree


def check_ids(ids):
    """Every call has an id of its own, or a client could not answer it."""
    assert all(ids) and len(set(ids)) == len(ids), f"ids of calls: {ids}"


# MARK: Chat Completions


class ChatDoor(Door):
    def __init__(self, url):
        super().__init__(url)
        self.client = openai.OpenAI(base_url=f"{url}/v1", api_key="not-needed", max_retries=0, timeout=30)

    def body(self, model):
        return {"model": model, "messages": [{"role": "user", "content": QUESTION}]}

    def one(self, model):
        return self.client.chat.completions.create(**self.body(model))

    def raw(self, model):
        return self.client.chat.completions.create(
            stream=True, stream_options={"include_usage": True}, **self.body(model))

    def whole(self, reading, model):
        self.take(reading, self.one(model))

    def take(self, reading, reply):
        for choice in reply.choices or []:
            message = choice.message
            self.take_message(reading, message)
            reading.calls = [
                (call.function.name, arguments(call.function.arguments)) for call in message.tool_calls or []]
            check_ids([call.id for call in message.tool_calls or []])
            reading.finish = CHAT_FINISH.get(choice.finish_reason, str(choice.finish_reason))
        self.take_usage(reading, reply.usage)

    @staticmethod
    def take_message(reading, message):
        reading.text += message.content or ""
        reading.refusal += message.refusal or ""
        more = message.model_extra or {}
        reading.thoughts += more.get("reasoning_content") or more.get("reasoning") or ""

    @staticmethod
    def take_usage(reading, usage):
        if usage is not None:
            given, made = usage.prompt_tokens_details, usage.completion_tokens_details
            reading.usage = (
                usage.prompt_tokens, (given and given.cached_tokens) or 0, usage.completion_tokens,
                (made and made.reasoning_tokens) or 0)
            assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, f"the total of {usage}"

    def stream(self, reading, model):
        with self.client.chat.completions.stream(
                stream_options={"include_usage": True}, **self.body(model)) as stream:
            self.take_chunks(reading, (event.chunk for event in stream if event.type == "chunk"))
            try:
                final = stream.get_final_completion()
            except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError):
                # The helper refuses to give an answer that did not come to its own end; that is its way.
                return
            again = Reading()
            self.take(again, final)
            assert (again.text, again.calls) == (reading.text, reading.calls), "the helper reads something else"

    def take_chunks(self, reading, chunks):
        calls = {}
        try:
            for chunk in chunks:
                for choice in chunk.choices:
                    self.take_message(reading, choice.delta)
                    for call in choice.delta.tool_calls or []:
                        name, text = calls.get(call.index, ("", ""))
                        more = call.function
                        calls[call.index] = (name or more.name or "", text + (more.arguments or ""))
                    if choice.finish_reason:
                        reading.finish = CHAT_FINISH.get(choice.finish_reason, choice.finish_reason)
                self.take_usage(reading, chunk.usage)
        finally:
            reading.calls = [(name, arguments(text)) for name, text in calls.values()]


# MARK: Responses


class ResponsesDoor(Door):
    def __init__(self, url):
        super().__init__(url)
        self.client = openai.OpenAI(base_url=f"{url}/v1", api_key="not-needed", max_retries=0, timeout=30)

    def one(self, model):
        return self.client.responses.create(model=model, input=QUESTION)

    def raw(self, model):
        for event in self.client.responses.create(model=model, input=QUESTION, stream=True):
            self.check(event)
            yield event

    @staticmethod
    def check(event):
        """An error that is an event, which the SDK hands out as one, ends the answer as its own exception would."""
        if event.type in ("response.failed", "error"):
            said = event.response.error.message if event.type == "response.failed" else str(event)
            raise openai.APIError(said, httpx.Request("POST", "http://responses"), body=None)

    def whole(self, reading, model):
        self.take(reading, self.one(model))

    def take(self, reading, reply):
        tree = self.dump(reply)
        for item in tree["output"]:
            responses_item(reading, item)
        check_ids([item["call_id"] for item in tree["output"] if item["type"] == "function_call"])
        responses_end(reading, tree)
        if reading.usage is not None:
            assert tree["usage"]["total_tokens"] == reading.usage[0] + reading.usage[2], f"the total of {tree['usage']}"
        assert reply.output_text == reading.text

    def stream(self, reading, model):
        with self.client.responses.stream(model=model, input=QUESTION) as stream:
            last = self.take_events(reading, stream)
        assert last is not None, "the stream has no last event"
        whole = Reading()
        self.take(whole, last)
        assert whole.said == reading.said, "the pieces and the whole differ"
        reading.__dict__.update(whole.__dict__)

    def take_events(self, reading, stream):
        last = None
        for event in stream:
            if event.type == "response.output_text.delta":
                reading.text += event.delta
            if event.type == "response.refusal.delta":
                reading.refusal += event.delta
            if event.type in ("response.completed", "response.incomplete"):
                last = event.response
            self.check(event)
        return last


# MARK: Anthropic Messages


class AnthropicDoor(Door):
    def __init__(self, url):
        super().__init__(url)
        self.client = anthropic.Anthropic(base_url=url, api_key="not-needed", max_retries=0, timeout=30)

    def body(self, model):
        return {"model": model, "max_tokens": 4096, "messages": [{"role": "user", "content": QUESTION}]}

    def one(self, model):
        return self.client.messages.create(**self.body(model))

    def raw(self, model):
        return self.client.messages.create(stream=True, **self.body(model))

    def whole(self, reading, model):
        self.take(reading, self.one(model))

    @staticmethod
    def take(reading, message):
        reading.text = "".join(block.text for block in message.content if block.type == "text")
        reading.thoughts = "".join(block.thinking for block in message.content if block.type == "thinking")
        reading.calls = [(block.name, block.input) for block in message.content if block.type == "tool_use"]
        check_ids([block.id for block in message.content if block.type == "tool_use"])
        reading.finish = ANTHROPIC_FINISH.get(message.stop_reason, str(message.stop_reason))
        usage = message.usage
        cached = usage.cache_read_input_tokens or 0
        details = usage.output_tokens_details
        reading.usage = (
            usage.input_tokens + cached + (usage.cache_creation_input_tokens or 0), cached, usage.output_tokens,
            (details and details.thinking_tokens) or 0)

    def stream(self, reading, model):
        with self.client.messages.stream(**self.body(model)) as stream:
            pieces = {}
            for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    reading.text += event.delta.text
                if event.type == "content_block_delta" and event.delta.type == "thinking_delta":
                    reading.thoughts += event.delta.thinking
                if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                    pieces[event.index] = pieces.get(event.index, "") + event.delta.partial_json
            text = reading.text
            final = stream.get_final_message()
            self.take(reading, final)
            assert reading.text == text, "the pieces and the whole differ"
            # What a call that was cut off holds is what was sent, not what the helper guesses of it.
            reading.calls = [
                (block.name, arguments(pieces[index]) if pieces.get(index) else block.input)
                for index, block in enumerate(final.content) if block.type == "tool_use"]


# MARK: Gemini


class GeminiDoor(Door):
    def __init__(self, url):
        super().__init__(url)
        self.client = genai.Client(api_key="not-needed", http_options={"base_url": url, "timeout": 30_000})

    def one(self, model):
        return self.client.models.generate_content(model=model, contents=QUESTION)

    def raw(self, model):
        return self.client.models.generate_content_stream(model=model, contents=QUESTION)

    def whole(self, reading, model):
        self.take(reading, self.one(model))

    def stream(self, reading, model):
        for chunk in self.raw(model):
            self.take(reading, chunk)

    @staticmethod
    def dump(piece):
        return piece.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"sdk_http_response"})

    @staticmethod
    def take(reading, chunk):
        if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
            reading.finish = "filter"
        for candidate in chunk.candidates or []:
            for part in (candidate.content and candidate.content.parts) or []:
                if part.function_call:
                    reading.calls.append((part.function_call.name, part.function_call.args or {}))
                elif part.thought:
                    reading.thoughts += part.text or ""
                else:
                    reading.text += part.text or ""
            if candidate.finish_reason:
                reading.finish = {"STOP": "stop", "MAX_TOKENS": "length"}.get(candidate.finish_reason.value, "filter")
        usage = chunk.usage_metadata
        if usage and usage.prompt_token_count is not None:
            thoughts = usage.thoughts_token_count or 0
            reading.usage = (
                usage.prompt_token_count + (usage.tool_use_prompt_token_count or 0),
                usage.cached_content_token_count or 0, (usage.candidates_token_count or 0) + thoughts, thoughts)
            assert usage.total_token_count == reading.usage[0] + reading.usage[2], f"the total of {usage}"


DOORS = {"chat": ChatDoor, "responses": ResponsesDoor, "anthropic": AnthropicDoor, "gemini": GeminiDoor}


def sentence(error):
    """An exception in one line."""
    return f"{type(error).__name__}: {json.dumps(str(error))[1:161]}"
