"""Every recording through every door: what is asked, what is expected, and what differs."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from recordings.doors import DOORS, sentence
from recordings.files import FORMATS
from recordings.reading import read, read_message, read_trees

# Keys and their rights are Plenum's own affair at its providers: a client is told of a bad gateway (wire notes 2.10).
STATUS = {401: 502, 403: 502}


@dataclass
class Difference:
    """One thing that did not come through."""

    recording: object
    door: str
    what: str
    expected: object
    got: object

    def __str__(self):
        return (f"{self.recording.file} at {self.door}: {self.what}: expected {shortly(self.expected)}, "
                f"got {shortly(self.got)}")


def shortly(value):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-60:]} ({len(text)} characters)"


def first_difference(left, right, place="$"):
    """Where two trees differ first, and what stands there; `None` if they are the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = [(f"{place}.{key}", left.get(key), right.get(key)) for key in {**left, **right}]
    elif isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return f"{place}.length", len(left), len(right)
        pairs = [(f"{place}[{index}]", *pair) for index, pair in enumerate(zip(left, right))]
    else:
        return None if left == right and type(left) is type(right) else (place, left, right)
    for inner, one, other in pairs:
        found = first_difference(one, other, inner)
        if found:
            return found
    return None


def provider(recording, door):
    """The id of the provider that serves a recording to a door.

    A recorded error rests a key or a model (see docs/retries.md), so each has a provider of its own at each door."""
    return f"{recording.dialect}-{door}-{recording.name}" if recording.is_refused else recording.dialect


def providers(recordings, url):
    """providers.json for them."""
    models = defaultdict(list)
    dialects = {}
    for recording in recordings:
        for door in DOORS:
            identifier = provider(recording, door)
            dialects[identifier] = recording.dialect
            if recording.name not in models[identifier]:
                models[identifier].append(recording.name)
    return {"providers": [
        {
            "id": identifier, "format": FORMATS[dialect],
            "baseURL": url + ("/v1" if dialect in ("chat", "responses") else ""),
            "models": [{"id": name} for name in models[identifier]],
        }
        for identifier, dialect in dialects.items()]}


class Matrix:
    """Asks for all recordings at all doors and keeps what differed."""

    def __init__(self, recordings, dialects, server_url, upstream_url):
        self.recordings = recordings
        self.dialects = dialects
        self.doors = {name: DOORS[name](server_url) for name in dialects}
        self.direct = {name: DOORS[name](upstream_url) for name in dialects}
        self.total = Counter()
        # How many answers had something of a kind to compare, so that an empty comparison shows.
        self.compared = Counter()
        self.differences = []
        # Recordings that their own SDK cannot read, gateway or not.
        self.unreadable = []

    def run(self, workers=16):
        cells = [(recording, door) for recording in self.recordings for door in self.dialects]
        with ThreadPoolExecutor(workers) as pool:
            for (recording, door), found in zip(cells, pool.map(lambda cell: self.cell(*cell), cells)):
                self.total[recording.dialect, door] += 1
                self.differences += found
        for recording in self.recordings:
            self.count(recording)

    def count(self, recording):
        """Notes what there was to compare in a recording."""
        if recording.is_refused:
            self.compared["refused"] += 1
            return
        reading = read(recording)
        for what in ("text", "refusal", "thoughts", "calls", "usage", "is_broken"):
            if getattr(reading, what):
                self.compared[what.removeprefix("is_")] += 1

    def cell(self, recording, door):
        """The differences of one recording at one door."""
        name = f"{provider(recording, door)}/{recording.name}"
        if recording.is_refused:
            return self.refusal(recording, door, self.doors[door].ask(name, recording.is_streamed))
        if door == recording.dialect:
            return self.passage(recording, door, name)
        expected = read(recording)
        if door == "responses" and recording.dialect == "anthropic" and expected.finish == "filter":
            # A model's own refusal is a completed response (wire notes 2.8).
            expected.finish = "stop"
        return self.compare(recording, door, expected, self.doors[door].ask(name, recording.is_streamed))

    def passage(self, recording, door, name):
        """At its own door an answer is what the SDK makes of it without a gateway, member by member."""
        direct = self.direct[door].replay(recording.name, recording.is_streamed)
        if direct.error is not None and not direct.is_told:
            # The SDK cannot read what was recorded (an array instead of events, raw JSON behind them).
            self.unreadable.append(f"{recording.file}: {sentence(direct.error)}")
            return self.compare(recording, door, read(recording), self.doors[door].ask(name, recording.is_streamed))
        got = self.doors[door].replay(name, recording.is_streamed)
        found = []
        # An error within a stream stays one; its kind is Plenum's to name.
        if (direct.error is None, direct.is_told) != (got.error is None, got.is_told):
            found.append(Difference(recording, door, "exception", direct.error, got.error))
        if direct.error is not None:
            # Pieces without content before the error may go with it.
            left, right = (read_trees(recording.dialect, answer.trees) for answer in (direct, got))
            place = first_difference([left.said, left.thoughts, left.calls], [right.said, right.thoughts, right.calls])
        else:
            place = first_difference(direct.trees, got.trees)
        if place:
            found.append(Difference(recording, door, f"passage at {place[0]}", *place[1:]))
        return found

    def refusal(self, recording, door, answer):
        """A recorded error is the SDK's exception of its status, and says what the provider said."""
        expected = STATUS.get(recording.status, recording.status)
        if b"API_KEY_INVALID" in recording.body:
            expected = 502
        if b"model_not_found" in recording.body:
            # Responses says 400 where Chat says 404; every door says 404.
            expected = 404
        if answer.error is None:
            return [Difference(recording, door, "error", f"an exception with {expected}", "an answer")]
        if not answer.is_told or answer.status != expected:
            return [Difference(recording, door, "error", f"an exception with {expected}", sentence(answer.error))]
        said = read_message(recording)
        if said[:15] not in str(answer.error):
            return [Difference(recording, door, "error's message", said, sentence(answer.error))]
        return []

    @staticmethod
    def compare(recording, door, expected, answer):
        got, found = answer.reading, []

        def differ(what, left, right):
            if left != right:
                found.append(Difference(recording, door, what, left, right))

        if answer.error is not None and not expected.is_broken:
            return [Difference(recording, door, "exception", "none", sentence(answer.error))]
        if expected.is_broken and not answer.is_told:
            differ("error", "an exception of the SDK", sentence(answer.error) if answer.error else "a good end")
        differ("text", expected.said, got.said)
        if expected.is_broken:
            return found
        differ("calls", expected.calls, got.calls)
        differ("thoughts", expected.thoughts, got.thoughts)
        differ("finish", expected.finish, got.finish)
        if expected.usage is not None:
            differ("usage", expected.usage, got.usage)
        return found
