"""Clients under load, the journal of what they were told, and the oracle that compares it with what is kept."""

import http.client
import json
import os
import random
import threading
import time

import plenum

CLIENTS = 32
MODELS = ["sim-gap2", "sim-wait20-gap1", "sim-gap10"]


class Journal:
    """What was acknowledged, on the disk before anything else is asked."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.entries = []

    def acknowledge(self, **entry):
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())
            self.entries.append(entry)


class Gone(Exception):
    """The server went away in the middle."""


class Load:
    """Clients that ask without end, and wait at a gate while the server is down."""

    def __init__(self, server, journal, seed, clients=CLIENTS, forgives=False):
        """`forgives`: an outage that is told honestly (503 with Retry-After, an error event) is no surprise, nor a
        conversation that waits for the lease of a process that died."""
        self.server = server
        self.journal = journal
        self.seed = seed
        self.forgives = forgives
        self.outages = 0
        self.number = 0
        self.surprises = []
        self.asked = 0
        self._gate = threading.Condition()
        self._open = False
        self._busy = 0
        self._over = False
        self._threads = [threading.Thread(target=self._live, args=(index,), daemon=True) for index in range(clients)]
        for thread in self._threads:
            thread.start()

    def open(self):
        with self._gate:
            self._open = True
            self._gate.notify_all()

    def close(self):
        """Lets nobody through any more."""
        with self._gate:
            self._open = False

    def drain(self):
        """Waits until all clients stand at the gate: every acknowledgement is in the journal then."""
        with self._gate:
            assert self._gate.wait_for(lambda: self._busy == 0, 20), "clients hang though their server is dead"

    def end(self):
        with self._gate:
            self._over = True
            self._gate.notify_all()
        for thread in self._threads:
            thread.join(20)

    def _live(self, index):
        chance = random.Random(f"{self.seed}-{index}")
        client = Client(self, chance)
        while True:
            with self._gate:
                self._gate.wait_for(lambda: self._open or self._over)
                if self._over:
                    return
                self._busy += 1
                self.number += 1
                nonce = f"n{self.number}n"
            try:
                client.act(nonce)
            except (OSError, http.client.HTTPException, Gone):
                client.hang_up()
                time.sleep(0.01)
            except Exception as surprise:  # noqa: BLE001 - told in the end, whatever it is
                client.hang_up()
                self.surprises.append(f"{type(surprise).__name__}: {surprise}")
            finally:
                with self._gate:
                    self._busy -= 1
                    self._gate.notify_all()


class Client:
    """One client with a connection and a conversation of its own."""

    def __init__(self, load, chance):
        self.load = load
        self.chance = chance
        self.link = None
        self.conversation = None

    def hang_up(self):
        if self.link:
            self.link.close()
        self.link = None

    def act(self, nonce):
        self.load.asked += 1
        self.chance.choice([self.plain, self.plain, self.streamed, self.streamed, self.talk, self.talk, self.run])(nonce)

    def bear(self, outage):
        """Ends this act where an outage is expected."""
        if self.load.forgives:
            self.load.outages += 1
            raise Gone(outage)

    def model(self):
        return self.chance.choice(
            [f"{dialect}/{model}" for dialect in plenum.DIALECTS for model in MODELS] + ["simulated/parrot"] * 2)

    def request(self, method, path, body=None):
        if self.link is None:
            self.link = http.client.HTTPConnection("127.0.0.1", self.load.server.port, timeout=20)
        self.link.request(method, path, json.dumps(body) if body is not None else None,
                          {"Content-Type": "application/json"})
        response = self.link.getresponse()
        if response.status != 200:
            text = response.read()
            if response.status == 503 and int(response.getheader("Retry-After", "0")) > 0:
                self.bear("the database was away")
            if response.status == 409 and b"still being written" in text:
                # Where processes share a database, a dead one's reply is in progress until its lease has run out.
                self.conversation = None
                self.bear("the conversation's last reply belongs to a process that may be alive")
            raise AssertionError(f"{method} {path} answered {response.status}: {text[:300]}")
        return response

    def whole(self, nonce, **extra):
        response = self.request("POST", "/v1/chat/completions", plenum.ask(self.model(), nonce, **extra))
        generation = response.getheader("X-Generation-Id")
        answer = json.loads(response.read())
        text = answer["choices"][0]["message"]["content"]
        assert nonce in text, f"the answer to {nonce} is another's: {text!r}"
        return generation, text

    def stream(self, nonce, **extra):
        response = self.request("POST", "/v1/chat/completions", plenum.ask(self.model(), nonce, stream=True, **extra))
        generation = response.getheader("X-Generation-Id")
        text = ""
        for _, _, data in plenum.events(lines(response)):
            if data == "[DONE]":
                response.read()
                return generation, text
            chunk = json.loads(data)
            if "error" in chunk:
                self.bear(data)
                raise AssertionError(f"a stream told of an error: {data[:300]}")
            for choice in chunk["choices"]:
                text += choice["delta"].get("content") or ""
        raise Gone

    def whole_or_stream(self, nonce, **extra):
        return (self.whole if self.chance.random() < 0.5 else self.stream)(nonce, **extra)

    def plain(self, nonce):
        generation, text = self.whole(nonce)
        self.load.journal.acknowledge(kind="plain", nonce=nonce, generation=generation, text=text)

    def streamed(self, nonce):
        generation, text = self.stream(nonce)
        self.load.journal.acknowledge(kind="streamed", nonce=nonce, generation=generation, text=text)

    def talk(self, nonce):
        if self.conversation is None or self.chance.random() < 0.1:
            made = json.loads(self.request("POST", "/v1/conversations", {}).read())["id"]
            self.load.journal.acknowledge(kind="conversation", conversation=made)
            self.conversation = made
        generation, text = self.whole_or_stream(nonce, conversation=self.conversation)
        self.load.journal.acknowledge(
            kind="talk", nonce=nonce, generation=generation, text=text, conversation=self.conversation)

    def run(self, nonce):
        models = [self.model() for _ in range(self.chance.randint(2, 3))]
        response = self.request(
            "POST", "/v1/runs", {"kind": "compare", "input": nonce, "models": models, "stream": True})
        told = plenum.Script()
        for _, _, data in plenum.events(lines(response)):
            event = json.loads(data)
            told.take(event, strict=False)
            if event["type"] in ("seat.failed", "error"):
                self.bear(data)
                raise AssertionError(f"a seat failed: {data[:300]}")
            if event["type"] == "run.completed":
                response.read()
                if event["status"] != "completed":
                    self.bear(data)
                assert event["status"] == "completed"
                texts = [told.text(seat) for seat in range(len(models))]
                assert all(nonce in text for text in texts)
                self.load.journal.acknowledge(
                    kind="run", nonce=nonce, run=event["run"], models=models, texts=texts)
                return
        raise Gone


def lines(response):
    """The lines of a body as they come; a body that breaks off raises or just ends."""
    while line := response.readline():
        yield line.decode().rstrip("\r\n")


class Oracle:
    """Compares what was acknowledged with what the server has after a restart."""

    def __init__(self, server):
        self.server = server
        self.lost = []
        self.doubled = []

    def check(self, entries):
        with self.server.client() as client:
            conversations = {}
            for entry in entries:
                getattr(self, entry["kind"])(client, entry, conversations)

    def _generation(self, client, entry):
        answer = client.get(f"/v1/generations/{entry['generation']}")
        if answer.status_code != 200 or answer.json()["status"] != "completed":
            self.lost.append((entry, answer.text[:300]))
        return answer

    def plain(self, client, entry, _):
        self._generation(client, entry)

    streamed = plain

    def conversation(self, client, entry, _):
        if client.get(f"/v1/conversations/{entry['conversation']}").status_code != 200:
            self.lost.append((entry, "no such conversation"))

    def talk(self, client, entry, conversations):
        self._generation(client, entry)
        name = entry["conversation"]
        if name not in conversations:
            answer = client.get(f"/v1/conversations/{name}/items?limit=1000")
            conversations[name] = answer.json()["data"] if answer.status_code == 200 else []
        items = conversations[name]
        asked = [item for item in items if item["role"] == "user" and plenum.text_of(item) == entry["nonce"]]
        told = [item for item in items
                if item["generation"] == entry["generation"]
                and (item["status"], plenum.text_of(item)) == ("completed", entry["text"])]
        if not asked or not told:
            self.lost.append((entry, f"{len(asked)} questions and {len(told)} answers in {name}"))
        if len(asked) > 1 or len(told) > 1:
            self.doubled.append((entry, f"{len(asked)} questions and {len(told)} answers in {name}"))

    def run(self, client, entry, _):
        answer = client.get(f"/v1/runs/{entry['run']}")
        run = answer.json()
        if answer.status_code != 200 or run["status"] != "completed":
            self.lost.append((entry, answer.text[:300]))
            return
        kept = [(seat["model"], seat["status"], plenum.text_of(seat["message"])) for seat in run["seats"]]
        if kept != [(model, "completed", text) for model, text in zip(entry["models"], entry["texts"])]:
            self.lost.append((entry, repr(kept)[:300]))


def stuck(database):
    """How many records say that they are under way."""
    return sum(
        database.execute(f"SELECT count(*) FROM {table} WHERE status IN ('queued', 'in_progress')").fetchone()[0]
        for table in ("message", "generation", "run"))


def words_are_kept_once(database, entries, oracle):
    """The words of every acknowledged reply, in the file itself: there, and there once."""
    answers, asked = {}, {}
    for request, answer in database.execute("SELECT request, reply FROM generation_content"):
        nonce = json.loads(request)["messages"][-1]["content"]
        asked[nonce] = asked.get(nonce, 0) + 1
        answers.setdefault(nonce, []).append(bytes(answer))
    questions = {}
    for (parts,) in database.execute("SELECT parts FROM message WHERE role = 'user'"):
        for part in json.loads(parts):
            questions[part["text"]] = questions.get(part["text"], 0) + 1
    for entry in entries:
        kind, nonce = entry["kind"], entry.get("nonce")
        if kind in ("plain", "streamed", "talk"):
            if nonce not in asked or not any(nonce.encode() in answer for answer in answers[nonce]):
                oracle.lost.append((entry, "its words are not kept"))
            elif asked[nonce] > 1:
                oracle.doubled.append((entry, f"{asked[nonce]} generations"))
        if kind in ("talk", "run") and questions.get(nonce, 0) != 1:
            (oracle.doubled if questions.get(nonce) else oracle.lost).append(
                (entry, f"{questions.get(nonce, 0)} questions"))
