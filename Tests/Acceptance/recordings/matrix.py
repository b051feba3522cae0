"""Every recording through every door: what is asked, what is expected, and what differs."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from recordings.doors import DOORS, sentence
from recordings.files import FORMATS
from recordings.reading import read

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
        self.differences = []

    def run(self, workers=16):
        cells = [(recording, door) for recording in self.recordings for door in self.dialects]
        with ThreadPoolExecutor(workers) as pool:
            for (recording, door), found in zip(cells, pool.map(lambda cell: self.cell(*cell), cells)):
                self.total[recording.dialect, door] += 1
                self.differences += found

    def cell(self, recording, door):
        """The differences of one recording at one door."""
        own = door == recording.dialect
        answer = self.doors[door].ask(
            f"{provider(recording, door)}/{recording.name}", recording.is_streamed, is_strict=not own)
        if recording.is_refused:
            return self.refusal(recording, door, answer)
        expected = read(recording)
        if not own:
            return self.compare(recording, door, expected, answer)
        direct = self.direct[door].ask(recording.name, recording.is_streamed, is_strict=False)
        if direct.error is not None and not direct.is_told:
            # The SDK cannot read what was recorded (an array instead of events): then Plenum may only do better.
            return [] if answer.error is not None else self.compare(recording, door, expected, answer)
        expected = direct.reading
        expected.is_broken = direct.error is not None
        return self.compare(recording, door, expected, answer)

    def refusal(self, recording, door, answer):
        """A recorded error is the SDK's exception of its status."""
        expected = STATUS.get(recording.status, recording.status)
        if b"API_KEY_INVALID" in recording.body:
            expected = 502
        if answer.error is None:
            return [Difference(recording, door, "error", f"an exception with {expected}", "an answer")]
        if answer.is_told and answer.status == expected:
            return []
        return [Difference(recording, door, "error", f"an exception with {expected}", sentence(answer.error))]

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
