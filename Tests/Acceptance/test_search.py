"""Search: what was said is found by its words, in the server's own answers and after kill -9."""

import plenum


def search(client, words, **query):
    return client.get("/v1/conversations", params={"q": words, **query}).raise_for_status().json()


def marked(hit):
    """The words that a page would highlight: places count UTF-16 code units."""
    units = hit["snippet"]["text"].encode("utf-16-le")
    return [units[2 * start:2 * (start + length)].decode("utf-16-le") for start, length in hit["snippet"]["matches"]]


def make(client, *texts, **members):
    items = [{"role": "user", "content": text} for text in texts]
    return client.post("/v1/conversations", json={"items": items, **members}).raise_for_status().json()["id"]


def test_search_finds_titles_questions_and_answers_and_survives_kill(simulator, make_server):
    server = make_server(providers=plenum.three_dialects(simulator.url, ["sim-gap1-words20"]), demo=True)
    with server.client() as client:
        birds = make(client, "😀 How do Zugvögel navigate?\nBy stars?", title="Birds")
        trees = make(client, "Birds sit in trees", title="Trees")
        talk = make(client)
        answer = client.post("/v1/chat/completions", json={
            "model": "chat/sim-gap1-words20", "conversation": talk,
            "messages": [{"role": "user", "content": "Say something."}]}).raise_for_status().json()
        said = answer["choices"][0]["message"]["content"].split()[0]

        def look():
            found = search(client, "zugvogel NAV")
            assert [hit["id"] for hit in found["data"]] == [birds]
            assert marked(found["data"][0]) == ["Zugvögel", "navigate"]
            assert found["last_id"] == found["data"][0]["snippet"]["message"]
            assert [hit["id"] for hit in search(client, "bird")["data"]] == [trees, birds]
            assert search(client, "tree")["data"][0]["snippet"]["message"].startswith("msg_")
            assert [hit["id"] for hit in search(client, "say someth")["data"]] == [talk]
            assert talk in [hit["id"] for hit in search(client, said)["data"]]
            assert search(client, "nowhere")["data"] == [] == search(client, "%")["data"]

        look()
        server.kill()
        server.start()
        look()
        client.delete(f"/v1/conversations/{birds}").raise_for_status()
        assert [hit["id"] for hit in search(client, "bird")["data"]] == [trees]
        with server.snapshot() as database:
            words = " ".join(row[0] for row in database.execute("SELECT words FROM searchable"))
        assert "zugvogel" not in words and "trees" in words


def test_pages_of_a_search_hold_everything_once(make_server):
    server = make_server(demo=True)
    with server.client() as client:
        made = [make(client, f"needle {number}", archived=number % 2 == 0) for number in range(25)]
        found, after = [], {}
        while True:
            page = search(client, "needle", limit=4, **after)
            found += [hit["id"] for hit in page["data"] if hit["snippet"]["message"]]
            if not page["has_more"]:
                break
            after = {"after": page["last_id"]}
        assert sorted(set(found)) == sorted(made)
        hits = search(client, "needle", limit=100, archived="true")["data"]
        assert [hit["id"] for hit in hits] == made[::-2]
        for query in ({"q": "x" * 201}, {"q": "a", "limit": 101}, {"q": "a", "after": "x"}):
            refused = client.get("/v1/conversations", params=query)
            assert refused.status_code == 400 and refused.json()["error"]["message"].endswith(".")
