"""The chat, as a person sees it."""

import re

from playwright.sync_api import expect

SENTENCE = "This answer is simulated by Plenum"


def ask(page, text):
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def test_an_answer_streams_and_is_there_after_a_reload(page):
    ask(page, "Why is the sky blue?")
    answer = page.locator("chat-answer")
    expect(answer).to_contain_text(SENTENCE)
    expect(answer.locator(".answer-footer")).to_contain_text("tok/s")
    expect(page).to_have_url(re.compile("/c/conv_"))
    expect(page.get_by_role("navigation", name="Conversations")).to_contain_text("Why is the sky blue?")
    shown = answer.locator(".answer-body").inner_text()
    page.reload()
    expect(page.locator("chat-answer .answer-body")).to_have_text(shown)
    expect(page.locator("chat-answer")).to_have_count(1)
