"""Everything by keyboard alone: no pointer is used in here, and wherever the focus comes it is to be seen."""

import re

import pytest
from playwright.sync_api import expect

import plenum
from conftest import serve
from plenum import wait_until


@pytest.fixture(scope="module")
def quick(tmp_path_factory, simulator):
    server = serve(tmp_path_factory.mktemp("quick"), demo=True)
    yield server
    server.kill()


# What has the focus: its name as assistive technology says it, and whether one sees that it has it.
FOCUSED = """() => {
    let one = document.activeElement;
    const label = one.getAttribute('aria-label')
        ?? [...(one.getAttribute('aria-labelledby') ?? '').split(' ')].map((id) => document.getElementById(id)?.textContent).filter(Boolean).join(' ');
    const name = (label || (one.labels?.length ? [...one.labels].map((label) => label.textContent).join(' ') : one.textContent) || one.placeholder || '').trim();
    // A field may show it by its frame, a hidden radio button by its label.
    const shows = (element) => {
        if (!element) return false;
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    };
    const frame = one.closest('.palette-field, .composer-box, .protocol-card, label');
    return { tag: one.tagName, name, role: one.getAttribute('role'), isSeen: shows(one) || shows(frame) || (one.closest('.palette-field') !== null) };
}"""


class Keys:
    """A person who has a keyboard and nothing else."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    @property
    def focused(self):
        return self.page.evaluate(FOCUSED)

    def are_at(self, name):
        """Waits until something of that name has the focus: a menu gives it back when it has gone."""
        wait_until(lambda: re.search(name, self.focused["name"]), what=f"the focus on {name}, which is on {self.focused},")

    def to(self, name, key="Tab", most=80):
        """Goes on with a key until something of that name has the focus; each stop on the way is to be seen."""
        passed = []
        for _ in range(most):
            now = self.focused
            if now["tag"] != "BODY":
                assert now["isSeen"], f"nobody sees that {now} has the focus"
                if re.search(name, now["name"]):
                    return now
            passed.append(now["name"][:30])
            self.press(key)
        raise AssertionError(f"{name!r} is not reached by {key}: {passed}")


@pytest.fixture
def keys(quick, open_page):
    page = open_page("/?models=simulated/oracle,simulated/sphinx", server=quick)
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    return Keys(page)


def ended(server, kind):
    """The last run of a kind, once it has ended."""
    def look():
        runs = [run for run in server.client().get("/v1/runs?limit=20").json()["data"] if run["kind"] == kind]
        return runs and runs[0]["status"] not in ("in_progress", "queued") and runs[0]
    return wait_until(look, limit=30, every=0.05, what=f"the end of a {kind}")


def test_a_chat_from_the_first_word_to_its_deletion(quick, open_page):
    page = open_page(server=quick)
    keys = Keys(page)
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    keys.press("Control+l")
    expect(page.get_by_role("searchbox", name="Search models")).to_be_focused()
    keys.type("oracle")
    keys.press("Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    keys.type("Begun by keyboard")
    keys.press("Enter")
    expect(page.locator("chat-answer .answer[aria-busy=false]")).to_contain_text("simulated by Plenum")
    # Its actions.
    keys.press("Alt+ArrowUp")
    keys.to("^More$")
    keys.press("Enter")
    keys.to("Copy the chat up to here", "ArrowDown")
    keys.press("Escape")
    keys.are_at("^More$")
    # Renamed in the list.
    keys.press("Control+Shift+L")
    expect(page.locator(".conversation-link").first).to_be_focused()
    keys.to("Begun by keyboard", "ArrowDown")
    keys.press("F2")
    keys.type("Named by keyboard")
    keys.press("Enter")
    expect(page.locator(".conversation-link:focus")).to_have_text(re.compile("^Named by keyboard"))
    expect(page.locator("h1")).to_have_text("Named by keyboard")
    # Its menu.
    keys.press("Tab")
    assert "Menu of" in keys.to("Menu of")["name"]
    keys.press("Enter")
    keys.to("^Pin", "ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Pinned")).to_be_visible()
    # Deleted, undone, deleted.
    # Where the list is drawn anew in that very moment it takes a second press.
    wait_until(lambda: (keys.press("Control+Shift+L"), page.locator(".conversation-link:focus").count())[1], every=0.2,
               what="the focus in the list")
    keys.to("Named by keyboard", "ArrowDown")
    keys.press("Delete")
    expect(page.locator(".conversation-title", has_text="Named by keyboard")).to_have_count(0)
    keys.to("^Undo$", most=150)
    keys.press("Enter")
    expect(page.locator(".conversation-title", has_text="Named by keyboard")).to_have_count(1)
    keys.press("Control+Shift+L")
    keys.to("Named by keyboard", "ArrowDown")
    keys.press("Delete")
    keys.to("^Dismiss$", most=150)
    keys.press("Enter")
    wait_until(lambda: "Named by keyboard" not in quick.client().get("/v1/conversations").text, what="the deletion")


def test_a_compare_is_asked_read_and_judged(quick, keys):
    page = keys.page
    keys.type("Who is the wiser one?")
    keys.press("Enter")
    ended(quick, "compare")
    keys.to("^Prefer this: sphinx", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_text("You prefer sphinx.")).to_be_visible()
    keys.are_at("^Preferred: sphinx")
    keys.to("^Say why$")
    keys.press("Enter")
    keys.type("It asked back.")
    keys.press("Enter")
    expect(page.locator(".vote-reason")).to_have_text("It asked back.")
    # Between the seats, and their menus.
    keys.to("^Actions for oracle", "Shift+Tab")
    keys.press("Enter")
    assert keys.focused["role"].startswith("menuitem")
    keys.press("Escape")
    keys.are_at("^Actions for oracle$")
    # Put together, and closed again.
    keys.to("^Put together", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.are_at("^Put together")


def test_a_debate_is_set_up_begun_and_read(quick, keys):
    page = keys.page
    keys.to("^Compare$", "Shift+Tab")
    keys.press("ArrowRight")
    assert keys.focused["name"] == "Debate"
    # The ways to debate are radio buttons: one stop, arrows between them.
    keys.to("^(Vote|Answer and revise|Sides|Council|Talk|Fusion)")
    for _ in range(6):
        if keys.focused["name"].startswith("Vote"):
            break
        keys.press("ArrowDown")
    assert keys.focused["name"].startswith("Vote") and keys.focused["isSeen"]
    keys.to("^Message$")
    keys.type("Is a tomato a fruit?")
    keys.to("^Start")
    keys.press("Enter")
    expect(page.locator("debate-block")).to_be_visible()
    ended(quick, "debate")
    keys.to("^More about this debate$", "Shift+Tab")
    keys.press("Enter")
    keys.to("Attempts and cost", "ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.are_at("^More about this debate$")


@pytest.mark.parametrize("opener,dialog", [
    ("Settings of this chat", "Settings of this chat"), ("Keyboard shortcuts", "Keyboard shortcuts"), ("Export and import", "Export and import"),
    ("choose another model", "Choose who takes part"), ("^Theme$", None),
])
def test_escape_closes_what_is_open_and_the_focus_goes_back(keys, opener, dialog):
    where = keys.to(opener, "Shift+Tab")
    keys.press("Enter")
    what = keys.page.get_by_role("dialog", name=dialog) if dialog else keys.page.get_by_role("menu")
    expect(what).to_be_visible()
    for _ in range(30 if dialog else 0):
        keys.press("Tab")
        now = keys.focused
        assert now["tag"] in ("BODY", "DIALOG") or now["isSeen"], f"nobody sees that {now} has the focus"
        assert keys.page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null"), now
    keys.press("Escape")
    expect(what).to_have_count(0)
    # What chooses models gives the focus to the field that the message is written in.
    keys.are_at(f"^({re.escape(where['name'])}|Message)$")


def test_reports_are_reached_and_left(quick, keys):
    page = keys.page
    keys.press("Control+k")
    keys.type("my pref")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="My preferences", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="My preferences", exact=True)).to_be_visible()
    keys.press("Tab")
    assert keys.focused["name"] == "Skip to the figures"
    keys.to("^Usage$")
    keys.press("Enter")
    keys.to("^Day$|^30 days$")
    keys.press("Control+Shift+O")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()


SAID = """() => {
    window.said = [];
    const line = document.querySelector('[role=status]#status');
    new MutationObserver(() => line.textContent && said.push(line.textContent)).observe(line, { childList: true, characterData: true, subtree: true });
}"""


def test_each_boundary_is_said_once_and_never_the_words_of_an_answer(quick, open_page):
    page = open_page("/?models=simulated/oracle,simulated/sphinx", server=quick)
    expect(page.locator(".seat-chip")).to_have_count(2)
    page.evaluate(SAID)
    live = page.evaluate("[...document.querySelectorAll('[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]')].map((one) => one.id)")
    assert live.count("status") == 1
    page.keyboard.type("What is said?")
    page.keyboard.press("Enter")
    ended(quick, "compare")
    expect(page.get_by_role("button", name="Prefer this: oracle")).to_be_visible()
    said = page.evaluate("said")
    assert said, "nothing was said of a compare that has begun and ended"
    assert len(said) == len(set(said)), f"said twice: {said}"
    assert all(len(one) < 120 for one in said), said
    assert not any("simulated by Plenum" in one for one in said), said
    page.get_by_role("button", name="Prefer this: oracle").press("Enter")
    expect(page.get_by_text("You prefer oracle.")).to_be_visible()
    wait_until(lambda: "You prefer oracle" in page.evaluate("said"), what="the word on the verdict")
    assert page.evaluate("said").count("You prefer oracle") == 1
    # Nothing that streams stands in a live region.
    assert page.evaluate("[...document.querySelectorAll('.seat-text, .answer-body, .turn-text')].every((one) => !one.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]'))")


def test_a_chat_says_that_an_answer_began_and_ended(quick, open_page):
    page = open_page(server=quick)
    page.evaluate(SAID)
    page.keyboard.type("Say it once")
    page.keyboard.press("Enter")
    expect(page.locator("chat-answer .answer[aria-busy=false]")).to_contain_text("simulated by Plenum")
    said = page.evaluate("said")
    assert said and len(said) == len(set(said)) and len(said) <= 3, said
