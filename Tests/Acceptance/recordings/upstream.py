"""An upstream that answers the request for a recording's name with what was recorded, to the byte."""

import json
import random
import re
import time

import plenum

# What belongs to the recorded connection and not to the answer.
HOP = {"connection", "content-encoding", "content-length", "date", "keep-alive", "transfer-encoding"}


class RecordedUpstream(plenum.Upstream):
    """Serves recordings under all four dialects' paths; a stream comes in pieces cut at random places."""

    def __init__(self, recordings, seed):
        self.recordings = {recording.name: recording for recording in recordings}
        self.seed = seed
        super().__init__(self.answer)

    def answer(self, link, call):
        path = call.head.split(" ", 2)[1].partition("?")[0]
        asked = re.search(r"/models/(.+):(?:streamG|g)enerateContent$", path)
        name = asked.group(1) if asked else call.json.get("model")
        recording = self.recordings.get(name)
        if recording is None:
            return plenum.whole(link, json.dumps({"error": {"message": f"no recording {name} ({path})"}}), "418 No")
        lines = [f"HTTP/1.1 {recording.status} Recorded"]
        for key, value in recording.headers.items():
            for one in value if isinstance(value, list) else [value]:
                if key.lower() not in HOP and "\n" not in str(one):
                    lines.append(f"{key}: {one}")
        if not recording.is_streamed or recording.is_refused:
            lines.append(f"Content-Length: {len(recording.body)}")
            link.sendall("\r\n".join([*lines, "", ""]).encode() + recording.body)
            return "keep"
        lines.append("Transfer-Encoding: chunked")
        link.sendall("\r\n".join([*lines, "", ""]).encode())
        for piece in self.pieces(recording):
            link.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(0.0005)
        link.sendall(b"0\r\n\r\n")
        return "keep"

    def pieces(self, recording):
        """The body whole, in a few pieces or in many; seed and name say how, so that a failure can be repeated."""
        dice = random.Random(f"{self.seed}/{recording.name}")
        body = recording.body
        cuts = sorted({dice.randrange(1, len(body)) for _ in range(dice.choice((0, 2, 40)))}) if len(body) > 1 else []
        return [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)])]
