"""Conversations that are there before a page is opened: made as ChatGPT exports them, so that each has a time of its own."""

import time

DAY = 86_400


def talk(name, title, days=0.0, question="A question", answer="An answer"):
    """A conversation of one question and one answer that ended so many days ago."""
    ended = time.time() - days * DAY
    message = lambda id, role, text, at, metadata: {  # noqa: E731
        "id": id, "author": {"role": role}, "create_time": at, "content": {"content_type": "text", "parts": [text]}, "metadata": metadata}
    return {
        "title": title, "create_time": ended - 10, "update_time": ended, "conversation_id": f"talk-{name}", "current_node": "a",
        "mapping": {
            "q": {"id": "q", "parent": None, "children": ["a"], "message": message("q", "user", question, ended - 5, {})},
            "a": {"id": "a", "parent": "q", "children": [], "message": message("a", "assistant", answer, ended, {"model_slug": "gpt-4o"})},
        },
    }


def bring(server, talks):
    """Imports them."""
    with server.client() as client:
        told = client.post("/v1/import", json=talks).raise_for_status().json()
    assert told["conversations"]["failed"] == 0, told
    return told


def long_talk(name, title, answers, days=0.0):
    """A conversation of many questions, each answered with the next of some texts."""
    ended = time.time() - days * DAY
    mapping, parent = {}, None
    for number, answer in enumerate(answers):
        at = ended - len(answers) + number
        for id, role, text in ((f"q{number}", "user", f"Question {number}"), (f"a{number}", "assistant", answer)):
            mapping[id] = {"id": id, "parent": parent, "children": [], "message": {
                "id": id, "author": {"role": role}, "create_time": at, "content": {"content_type": "text", "parts": [text]},
                "metadata": {"model_slug": "gpt-4o"} if role == "assistant" else {}}}
            if parent:
                mapping[parent]["children"].append(id)
            parent = id
    return {"title": title, "create_time": ended - len(answers), "update_time": ended, "conversation_id": f"talk-{name}",
            "current_node": parent, "mapping": mapping}
