"""The conversations at the page's edge, and what is done from there."""

import json
import re

import pytest
from playwright.sync_api import expect

import plenum
from conftest import PHONE, serve
from talks import bring, long_talk, talk

OFFLINE = "The server cannot be reached"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A server with conversations of several days, which no test changes."""
    server = serve(tmp_path_factory.mktemp("shelf"))
    bring(server, [
        talk("today", "Bread without kneading"), talk("week", "Trains to Lisbon", 4), talk("month", "A name for a cat", 20),
        talk("year", "Taxes", 500), talk("text", "Something else", 2, answer="The sought word is **quincunx**, of five points."),
        long_talk("long", "A long talk", [f"Answer {n}. " + "Words to fill the room. " * 30 for n in range(12)] + ["The zugzwang came late."], 3),
    ])
    yield server
    server.kill()


def drawer(page):
    return page.get_by_role("navigation", name="Conversations")


def row(page, title):
    return drawer(page).get_by_role("listitem").filter(has=page.get_by_role("link", name=re.compile(rf"^{re.escape(title)}")))


def menu(page, title, item):
    row(page, title).hover()
    row(page, title).get_by_role("button", name=f"Menu of “{title}”").click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def titles(page):
    return drawer(page).locator(".conversation-title").all_inner_texts()


def conversations(server):
    return {one["title"]: one for one in server.client().get("/v1/conversations?limit=100").json()["data"]}


def test_conversations_stand_under_their_days(shelf, open_page):
    page = open_page(server=shelf)
    expect(row(page, "Taxes")).to_be_visible()
    groups = drawer(page).locator("section").evaluate_all(
        "all => all.map((one) => [one.querySelector('h2').innerText, ...[...one.querySelectorAll('.conversation-title')].map((title) => title.innerText)])")
    names = [group[0] for group in groups]
    assert names[0] == "Today" and "Last 7 days" in names and re.fullmatch(r"\d{4}", names[-1]), names
    assert groups[0] == ["Today", "Bread without kneading"]
    assert groups[-1][1:] == ["Taxes"]


def test_a_new_chat_appears_in_the_list_and_is_opened_from_there(fresh, open_page):
    page = open_page(server=fresh)
    expect(drawer(page)).to_contain_text("Your conversations will be listed here.")
    page.get_by_label("Message", exact=True).fill("Why is the sky blue?")
    page.keyboard.press("Enter")
    expect(row(page, "Why is the sky blue?").get_by_role("link")).to_have_attribute("aria-current", "page")
    drawer(page).get_by_role("link", name="New chat").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(row(page, "Why is the sky blue?").get_by_role("link")).not_to_have_attribute("aria-current", "page")
    row(page, "Why is the sky blue?").get_by_role("link").click()
    expect(page.locator(".user-words")).to_have_text("Why is the sky blue?")


def test_search_finds_titles_and_texts_and_opens_at_the_message(shelf, open_page):
    page = open_page(server=shelf)
    search = page.get_by_label("Search in titles and texts")
    search.fill("lisb")
    hit = drawer(page).locator(".hit")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark")).to_have_text("Lisbon")
    search.fill("quincunx")
    expect(hit.locator(".hit-title")).to_have_text("Something else")
    expect(hit.locator(".hit-text mark")).to_have_text("quincunx")
    search.fill("question zugz")
    expect(drawer(page)).to_contain_text(re.compile("Nothing found|A long talk"))
    search.fill("zugzwang")
    expect(hit).to_have_count(1)
    hit.get_by_role("link").click()
    found = page.locator("chat-answer", has_text="zugzwang")
    expect(found).to_be_in_viewport()
    expect(page.locator(".user-words", has_text="Question 0")).not_to_be_in_viewport()
    # An early message of the same conversation: the page goes there as well.
    search.fill("Answer 1")
    expect(drawer(page).locator(".hit").first).to_be_visible()
    search.fill("nothing has this")
    expect(drawer(page)).to_contain_text("Nothing found.")
    page.get_by_role("button", name="Clear the search").click()
    expect(row(page, "Taxes")).to_be_visible()
    expect(search).to_be_focused()


def test_search_opens_an_early_message_of_a_long_talk(shelf, open_page):
    page = open_page(server=shelf)
    page.get_by_label("Search in titles and texts").fill("Question 3")
    hit = drawer(page).locator(".hit", has_text="A long talk")
    expect(hit.locator("mark").first).to_be_visible()
    hit.get_by_role("link").click()
    expect(page.locator(".user-words", has_text="Question 3")).to_be_in_viewport()


def test_a_title_is_written_anew_in_its_place(fresh, open_page):
    bring(fresh, [talk("one", "Old name"), talk("two", "Other")])
    page = open_page(server=fresh)
    menu(page, "Old name", "Rename")
    field = drawer(page).get_by_label("Title", exact=True)
    expect(field).to_be_focused()
    field.fill("New name")
    field.press("Enter")
    expect(row(page, "New name")).to_be_visible()
    expect(row(page, "New name").get_by_role("link")).to_be_focused()
    page.reload()
    expect(row(page, "New name")).to_be_visible()
    # Escape leaves it as it was.
    menu(page, "New name", "Rename")
    field.fill("Never")
    field.press("Escape")
    expect(row(page, "New name")).to_be_visible()
    assert set(conversations(fresh)) == {"New name", "Other"}


def test_pinned_ones_come_first_and_archived_ones_go_away(fresh, open_page):
    bring(fresh, [talk("one", "First"), talk("two", "Second", 1), talk("three", "Third", 2)])
    page = open_page(server=fresh)
    menu(page, "Third", "Pin")
    expect(drawer(page).locator("section").first.locator("h2")).to_have_text("Pinned")
    assert titles(page)[0] == "Third"
    menu(page, "Third", "Unpin")
    expect(drawer(page).get_by_role("heading", name="Pinned")).to_have_count(0)

    menu(page, "Second", "Archive")
    expect(row(page, "Second")).to_have_count(0)
    drawer(page).get_by_role("button", name="Archived", exact=True).click()
    expect(row(page, "Second")).to_be_visible()
    expect(row(page, "First")).to_have_count(0)
    menu(page, "Second", "Move back to the list")
    expect(drawer(page)).to_contain_text("Nothing is archived.")
    page.get_by_role("button", name="Back to the conversations").click()
    expect(row(page, "Second")).to_be_visible()
    # Undo says it more quickly.
    menu(page, "First", "Archive")
    expect(row(page, "First")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(row(page, "First")).to_be_visible()


def test_deleting_can_be_undone_for_a_while(fresh, open_page):
    bring(fresh, [talk("one", "Stays"), talk("two", "Goes")])
    page = open_page(server=fresh)
    row(page, "Goes").get_by_role("link").click()
    expect(page.locator("chat-answer")).to_be_visible()
    menu(page, "Goes", "Delete")
    expect(row(page, "Goes")).to_have_count(0)
    expect(page).to_have_url(fresh.url + "/")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Goes")).to_be_visible()
    expect(page).to_have_url(re.compile("/c/conv_"))
    assert "Goes" in conversations(fresh)
    # Dismissed, or the time over: then it is gone.
    menu(page, "Goes", "Delete")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".toast")).to_have_count(0)
    page.reload()
    expect(row(page, "Stays")).to_be_visible()
    assert set(conversations(fresh)) == {"Stays"}


def test_a_deletion_is_done_when_the_page_goes_before_the_time_is_over(fresh, open_page):
    bring(fresh, [talk("one", "Stays"), talk("two", "Goes")])
    page = open_page(server=fresh)
    menu(page, "Goes", "Delete")
    page.reload()
    expect(row(page, "Stays")).to_be_visible()
    expect(row(page, "Goes")).to_have_count(0)
    assert set(conversations(fresh)) == {"Stays"}


@pytest.fixture
def slow(tmp_path, simulator):
    """A server whose model takes two seconds for an answer."""
    server = serve(tmp_path, demo=False, providers=plenum.three_dialects(simulator.url, ["sim-gap30-words60"]))
    yield server
    server.kill()


def test_what_runs_and_what_is_unread_is_marked(slow, open_page):
    page = open_page(server=slow)
    page.get_by_label("Message", exact=True).fill("A long answer")
    page.keyboard.press("Enter")
    expect(row(page, "A long answer").get_by_title("Being answered")).to_be_visible()
    drawer(page).get_by_role("link", name="New chat").click()
    expect(row(page, "A long answer").get_by_title("Unread")).to_be_visible(timeout=15_000)
    row(page, "A long answer").get_by_role("link").click()
    expect(page.locator("chat-answer")).to_be_visible()
    expect(row(page, "A long answer").get_by_title("Unread")).to_have_count(0)


def test_the_list_goes_on_as_it_is_scrolled(fresh, open_page):
    bring(fresh, [talk(n, f"Talk {n:03}", n / 10) for n in range(220)])
    page = open_page(server=fresh)
    expect(row(page, "Talk 000")).to_be_visible()
    scroller = drawer(page).locator(".drawer-scroll")
    last = row(page, "Talk 219")
    for _ in range(12):
        scroller.evaluate("one => one.scrollTo(0, one.scrollHeight)")
        if last.count():
            break
        page.wait_for_load_state("networkidle")
    expect(last).to_be_visible()
    scroller.evaluate("one => one.scrollTo(0, 0)")
    expect(row(page, "Talk 000")).to_be_visible()
    # By keyboard too: End is the last of all that was read.
    row(page, "Talk 000").get_by_role("link").focus()
    page.keyboard.press("End")
    expect(row(page, "Talk 219").get_by_role("link")).to_be_focused()


def test_two_tabs_see_what_the_other_does(fresh, open_page):
    bring(fresh, [talk("one", "Shared"), talk("two", "Doomed")])
    first = open_page(server=fresh)
    second = open_page(server=fresh, context=first.context)
    expect(row(second, "Shared")).to_be_visible()
    menu(first, "Shared", "Rename")
    expect(drawer(first).get_by_label("Title", exact=True)).to_be_focused()
    first.keyboard.type("Renamed by the first")
    first.keyboard.press("Enter")
    # A tab that nobody sees draws nothing.
    second.bring_to_front()
    expect(row(second, "Renamed by the first")).to_be_visible()
    menu(second, "Doomed", "Delete")
    second.get_by_role("button", name="Dismiss").click()
    first.bring_to_front()
    expect(row(first, "Doomed")).to_have_count(0)
    first.get_by_label("Message", exact=True).fill("Asked in the first tab")
    first.keyboard.press("Enter")
    second.bring_to_front()
    expect(row(second, "Asked in the first tab")).to_be_visible()


def test_on_a_phone_it_is_a_sheet_over_the_page(shelf, open_page):
    page = open_page(server=shelf, viewport=PHONE)
    button = page.get_by_role("button", name="Show the conversations")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(drawer(page)).not_to_be_visible()
    button.click()
    sheet = page.locator("dialog.drawer-sheet")
    expect(sheet).to_be_visible()
    expect(row(page, "Taxes")).to_be_visible()
    for _ in range(25):
        page.keyboard.press("Tab")
        # Between its last and its first stop the browser's own controls are; the page behind is not.
        assert page.evaluate("document.activeElement === document.body || document.querySelector('.drawer-sheet').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(button).to_be_focused()
    button.click()
    row(page, "Taxes").get_by_role("link").click()
    expect(sheet).not_to_be_visible()
    expect(page.locator("chat-answer")).to_be_visible()
    # Beside the sheet is outside.
    page.get_by_role("button", name="Show the conversations").click()
    expect(sheet).to_be_visible()
    page.mouse.click(PHONE["width"] - 5, 300)
    expect(sheet).not_to_be_visible()


def test_on_a_phone_too_deleting_can_be_undone(fresh, open_page):
    bring(fresh, [talk("one", "Stays"), talk("two", "Goes")])
    page = open_page(server=fresh, viewport=PHONE, has_touch=True)
    page.get_by_role("button", name="Show the conversations").click()
    menu(page, "Goes", "Delete")
    expect(row(page, "Goes")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Goes")).to_be_visible()


def test_folded_away_it_stays_so(shelf, open_page):
    page = open_page(server=shelf)
    page.get_by_role("button", name="Hide the conversations").click()
    expect(row(page, "Taxes")).not_to_be_in_viewport()
    page.reload()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(row(page, "Taxes")).not_to_be_in_viewport()
    page.get_by_role("button", name="Show the conversations").click()
    expect(row(page, "Taxes")).to_be_in_viewport()
    page.keyboard.press("Control+b")
    expect(row(page, "Taxes")).not_to_be_in_viewport()


def test_it_says_when_the_server_is_gone_and_when_it_is_back(fresh, open_page):
    bring(fresh, [talk("one", "Still listed")])
    page = open_page(server=fresh)
    page.watch.expected += ["Failed to load resource", "ERR_CONNECTION_REFUSED", "net::"]
    expect(row(page, "Still listed")).to_be_visible()
    fresh.kill()
    page.get_by_label("Search in titles and texts").fill("listed")
    expect(drawer(page).get_by_text(OFFLINE)).to_be_visible()
    page.get_by_label("Search in titles and texts").fill("")
    expect(row(page, "Still listed")).to_be_visible()
    fresh.start()
    expect(drawer(page).get_by_text(OFFLINE)).to_be_hidden(timeout=15_000)


def test_the_palette_does_and_finds(shelf, open_page):
    page = open_page(server=shelf)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands and search")
    field = palette.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(palette.get_by_role("option").filter(has_text="Bread without kneading")).to_be_visible()
    page.keyboard.type("usage")
    expect(palette.get_by_role("option").first).to_have_text("Usage")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Usage", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    # Who presses Enter before the server has answered gets what was typed, not what stood there before.
    page.keyboard.type("quincunx")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer")).to_contain_text("quincunx")
    page.keyboard.press("Control+k")
    page.keyboard.type("oracle")
    expect(palette.get_by_role("option").first).to_contain_text("oracle")
    page.keyboard.press("Enter")
    expect(page.locator(".seat-chips")).to_contain_text("oracle")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(palette).to_contain_text("Nothing found.")
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)
    # Arrows move, round and round, and what is chosen is told.
    page.keyboard.press("Control+k")
    expect(palette.get_by_text("Lately")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(palette.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", palette.get_by_role("option").last.get_attribute("id"))


def test_every_shortcut_that_is_listed_works_now(shelf, open_page):
    page = open_page(server=shelf)
    page.locator("h1").click()
    page.keyboard.press("Shift+?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    for name in ["Commands and search", "New chat", "Choose models", "Search in the conversations", "Rename"]:
        expect(dialog).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+Shift+F")
    expect(page.get_by_label("Search in titles and texts")).to_be_focused()
    page.keyboard.press("Control+Shift+L")
    expect(drawer(page).locator(".conversation-link").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()


def test_the_theme_is_chosen_and_kept(shelf, open_page):
    page = open_page(server=shelf)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    drawer(page).get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemcheckbox", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.keyboard.press("Control+k")
    page.keyboard.type("theme: as the system")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_an_export_comes_in_again_elsewhere(fresh, shelf, open_page, tmp_path):
    page = open_page(server=shelf)
    drawer(page).get_by_role("button", name="Export and import").click()
    dialog = page.get_by_role("dialog", name="Export and import")
    with page.expect_download() as saving:
        dialog.get_by_role("button", name="Save all conversations").click()
    path = tmp_path / "all.json"
    saving.value.save_as(path)
    expect(dialog).to_contain_text("Saved.")
    assert len(json.loads(path.read_text())["conversations"]) == 6

    other = open_page(server=fresh)
    drawer(other).get_by_role("button", name="Export and import").click()
    dialog = other.get_by_role("dialog", name="Export and import")
    for added, unchanged in ((6, 0), (0, 6)):
        with other.expect_file_chooser() as choosing:
            dialog.get_by_role("button", name=re.compile("Choose a")).click()
        choosing.value.set_files(path)
        expect(dialog.locator("dl")).to_have_text(re.compile(rf"{added}\s*added|added\s*{added}"))
        expect(dialog.locator("dl")).to_have_text(re.compile(rf"{unchanged}\s*unchanged|unchanged\s*{unchanged}"))
    with other.expect_file_chooser() as choosing:
        dialog.get_by_role("button", name=re.compile("Choose a")).click()
    choosing.value.set_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{\"no\": 1}"})
    other.watch.expected += ["400"]
    expect(dialog.get_by_role("alert")).to_be_visible()
    other.keyboard.press("Escape")
    expect(row(other, "Trains to Lisbon")).to_be_visible()


def test_a_conversation_is_saved_as_markdown(shelf, open_page):
    page = open_page(server=shelf)
    with page.expect_download() as saving:
        menu(page, "Something else", "Save as Markdown")
    assert "**quincunx**" in open(saving.value.path()).read()


def test_an_address_that_leads_nowhere_says_so(fresh, open_page):
    page = open_page("/c/conv_01a210eb10f984219a6247949362b09a", server=fresh)
    page.watch.expected += ["404"]
    expect(page.get_by_role("heading", name="This conversation is not here")).to_be_visible()
    page.get_by_role("link", name="Begin a new one").click()
    expect(page).to_have_url(fresh.url + "/")
