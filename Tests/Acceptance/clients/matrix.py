"""What every client is asked to do in front of every upstream dialect, and what cannot be, each with its reason.

A cell that cannot be is written down in IMPOSSIBLE, one that waits for something to be mended in FAULTS. Its test runs all the
same and must fail: one that begins to work has to leave the list.
"""

import base64
import json
import struct
import zlib

import plenum

# The upstream's dialects: the provider's id, its format, what its base address adds.
DIALECTS = {**plenum.DIALECTS, "resp": ("openai-responses", "/v1")}

# The doors, with a path that tells whether there is one.
DOORS = {
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
    "gemini": "/v1beta/models/x:generateContent",
}

TEXT = "sim-gap1-strict-words20"
PLAIN = "sim-gap0-strict"
CALLS = "sim-gap0-strict-calls3"
THINKING = "sim-gap0-strict-words5-think4"
THINKING_CALLS = "sim-gap0-strict-calls3-think4"
TWO_CALLS = "sim-gap0-strict-calls2"
THINKING_TWO_CALLS = "sim-gap0-strict-calls2-think4"
ERROR_AFTER = "sim-gap1-strict-words20-error529-after5"
CUT = "sim-gap1-strict-words20-cut5"
ENDED = "sim-gap1-strict-words20-end5"
STATUSES = (400, 401, 429, 529)


def refused(status):
    return f"sim-gap0-strict-status{status}"


MODELS = [
    TEXT, PLAIN, CALLS, THINKING, THINKING_CALLS, TWO_CALLS, THINKING_TWO_CALLS, ERROR_AFTER, CUT, ENDED,
    *map(refused, STATUSES)]

WORDS20 = "".join(f"word{n} " for n in range(1, 21))
WORDS5 = "".join(f"word{n} " for n in range(1, 6))
THOUGHTS4 = "".join(f"thought{n} " for n in range(1, 5))

# What the upstream's refusal becomes at the door: a key of the gateway's that is refused is nothing the client can mend.
OUT = {400: 400, 401: 502, 429: 429, 529: 503}

# Parallel calls: two tools, and the first of them once more with other arguments.
TOOLS = {
    "weather": ("The weather in a city", {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    }),
    "clock": ("The time in a zone", {
        "type": "object",
        "properties": {"zone": {"type": "string", "enum": ["UTC", "CET"]}},
        "required": ["zone"],
    }),
}
MADE = [
    ("weather", {"city": "simulated city", "days": 1}),
    ("clock", {"zone": "UTC"}),
    ("weather", {"city": "simulated city 2", "days": 2}),
]
RESULTS = ["18 degrees", "12:00", "rain for two days"]
TOLD = "The tool said: 18 degrees; 12:00; rain for two days."

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "age", "kind", "tags"],
    "additionalProperties": False,
}
ANSWER = {"name": "simulated name", "age": 1, "kind": "cat", "tags": []}


def png():
    """A picture of one red point."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


PNG = png()
PNG64 = base64.b64encode(PNG).decode()
SHOWN = "You showed 1 image: image/png."


def provider(name, url):
    """The upstream in a dialect, as an entry of providers.json."""
    form, path = DIALECTS[name]
    return {"id": name, "format": form, "baseURL": url + path, "models": [
        {"id": model, "price": plenum.PRICE, "capabilities": {"vision": True, "tools": True}} for model in MODELS]}


def check_calls(calls):
    """Checks (name, arguments) pairs, and that they came in order."""
    made = [(name, json.loads(text) if isinstance(text, str) else dict(text)) for name, text in calls]
    assert made == MADE


def shortest(dialect):
    """What an answer of at most five tokens says: Responses knows no limit below sixteen."""
    return "".join(f"word{number} " for number in range(1, 17)) if dialect == "resp" else WORDS5


# Why a cell is not "ok", by (client, scenario, dialect); "*" stands for every dialect. What cannot be at all:
IMPOSSIBLE = {
    ("openai", f"embeddings {form}", "claude"): "Anthropic has no embeddings" for form in ("default", "float")
}

# What is to be mended.
FAULTS = {}


def reason(client, scenario, dialect):
    """Why a cell cannot be, or cannot be yet; `None` if it must work."""
    known = {**IMPOSSIBLE, **FAULTS}
    return known.get((client, scenario, dialect)) or known.get((client, scenario, "*"))
