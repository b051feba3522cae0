"""What a recording says, found by walking its trees: nothing of Plenum and of no SDK is used."""

import json
from dataclasses import dataclass, field


@dataclass
class Reading:
    """What a client has to get of an answer, whichever door it comes through."""

    text: str = ""
    refusal: str = ""
    thoughts: str = ""
    # Pairs of a name and the arguments as a tree.
    calls: list = field(default_factory=list)
    # Prompt tokens in all, those read from a cache, answer tokens in all, those of thoughts; none if none were told.
    usage: tuple | None = None
    # stop, tools, length, filter; empty if the answer did not come to an end.
    finish: str = ""
    # Whether the answer broke off with an error that was told in it.
    is_broken: bool = False

    @property
    def said(self):
        """Text, and a refusal, which not every dialect keeps apart."""
        return self.text + self.refusal


def arguments(text):
    """Arguments as a tree; text that is no JSON (a call that was cut off) stays text."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text) if text.strip() else {}
    except ValueError:
        return text


def frames(body):
    """The trees of a body: one, those of an array, or those of its events; raw JSON behind events counts too."""
    text = body.decode().replace("\r\n", "\n")
    try:
        tree = json.loads(text)
        return tree if isinstance(tree, list) else [tree]
    except ValueError:
        pass
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        data = "\n".join(line[5:].strip() for line in lines if line.startswith("data:"))
        if not data and block.lstrip().startswith("{"):
            data = block
        if data and data != "[DONE]":
            found.append(json.loads(data))
    return found


def read(recording):
    """The reading of a recorded answer."""
    return read_trees(recording.dialect, frames(recording.body))


def read_trees(dialect, trees):
    """The reading of an answer's trees."""
    reading = Reading()
    {"chat": chat, "responses": responses, "anthropic": anthropic, "gemini": gemini}[dialect](reading, trees)
    if not reading.finish and not reading.is_broken:
        # An end that says nothing of itself is a good one (wire notes 2.8).
        reading.finish = "stop"
    if reading.finish == "stop" and reading.calls:
        reading.finish = "tools"
    return reading


def read_message(recording):
    """What a recorded error says to people, in any of the shapes of wire notes 1.5."""
    tree = frames(recording.body)[0]
    error = tree.get("error")
    if isinstance(error, dict):
        return error["message"]
    return error or tree.get("detail") or tree["message"]


def number(tree, *path):
    """A count somewhere in a tree, 0 where it is not told."""
    for key in path:
        tree = (tree or {}).get(key)
    return tree or 0


# MARK: OpenAI Chat Completions

CHAT_FINISH = {
    "stop": "stop", "tool_calls": "tools", "function_call": "tools", "length": "length", "model_length": "length",
    "content_filter": "filter",
}


def chat(reading, trees):
    calls = {}
    for tree in trees:
        if tree.get("error"):
            reading.is_broken = True
        for choice in tree.get("choices") or []:
            if choice.get("error"):
                reading.is_broken = True
            message = choice.get("delta") or choice.get("message") or {}
            chat_message(reading, message)
            for offset, call in enumerate(message.get("tool_calls") or []):
                chat_call(calls, offset, call)
            reading.finish = CHAT_FINISH.get(choice.get("finish_reason"), reading.finish)
        chat_usage(reading, tree.get("usage") or (tree.get("x_groq") or {}).get("usage"))
    reading.calls = [(name, arguments(text)) for _, name, text in calls.values()]


def chat_message(reading, message):
    content = message.get("content")
    if isinstance(content, list):
        for part in content:
            if part["type"] == "text":
                reading.text += part["text"]
            if part["type"] == "thinking":
                reading.thoughts += "".join(inner.get("text", "") for inner in part["thinking"])
    else:
        reading.text += content or ""
    reading.refusal += message.get("refusal") or ""
    told = [detail.get("text") or detail.get("summary") or "" for detail in message.get("reasoning_details") or []]
    # Several details are paragraphs; one that is encrypted has no text.
    reading.thoughts += (
        message.get("reasoning_content") or message.get("reasoning") or "\n\n".join(filter(None, told)))


