"""The chat, as a person sees it."""

import base64
import re

import pytest
from playwright.sync_api import expect

SENTENCE = "This answer is simulated by Plenum"
SLOW = "chat/sim-wait50-gap80-words80"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def field(page):
    return page.get_by_label("Message", exact=True)


def ask(page, text):
    field(page).fill(text)
    field(page).press("Enter")


def answered(page, count=1):
    """Waits for so many whole answers; returns the last."""
    expect(page.locator("chat-answer .answer[aria-busy=false] .answer-footer span")).not_to_have_count(0)
    expect(page.locator("chat-answer .answer[aria-busy=false]")).to_have_count(count)
    return page.locator("chat-answer").last


def action(page, answer, name):
    answer.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=name).click()


def test_an_answer_streams_and_is_there_after_a_reload(page):
    ask(page, "Why is the sky blue?")
    answer = answered(page)
    expect(answer).to_contain_text(SENTENCE)
    expect(answer.locator(".answer-footer")).to_contain_text(re.compile(r"\d+ in.*\d+ out.*\$0.*first .*tok/s"))
    expect(page).to_have_url(re.compile("/c/conv_"))
    expect(page).to_have_title("Why is the sky blue? · Plenum")
    expect(page.get_by_role("navigation", name="Conversations")).to_contain_text("Why is the sky blue?")
    expect(page.locator(".thread-totals")).to_contain_text(re.compile(r"\d+ tokens"))
    shown = answer.locator(".answer-body").inner_text()
    page.reload()
    expect(page.locator("chat-answer .answer-body")).to_have_text(shown)
    expect(page.locator("chat-answer")).to_have_count(1)
    expect(page.locator(".user-message")).to_contain_text("Why is the sky blue?")


def test_whoever_is_at_a_button_of_an_answer_stays_there_when_more_is_heard_of_its_run(page):
    ask(page, "Why is the sky blue?")
    answer = answered(page)
    more = answer.get_by_role("button", name="More")
    more.focus()
    # As it comes between the end of an answer and that of its run.
    answer.evaluate("answer => answer.feed.dispatchEvent(new Event('change'))")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()


def test_stopping_keeps_what_had_come(open_page, stage):
    page = open_page("/?model=" + SLOW, server=stage)
    ask(page, "Tell me a long story")
    expect(page.locator(".answer-body")).to_contain_text(re.compile(r"\w{3,}"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("chat-answer")).to_contain_text("Stopped. What had come is kept.")
    shown = page.locator(".answer-body").inner_text()
    page.reload()
    expect(page.locator(".answer-body")).to_have_text(shown)


def test_escape_stops_all(open_page, stage):
    page = open_page("/?model=" + SLOW, server=stage)
    ask(page, "Tell me a long story")
    expect(page.locator(".answer-body")).to_contain_text(re.compile(r"\w{3,}"))
    page.keyboard.press("Escape")
    expect(page.locator("chat-answer")).to_contain_text("Stopped")


def test_editing_and_asking_again_keeps_the_first_version(page):
    ask(page, "First question")
    answered(page)
    page.get_by_role("button", name="Edit this message").click()
    page.locator(".edit-form textarea").fill("Second question")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".user-words")).to_have_text("Second question")
    expect(answered(page)).to_contain_text("Second question")
    page.get_by_role("button", name="Previous version").click()
    expect(page.locator(".user-words")).to_have_text("First question")
    expect(page.locator("chat-answer")).to_contain_text("First question")
    page.reload()
    expect(page.locator(".user-words")).to_have_text("First question")


def test_answering_again_with_another_model_makes_a_sibling(page):
    ask(page, "Who are you?")
    expect(answered(page)).to_contain_text("parrot")
    action(page, page.locator("chat-answer"), "Answer with another model")
    page.get_by_placeholder("Search by name").fill("oracle")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer .answer-head")).to_contain_text("oracle")
    answered(page)
    expect(page.locator(".pager")).to_contain_text("2/2")
    page.get_by_role("button", name="Previous answer").click()
    expect(page.locator("chat-answer .answer-head")).to_contain_text("parrot")
    page.reload()
    expect(page.locator("chat-answer .answer-head")).to_contain_text("parrot")
    expect(page.locator(".pager")).to_contain_text("1/2")


def test_forking_copies_the_path(page):
    ask(page, "A question to fork")
    answered(page)
    first = page.url
    action(page, page.locator("chat-answer"), "Copy the chat up to here")
    expect(page).not_to_have_url(first)
    expect(page.locator(".user-words")).to_have_text("A question to fork")
    expect(page.locator("chat-answer")).to_contain_text(SENTENCE)


