"""Recorded answers of real providers, through every door, read back with the door's official SDK."""

import copy
import dataclasses
import os
import random
from collections import Counter, defaultdict

import pytest

from recordings import doors, files, matrix, reading
from recordings.upstream import RecordedUpstream

pytestmark = pytest.mark.skipif(
    not files.folder().exists(), reason=f"SKIPPED, there are no recordings at {files.folder()}; set PLENUM_SHARED")

# All four, or fewer for a build that does not have them all yet: "chat,anthropic,gemini".
DIALECTS = os.environ.get("PLENUM_DIALECTS", "chat,responses,anthropic,gemini").split(",")

# (file, doors, what) and why it cannot be otherwise.
KNOWN = [
    ("gemini-vertex/malformed-tool-call", ("responses",), ("finish",),
     "a call that the provider calls malformed: the response has failed (wire notes 2.8)"),
    ("_curated/anthropic__stream-max-tokens", ("gemini",), ("calls",),
     "a call cut off in its arguments, which Gemini's object cannot hold: its text stands under INVALID_JSON"),
    ("gemini/json-mode__gemini-2.0-flash", ("gemini",), ("exception",),
     "enums as numbers, which its client had asked for and Google's SDK neither asks for nor reads"),
]


def reason_of(difference):
    for file, doors, what, reason in KNOWN:
        if difference.recording.file.startswith(file) and difference.door in doors and difference.what in what:
            return reason
    return None


def test_every_recording_through_every_door(make_server, report):
    everything = files.load()
    left_out = Counter()
    chosen = []
    for recording in everything:
        reason = files.why_no_completion(recording)
        if reason is None and recording.dialect not in DIALECTS:
            reason = f"{recording.dialect}: not asked for by PLENUM_DIALECTS"
        if reason:
            left_out[reason] += 1
        else:
            chosen.append(recording)
    seed = os.environ.get("PLENUM_SEED") or str(random.randrange(1 << 32))
    upstream = RecordedUpstream(chosen, seed)
    server = make_server(providers=matrix.providers(chosen, upstream.url))
    table = matrix.Matrix(chosen, DIALECTS, server.url, upstream.url)
    table.run()
    upstream.close()
    assert server.is_alive, server.log[-3000:]

    report(f"recordings: {len(everything)} files, {len(chosen)} completions, {len(left_out)} reasons to leave one out"
           f" (PLENUM_SEED={seed})")
    for reason, count in left_out.most_common():
        report(f"  left out {count}: {reason}")
    report("  compared: " + ", ".join(f"{count} {what}" for what, count in table.compared.most_common()))
    failures = tell(table, report)
    for what in ("text", "thoughts", "calls", "usage", "refused", "broken"):
        assert table.compared[what], f"no recording has {what}"
    if failures:
        pytest.fail(f"{len(failures)} differences that nobody has explained; the first: {failures[0]}", pytrace=False)


def test_each_kind_of_difference_is_seen():
    """What the matrix is worth: an answer that lost something is not taken for the recorded one."""
    lost = {
        "text": ("text", "x"), "thoughts": ("thoughts", "x"), "calls": ("calls", [("f", {})]),
        "finish": ("finish", "lost"), "usage": ("usage", (0, 0, 0, -1)),
    }
    for recording in files.load():
        if files.why_no_completion(recording) or recording.is_refused:
            continue
        expected = reading.read(recording)
        told = doors.Answer()
        told.reading = copy.deepcopy(expected)
        if expected.is_broken:
            assert [one.what for one in matrix.Matrix.compare(recording, "chat", expected, told)] == ["error"]
            continue
        assert matrix.Matrix.compare(recording, "chat", expected, told) == []
        for what, (member, value) in lost.items():
            if what == "usage" and expected.usage is None:
                continue
            other = doors.Answer()
            other.reading = dataclasses.replace(expected, **{member: value})
            found = [one.what for one in matrix.Matrix.compare(recording, "chat", expected, other)]
            assert found == [what], f"{recording.file}: {found} instead of {what}"
        told.error = ValueError("x")
        found = [one.what for one in matrix.Matrix.compare(recording, "chat", expected, told)]
        assert found == ["exception"]


def tell(table, report):
    """Prints the table and every difference, and returns those that are not known."""
    known, failures = defaultdict(list), []
    for difference in table.differences:
        reason = reason_of(difference)
        if reason:
            known[reason].append(difference)
        else:
            failures.append(difference)
    explained = [one for differences in known.values() for one in differences]
    report("  recorded in  " + "".join(f"{'door ' + door:>18}" for door in table.dialects))
    for dialect in table.dialects:
        cells = []
        for door in table.dialects:
            failed, others = (
                {one.recording.file for one in some if (one.recording.dialect, one.door) == (dialect, door)}
                for some in (failures, explained))
            total, others = table.total[dialect, door], others - failed
            cells.append(f"{total - len(failed | others)}/{total}" + (f" +{len(others)} known" if others else ""))
        report(f"  {dialect:<13}" + "".join(f"{cell:>18}" for cell in cells))
    for line in sorted(table.unreadable):
        report(f"  its own SDK cannot read {line[:150]}")
    for reason, differences in known.items():
        report(f"  known, {len(differences)}: {reason}")
    for difference in sorted(failures, key=lambda one: (one.what, one.door, one.recording.file)):
        report(f"  FAILED {difference}")
    return failures