def chat_call(calls, offset, call):
    """Calls are told apart by index; a new id under an index that is taken is a new call (wire notes 2.11)."""
    key = call.get("index", offset)
    identifier = call.get("id")
    while key in calls and identifier and calls[key][0] not in (None, identifier):
        key += 1000
    if not identifier and key + 1000 in calls:
        key = max(other for other in calls if other % 1000 == key % 1000)
    known, name, text = calls.get(key, (None, "", ""))
    function = call.get("function") or {}
    given = function.get("arguments")
    given = given if isinstance(given, str) or given is None else json.dumps(given)
    calls[key] = (known or identifier, name or function.get("name") or "", text + (given or ""))


def chat_usage(reading, usage):
    if not usage:
        return
    prompt, output = number(usage, "prompt_tokens"), number(usage, "completion_tokens")
    thoughts = number(usage, "completion_tokens_details", "reasoning_tokens")
    # xAI counts thoughts beside the answer's tokens, and only the total tells.
    if thoughts and number(usage, "total_tokens") == prompt + output + thoughts:
        output += thoughts
    cached = number(usage, "prompt_tokens_details", "cached_tokens") or number(usage, "prompt_cache_hit_tokens")
    # Some tell of more tokens read from a cache than there were: those read are then the prompt (wire notes 2.9).
    reading.usage = (max(prompt, cached), cached, output, thoughts)


# MARK: OpenAI Responses


def responses(reading, trees):
    """Items count as they are when they are done; where none is done, what came of them in pieces."""
    items, pieces, last = {}, {"text": "", "refusal": "", "thoughts": ""}, None
    kinds = {
        "response.output_text.delta": "text", "response.refusal.delta": "refusal",
        "response.reasoning_summary_text.delta": "thoughts", "response.reasoning_text.delta": "thoughts",
    }
    for tree in trees:
        kind = tree.get("type") or ""
        if kind in kinds:
            pieces[kinds[kind]] += tree["delta"]
        if kind == "response.output_item.done":
            items[tree["output_index"]] = tree["item"]
        if kind == "error" or kind == "response.failed":
            reading.is_broken = True
        answer = tree.get("response") or (tree if tree.get("object") == "response" else None)
        last = answer or last
    done = list((last or {}).get("output") or []) or [items[index] for index in sorted(items)]
    for item in done:
        responses_item(reading, item)
    if not done:
        reading.text, reading.refusal, reading.thoughts = pieces["text"], pieces["refusal"], pieces["thoughts"]
    responses_end(reading, last or {})


def responses_item(reading, item):
    if item["type"] == "message":
        for part in item["content"]:
            reading.text += part.get("text") or ""
            reading.refusal += part.get("refusal") or ""
    if item["type"] == "reasoning":
        reading.thoughts += "".join(
            part.get("text") or "" for part in [*(item.get("summary") or []), *(item.get("content") or [])])
    if item["type"] == "function_call":
        reading.calls.append((item["name"], arguments(item["arguments"])))
    if item["type"] == "custom_tool_call":
        reading.calls.append((item["name"], item["input"]))


def responses_end(reading, answer):
    reason = (answer.get("incomplete_details") or {}).get("reason")
    if answer.get("status") == "completed":
        reading.finish = "stop"
    elif answer.get("status") == "incomplete":
        reading.finish = "filter" if reason == "content_filter" else "length"
    elif answer.get("status") == "failed":
        reading.is_broken = True
    usage = answer.get("usage")
    if usage:
        reading.usage = (
            number(usage, "input_tokens"), number(usage, "input_tokens_details", "cached_tokens"),
            number(usage, "output_tokens"), number(usage, "output_tokens_details", "reasoning_tokens"))


# MARK: Anthropic Messages

ANTHROPIC_FINISH = {
    "end_turn": "stop", "stop_sequence": "stop", "pause_turn": "stop", "tool_use": "tools", "max_tokens": "length",
    "model_context_window_exceeded": "length", "refusal": "filter",
}