def test_settings_are_sent_and_kept(page, site):
    page.get_by_role("button", name="Settings of this chat").click()
    page.get_by_label("Instructions").fill("You are a pirate.")
    page.get_by_label("Temperature").fill("0.3")
    page.get_by_label("Longest answer").fill("77")
    page.get_by_role("button", name="Done").click()
    ask(page, "Ahoy")
    answered(page)
    run = site.client().get("/v1/runs?limit=1").json()["data"][0]
    seat = site.client().get(f"/v1/runs/{run['id']}").json()["seats"][0]
    assert seat["system"] == "You are a pirate."
    assert seat["params"] == {"temperature": 0.3, "max_output_tokens": 77}
    page.reload()
    page.get_by_role("button", name="Settings of this chat").click()
    expect(page.get_by_label("Instructions")).to_have_value("You are a pirate.")
    expect(page.get_by_label("Temperature")).to_have_value("0.3")


def test_pictures_texts_and_pdfs_are_attached(page, site):
    page.get_by_label("Attach files").set_input_files([
        {"name": "dot.png", "mimeType": "image/png", "buffer": PIXEL},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": "The secret word is ```plum```.".encode()},
        {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": pdf("Hello from a PDF")},
    ])
    expect(page.locator(".attachment.pending")).to_have_count(3)
    ask(page, "What is in these?")
    answered(page)
    message = page.locator(".user-message")
    expect(message.locator("img")).to_have_attribute("alt", "dot.png")
    expect(message.locator("details.attachment")).to_have_count(2)
    item = site.client().get(page.url.replace("/c/", "/v1/conversations/") + "/items").json()["data"][0]
    assert [part["type"] for part in item["content"]] == ["input_image", "input_text", "input_text", "input_text"]
    assert "The secret word is ```plum```." in item["content"][1]["text"]
    assert "Hello from a PDF" in item["content"][2]["text"]
    page.reload()
    expect(page.locator(".user-message details.attachment")).to_have_count(2)


def test_what_cannot_be_attached_says_why(page):
    page.get_by_label("Attach files").set_input_files([{"name": "x.bin", "mimeType": "", "buffer": b"\0\1\2\xff"}])
    expect(page.get_by_role("alert")).to_contain_text("x.bin is neither a picture nor a text nor a PDF.")


def test_a_draft_survives_a_reload(page):
    field(page).fill("Half a thought")
    page.reload()
    expect(field(page)).to_have_value("Half a thought")


def test_an_error_says_what_happened_and_offers_a_retry(open_page, stage):
    page = open_page("/?model=claude/sim-quota-fail1-words5", server=stage)
    ask(page, "Are you there?")
    card = page.locator(".error-card")
    expect(card).to_contain_text("The account at the provider is used up")
    card.get_by_role("button", name="Details").click()
    expect(page.get_by_role("dialog")).to_contain_text("HTTP 429")
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Try again").click()
    expect(page.locator("chat-answer .answer-body")).not_to_be_empty()
    expect(page.locator(".error-card")).to_have_count(0)


def test_what_broke_off_keeps_its_words_and_says_why(open_page, stage):
    page = open_page("/?model=chat/sim-error500-after6-words40", server=stage)
    ask(page, "Begin and break off")
    expect(page.locator(".error-card")).to_be_visible()
    expect(page.locator("chat-answer .answer-body")).to_contain_text(re.compile(r"\w{3,}"))


def test_the_selector_searches_stars_and_remembers(page):
    page.keyboard.press("Control+l")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".model-row")).to_have_count(3)
    page.keyboard.type("sphinx")
    expect(dialog.locator(".model-row")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+f")
    expect(dialog.get_by_role("button", name="Favourite: simulated/sphinx")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".seat-chips")).to_contain_text("sphinx")
    page.reload()
    expect(page.locator(".seat-chips")).to_contain_text("sphinx")
    page.keyboard.press("Control+l")
    expect(page.get_by_role("dialog").locator("section").first).to_contain_text("Favourites")


def test_models_without_a_key_say_what_to_set(open_page, keyless):
    page = open_page(server=keyless)
    page.keyboard.press("Control+l")
    page.get_by_role("button", name="Can be asked").click()
    page.get_by_placeholder("Search by name").fill("anthropic")
    expect(page.get_by_role("dialog")).to_contain_text("Set ANTHROPIC_API_KEY")


@pytest.mark.parametrize("query,names", [("?model=simulated/oracle", ["oracle"]), ("?models=simulated/oracle,simulated/sphinx", ["oracle", "sphinx"])])
def test_an_address_chooses_models(open_page, query, names):
    page = open_page("/" + query)
    for name in names:
        expect(page.locator(".seat-chips")).to_contain_text(name)


def pdf(text):
    """A PDF of one page with one line."""
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream), b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (table, len(out))
