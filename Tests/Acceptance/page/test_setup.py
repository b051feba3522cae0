"""What somebody meets who has just started a server: no keys yet, or a key that the server asks for."""

import pytest
from playwright.sync_api import expect

import plenum
from conftest import serve

KEY = "a-key-of-forty-signs-for-the-tests-0123456789"
REFUSED = ["401", "Failed to load resource"]


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A server that asks for its key."""
    server = serve(tmp_path_factory.mktemp("locked"), environment={"PLENUM_MASTER_KEY": KEY})
    yield server
    server.kill()


def asked(page):
    return page.get_by_role("dialog", name="This server asks for its key")


def key(page):
    return page.locator("input[name=key]")


def kept(page, storage):
    return page.evaluate(f"JSON.stringify({storage})")


def test_without_keys_it_says_which_variable_to_set(keyless, open_page):
    page = open_page(server=keyless)
    note = page.get_by_role("region", name="Setting up")
    expect(note.get_by_role("heading", name="These models are simulated")).to_be_visible()
    for variable in ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"]:
        expect(note.get_by_text(variable, exact=True).first).to_be_visible()
        expect(note.get_by_role("button", name=f"Copy {variable}")).to_be_visible()
    # What is folded away stays so.
    note.get_by_text("Add real models").click()
    expect(note.get_by_text("GEMINI_API_KEY")).to_be_hidden()
    page.reload()
    expect(note.get_by_text("Add real models")).to_be_visible()
    expect(note.get_by_text("GEMINI_API_KEY")).to_be_hidden()


def test_the_simulated_models_answer_at_once(keyless, open_page):
    page = open_page(server=keyless)
    page.get_by_label("Message", exact=True).fill("Is anybody there?")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer")).to_contain_text("This answer is simulated by Plenum")
    expect(page.locator("setup-note")).to_have_count(0)


def test_with_real_models_there_is_nothing_to_set_up(tmp_path, simulator, open_page):
    server = serve(tmp_path, demo=False, providers=plenum.three_dialects(simulator.url, ["sim-words5"]))
    try:
        page = open_page(server=server)
        expect(page.locator(".seat-chips")).to_contain_text("sim-words5")
        expect(page.get_by_role("region", name="Setting up")).to_have_count(0)
        page.close()
    finally:
        server.kill()


def test_a_way_to_begin_is_offered(keyless, open_page):
    page = open_page(server=keyless)
    page.get_by_role("button", name="Compare One prompt").click()
    expect(page.get_by_role("radio", name="Compare")).to_be_checked()
    expect(page.locator(".seat-chip")).to_have_count(3)
    expect(page.get_by_label("Message", exact=True)).to_have_value("Write a two-sentence product description of a bicycle bell.")


def test_a_key_is_asked_for_and_a_wrong_one_refused(locked, open_page):
    page = open_page("about:blank", server=locked)
    page.watch.expected += REFUSED
    page.goto("/")
    expect(asked(page)).to_be_visible()
    expect(key(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(asked(page)).to_be_visible()
    key(page).fill("not-the-key-but-as-long-as-one-0123456789")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").get_by_text("That is not the key.")).to_be_visible()
    key(page).fill("schlüssel…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").get_by_text("A key has no such signs.")).to_be_visible()
    assert KEY not in kept(page, "localStorage") + kept(page, "sessionStorage")
    key(page).fill(KEY)
    page.get_by_role("button", name="Continue").click()
    expect(asked(page)).to_have_count(0)
    page.get_by_label("Message", exact=True).fill("May I?")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer")).to_contain_text("This answer is simulated by Plenum")


def test_a_key_is_for_this_tab_unless_one_asks_for_more(locked, open_page):
    page = open_page("about:blank", server=locked)
    page.watch.expected += REFUSED
    page.goto("/")
    key(page).fill(KEY)
    page.keyboard.press("Enter")
    expect(asked(page)).to_have_count(0)
    assert KEY not in kept(page, "localStorage")
    assert KEY not in page.evaluate("document.cookie")
    assert KEY not in page.url
    page.reload()
    expect(page.locator(".seat-chips")).to_contain_text("parrot")
    expect(asked(page)).to_have_count(0)
    other = open_page("about:blank", server=locked, context=page.context)
    other.watch.expected += REFUSED
    other.goto("/")
    expect(asked(other)).to_be_visible()
    other.get_by_role("checkbox", name="Remember it in this browser").check()
    key(other).fill(KEY)
    other.keyboard.press("Enter")
    expect(asked(other)).to_have_count(0)
    third = open_page(server=locked, context=page.context)
    expect(third.locator(".seat-chips")).to_contain_text("parrot")
    expect(asked(third)).to_have_count(0)


def test_a_key_that_is_not_taken_any_more_is_asked_for_anew(locked, open_page, chromium):
    context = chromium.new_context(base_url=locked.url)
    page = open_page("/favicon.ico", server=locked, context=context)
    page.evaluate("localStorage.setItem('plenum.key', 'yesterdays-key-yesterdays-key-yesterdays')")
    page.watch.expected += REFUSED
    page.goto("/")
    expect(page.get_by_text("The key that was kept here is not taken any more.")).to_be_visible()