def anthropic(reading, trees):
    blocks, counts = {}, {}
    for tree in trees:
        if tree.get("type") == "error":
            reading.is_broken = True
        for offset, block in enumerate(tree.get("content") or []):
            blocks[offset] = dict(block)
        if "content_block" in tree:
            blocks[tree["index"]] = dict(tree["content_block"])
        delta = tree.get("delta") or {}
        if "index" in tree and delta:
            block = blocks[tree["index"]]
            for key in ("text", "thinking", "partial_json"):
                if key in delta:
                    block[key] = (block.get(key) or "") + delta[key]
        stop = delta.get("stop_reason") or tree.get("stop_reason")
        reading.finish = ANTHROPIC_FINISH.get(stop, reading.finish)
        for usage in (tree.get("usage"), (tree.get("message") or {}).get("usage")):
            anthropic_usage(counts, usage)
    for index in sorted(blocks):
        block = blocks[index]
        if block["type"] == "text":
            reading.text += block["text"]
        if block["type"] == "thinking":
            reading.thoughts += block["thinking"]
        if block["type"] == "tool_use":
            whole = block.get("partial_json")
            reading.calls.append((block["name"], arguments(whole) if whole else block.get("input") or {}))
    if counts:
        cached = counts.get("cache_read_input_tokens", 0)
        prompt = counts.get("input_tokens", 0) + cached + counts.get("cache_creation_input_tokens", 0)
        reading.usage = (prompt, cached, counts.get("output_tokens", 0), counts.get("thinking_tokens", 0))


def anthropic_usage(counts, usage):
    """The input is told at the start and sometimes again, bigger; the output is told anew each time."""
    for key, value in (usage or {}).items():
        if isinstance(value, int):
            counts[key] = value if key == "output_tokens" else max(value, counts.get(key, 0))
    details = (usage or {}).get("output_tokens_details") or {}
    if "thinking_tokens" in details:
        counts["thinking_tokens"] = details["thinking_tokens"] or 0


# MARK: Gemini

# A call that the provider calls malformed is no filter's doing (wire notes 2.8).
GEMINI_FINISH = {
    "STOP": "stop", 1: "stop", "MAX_TOKENS": "length", 2: "length", "MALFORMED_FUNCTION_CALL": "stop",
    "UNEXPECTED_TOOL_CALL": "stop",
}


def gemini(reading, trees):
    for tree in trees:
        if tree.get("error"):
            reading.is_broken = True
        feedback = tree.get("promptFeedback") or {}
        if feedback.get("blockReason") or (feedback and not tree.get("candidates")):
            reading.finish = "filter"
        for candidate in tree.get("candidates") or []:
            for part in (candidate.get("content") or {}).get("parts") or []:
                gemini_part(reading, part)
            reason = candidate.get("finishReason")
            if reason is not None:
                reading.finish = GEMINI_FINISH.get(reason, "filter")
        usage = tree.get("usageMetadata")
        if usage and "promptTokenCount" in usage:
            thoughts = number(usage, "thoughtsTokenCount")
            reading.usage = (
                number(usage, "promptTokenCount") + number(usage, "toolUsePromptTokenCount"),
                number(usage, "cachedContentTokenCount"), number(usage, "candidatesTokenCount") + thoughts, thoughts)
    reading.calls = [(name, args) for name, args, _ in reading.calls]


def gemini_part(reading, part):
    """A call arrives whole, or with its arguments in pieces that name their place (Vertex)."""
    call = part.get("functionCall")
    if call is None:
        if part.get("thought"):
            reading.thoughts += part.get("text") or ""
        else:
            reading.text += part.get("text") or ""
        return
    is_open = bool(reading.calls) and reading.calls[-1][2]
    if call.get("name") and not (is_open and reading.calls[-1][0] == call["name"]):
        reading.calls.append((call["name"], dict(call.get("args") or {}), bool(call.get("willContinue"))))
        is_open = True
    if not is_open:
        return
    name, args, _ = reading.calls[-1]
    for piece in call.get("partialArgs") or []:
        place(args, piece)
    reading.calls[-1] = (name, args, bool(call.get("willContinue")))


def place(args, piece):
    """Puts one piece of arguments at its path, as `$.recipe.steps[0]`; strings are appended."""
    keys = []
    for word in piece["jsonPath"].removeprefix("$").replace("[", ".[").strip(".").split("."):
        keys.append(int(word[1:-1]) if word.startswith("[") and word[1:-1].isdigit() else word.strip("[]'\""))
    kinds = ("stringValue", "numberValue", "boolValue", "nullValue")
    value = next((piece[kind] for kind in kinds if kind in piece), None)
    if "nullValue" in piece:
        value = None
    tree = args
    for key, following in zip(keys, [*keys[1:], None]):
        empty = [] if isinstance(following, int) else {}
        if isinstance(key, int):
            while len(tree) <= key:
                tree.append(None)
        before = tree[key] if isinstance(key, int) else tree.get(key)
        if following is None:
            tree[key] = before + value if isinstance(before, str) and isinstance(value, str) else value
        else:
            tree[key] = empty if before is None else before
            tree = tree[key]
