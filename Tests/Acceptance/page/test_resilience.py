"""What a person sees when something breaks, or when they go away and come back: nothing is lost, nothing is doubled."""

import json
import random
import re
import time

import pytest
from playwright.sync_api import Error, expect

import plenum
from conftest import serve
from onpage import address, begin, card, cards, compare, field, kept, run_of, send, settled, shown, state, stored, words
from test_real_model import MODEL, PROGRAM, SEATS, llama

__all__ = ["llama"]

# Words of one to four bytes a letter: who counts bytes wrongly loses or doubles one.
SIGNS = ["apple", "größer", "naïve", "日本語", "🦉owl", "Ωmega", "ещё", "zebra", "한국어", "crème"]


def text_of(name, count):
    return " ".join(f"{name}{number}{SIGNS[number % len(SIGNS)]}" for number in range(count))


# Who speaks how long, and how fast: (words, milliseconds between two).
SPEAKERS = {"alpha": (110, 50), "beta": (90, 60), "gamma": (140, 40), "delta": (75, 70)}
QUICK = [{"model": "quick", "answer": "A quick answer.", "words_gap_ms": 1},
         {"model": "brisk", "answer": text_of("brisk", 40) + "\nANSWER: yes\nCONFIDENCE: 80", "words_gap_ms": 90}]
RULES = [*({"model": name, "answer": text_of(name, count), "words_gap_ms": gap} for name, (count, gap) in SPEAKERS.items()), *QUICK]
FOUR = ["chat/alpha", "claude/beta", "gem/gamma", "chat/delta"]


def providers(scripted):
    return plenum.three_dialects(scripted.url, [*SPEAKERS, "quick", "brisk"])


@pytest.fixture(scope="module")
def server(scripted, tmp_path_factory):
    running = serve(tmp_path_factory.mktemp("resilience"), demo=False, providers=providers(scripted))
    yield running
    running.kill()


@pytest.fixture
def mortal(scripted, tmp_path):
    """A server that the test may kill."""
    running = serve(tmp_path / "mortal", demo=False, providers=providers(scripted))
    yield running
    running.kill()


def drawer(page):
    return page.get_by_role("navigation", name="Conversations")


def is_over(server, run):
    return kept(server, run)["status"] not in ("queued", "in_progress")


FINAL = {seat: words(text_of(model.split("/")[1], SPEAKERS[model.split("/")[1]][0])) for seat, model in enumerate(FOUR)}


# MARK: Reloads


# Looks at what is shown with every frame: it must be the beginning of the text that will have been stored in the end, and
# only grow while the page lives. What is seen survives the reloads in the tab's own storage.
WATCHER = """(final) => {
    const seen = JSON.parse(sessionStorage.getItem("seen") ?? '{"frames": 0, "pages": 0, "wrongs": []}');
    const longest = {};
    let isNew = true;
    const look = () => {
        for (const card of document.querySelectorAll(".compare-track > .seat-card")) {
            const seat = card.dataset.key;
            const text = card.querySelector(".seat-text").textContent.split(/\\s+/).filter(Boolean).join(" ");
            if (!text) continue;
            if (isNew) seen.pages += 1;
            isNew = false;
            seen.frames += 1;
            if (!final[seat].startsWith(text)) seen.wrongs.push(`seat ${seat}: no beginning of its text: ${text.slice(-80)}`);
            if (text.length < (longest[seat] ?? 0)) seen.wrongs.push(`seat ${seat}: shorter than it was: ${text.slice(-80)}`);
            longest[seat] = text.length;
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    addEventListener("pagehide", () => sessionStorage.setItem("seen", JSON.stringify(seen)));
    window.seen = seen;
}"""


def reload(page):
    """Loads the page anew and does not wait for it."""
    try:
        page.reload(wait_until="commit")
    except Error as error:
        # The browser is between two pages: its driver cannot speak to either for a moment.
        if "Not attached to an active page" not in str(error):
            raise
        page.reload(wait_until="commit")


def test_a_hundred_reloads_at_random_moments_lose_and_double_nothing(open_page, server, report):
    chance, reloads, runs, began = random.Random(91), 0, 0, time.monotonic()
    page = open_page("/", server=server)
    # What a reload breaks off under way is no error of the page.
    page.watch.expected.append("ERR_ABORTED|Failed to fetch|NetworkError")
    page.add_init_script(f"({WATCHER})({json.dumps(FINAL)})")
    block = page.locator("compare-block")
    while reloads < 100:
        run = begin(server, kind="compare", models=FOUR, input=f"Go on for a while, {runs}")
        runs += 1
        page.goto(f"/c/{run['conversation']}", wait_until="commit")
        while reloads < 100 and not is_over(server, run["id"]):
            # Before the page has asked for anything, while it reads, while it shows words.
            if chance.random() < 0.5:
                expect(cards(block).first.locator(".seat-text")).not_to_be_empty()
            page.wait_for_timeout(chance.random() * chance.choice([20, 80, 300]))
            reload(page)
            reloads += 1
        settled(block, 4)
        expect(block).to_have_count(1)
        expect(page.locator(".user-message")).to_have_count(1)
        assert stored(server, run["id"]) == FINAL
        assert shown(block) == FINAL, f"after {reloads} reloads"
    seen = page.evaluate("window.seen")
    assert not seen["wrongs"], seen["wrongs"][:5]
    assert seen["pages"] >= 40, f"only {seen['pages']} pages lived long enough to show a word"
    report(f"{reloads} reloads of a stream of four seats in {time.monotonic() - began:.0f} s, over {runs} runs; {seen['pages']} of the pages "
           f"showed words, {seen['frames']} looks at a seat found the beginning of its text")


# MARK: Two tabs


def test_two_tabs_show_one_run_and_a_stop_in_one_shows_in_the_other(open_page, server):
    one = open_page(address(*FOUR), server=server)
    first = compare(one, "Go on for a while", 4)
    expect(one).to_have_url(re.compile("/c/conv_"))
    other = open_page(one.url, server=server, context=one.context)
    second = other.locator("compare-block")
    expect(cards(second)).to_have_count(4)
    expect(card(second, "delta").locator(".seat-text")).to_contain_text("delta5")
    expect(card(first, "delta").locator(".seat-text")).to_contain_text("delta5")
    card(first, "delta").get_by_role("button", name="Stop delta").click()
    expect(card(first, "delta")).to_have_attribute("data-state", "stopped")
    expect(card(second, "delta")).to_have_attribute("data-state", "stopped", timeout=1000)
    state(card(second, "alpha"), "streaming")
    second.get_by_role("button", name="Stop all").click()
    expect(second.get_by_role("button", name="Stop all")).to_be_hidden()
    expect(first.get_by_role("button", name="Stop all")).to_be_hidden(timeout=1000)
    assert shown(first) == shown(second) == stored(server, run_of(first))


def test_a_vote_in_one_tab_shows_in_the_other_after_a_reload(open_page, server):
    one = open_page(address("chat/quick", "claude/quick"), server=server)
    first = settled(compare(one, "Quickly", 2), 2)
    other = open_page(one.url, server=server, context=one.context)
    second = settled(other.locator("compare-block"), 2)
    first.get_by_role("button", name="Prefer this: quick #2").click()
    expect(first.locator(".vote-words")).to_have_text("You prefer quick #2.")
    other.reload()
    expect(second.locator(".vote-words")).to_have_text("You prefer quick #2.")


# MARK: The server goes away


def test_a_server_that_died_is_back_and_the_run_is_taken_up(open_page, mortal, scripted):
    page = open_page(address("chat/brisk", "claude/brisk", "gem/brisk", "chat/quick"), server=mortal)
    page.watch.expected.append("ERR_|Failed to load resource|Failed to fetch")
    mark = scripted.mark()
    block = compare(page, "Go on for a while", 4)
    # What has come is written to the disk each second.
    expect(card(block, "brisk #3").locator(".seat-text")).to_contain_text("brisk19")
    mortal.kill()
    expect(block.locator(".compare-line")).to_contain_text("Connection lost")
    before = shown(block)
    mortal.start()
    expect(block.get_by_text("The server stopped in the middle. What had come is kept.")).to_be_visible(timeout=15_000)
    expect(block.locator(".compare-line")).to_be_hidden()
    for number in (1, 2, 3):
        state(card(block, f"brisk #{number}"), "interrupted")
    state(card(block, "quick"), "done")
    after = shown(block)
    assert after == stored(mortal, run_of(block))
    for seat, text in after.items():
        assert text and (before[seat].startswith(text) or text.startswith(before[seat]))
    block.get_by_role("button", name="Resume").click()
    settled(block, 4)
    final = {**dict.fromkeys(range(3), words(QUICK[1]["answer"])), 3: QUICK[0]["answer"]}
    assert shown(block) == stored(mortal, run_of(block)) == final
    # Who had answered is not asked again.
    assert [call["model"] for call in scripted.calls(after=mark)].count("quick") == 1
    page.reload()
    settled(block, 4)
    assert shown(block) == final


def test_a_chat_whose_server_died_keeps_its_words_and_is_asked_again(open_page, mortal):
    page = open_page("/?model=chat/brisk", server=mortal)
    page.watch.expected.append("ERR_|Failed to load resource|Failed to fetch")
    send(page, "Go on for a while")
    answer = page.locator("chat-answer")
    expect(answer.locator(".answer-body")).to_contain_text("brisk19")
    mortal.kill()
    expect(answer).to_contain_text("Connection lost")
    mortal.start()
    expect(answer).to_contain_text("The server was stopped in the middle", timeout=15_000)
    expect(answer.locator(".answer-body")).to_contain_text("brisk2")
    expect(answer).not_to_contain_text("Connection lost")
    answer.get_by_role("button", name="Try again").click()
    expect(page.locator("chat-answer .answer-body")).to_contain_text("brisk39", timeout=15_000)


def test_a_debate_whose_server_died_is_resumed_from_where_it_was(open_page, mortal):
    page = open_page(address("chat/brisk", "claude/brisk", "gem/quick"), server=mortal)
    page.watch.expected.append("ERR_|Failed to load resource|Failed to fetch")
    page.get_by_role("radio", name="Debate").click()
    send(page, "Shall we?")
    block = page.locator("debate-block")
    cells = block.locator(".cell")
    expect(cells.first).to_contain_text("brisk19")
    mortal.kill()
    badge = block.locator(".debate-name .badge")
    expect(badge).to_have_text("Connection lost, trying again")
    mortal.start()
    expect(badge).to_have_text("Interrupted", timeout=15_000)
    expect(cells.first).to_contain_text("brisk2")
    expect(cells.nth(2)).to_contain_text("A quick answer.")
    block.get_by_role("button", name="Resume").click()
    expect(badge).to_have_text("Finished", timeout=15_000)
    expect(block.locator(".outcome-words")).to_have_text("yes")
    expect(cells.first.locator(".turn-text")).to_contain_text("brisk39")
    run = kept(mortal, run_of(block))
    # What was finished is not made again.
    assert len([turn for turn in run["turns"] if turn["seat"] == 2]) == 1


# MARK: Going away and coming back


def test_a_run_goes_on_while_another_place_is_looked_at(open_page, server):
    page = open_page(address("chat/delta", "claude/beta"), server=server)
    block = compare(page, "A story to leave", 2)
    expect(card(block, "delta").locator(".seat-text")).to_contain_text("delta3")
    run, place = run_of(block), page.url
    drawer(page).get_by_role("link", name="New chat").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.locator("compare-block")).to_have_count(0)
    drawer(page).get_by_role("link", name=re.compile("A story to leave")).first.click()
    expect(page).to_have_url(place)
    expect(page.locator("compare-block")).to_have_count(1)
    state(card(block, "delta"), "streaming")
    block.get_by_role("button", name="Stop all").click()
    state(card(block, "delta"), "stopped")
    state(card(block, "beta"), "stopped")
    assert shown(block) == stored(server, run)


def test_two_conversations_run_at_once_and_are_gone_between(open_page, server):
    page = open_page(address("chat/delta", "claude/delta"), server=server)
    first = compare(page, "The first story", 2)
    first_run = run_of(first)
    drawer(page).get_by_role("link", name="New chat").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    block = compare(page, "The second story", 2)
    second_run = run_of(block)
    assert first_run != second_run
    for name, run in [("The first story", first_run), ("The second story", second_run), ("The first story", first_run)]:
        drawer(page).get_by_role("link", name=re.compile(name)).first.click()
        expect(page.locator("h1")).to_have_text(name)
        expect(block).to_have_attribute("data-run", run)
        expect(block).to_have_count(1)
        state(cards(block).first, "streaming")
    settled(block, 2)
    assert shown(block) == stored(server, first_run)
    page.go_back()
    expect(page.locator("h1")).to_have_text("The second story")
    settled(block, 2)
    assert shown(block) == stored(server, second_run)


def test_a_run_that_another_program_began_is_shown_and_followed(open_page, server):
    run = begin(server, kind="compare", models=FOUR, input="Begun elsewhere")
    page = open_page(f"/c/{run['conversation']}", server=server)
    block = page.locator("compare-block")
    state(card(block, "alpha"), "streaming")
    expect(page.locator(".user-message")).to_contain_text("Begun elsewhere")
    block.get_by_role("button", name="Stop all").click()
    for one in cards(block).all():
        expect(one).to_have_attribute("data-state", re.compile("stopped|done"))
    assert shown(block) == stored(server, run["id"])


def test_two_presses_of_enter_send_once(open_page, server):
    page = open_page(address("chat/quick", "claude/quick"), server=server)
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" and request.url.endswith("/v1/runs") else None)
    field(page).fill("Only once")
    field(page).evaluate("""(field) => {
        for (let press = 0; press < 2; press++) {
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        }
    }""")
    field(page).press("Enter")
    settled(page.locator("compare-block"), 2)
    field(page).press("Enter")
    expect(page.locator(".user-message")).to_have_count(1)
    assert len(posts) == 1
    assert posts[0].headers["idempotency-key"]
    with server.client() as client:
        conversation = re.search("conv_[0-9a-f]+", page.url)[0]
        assert len(client.get(f"/v1/runs?conversation={conversation}").json()["data"]) == 1


def test_a_message_that_is_sent_before_the_models_are_known_is_sent(open_page, server):
    page = open_page("/usage", server=server)
    held = []
    page.route("**/v1/models", lambda route: held.append(route))
    with page.expect_request("**/v1/models"):
        page.goto(address("chat/quick", "claude/quick"))
    send(page, "Early")
    expect(page.get_by_role("form", name="New message")).to_have_attribute("aria-busy", "true")
    for route in held:
        route.continue_()
    settled(page.locator("compare-block"), 2)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_debate_that_is_started_before_its_form_has_come_is_started(open_page, server):
    page = open_page(address("chat/quick", "claude/quick"), server=server)
    held = []
    page.route("**/debate-setup.js*", lambda route: held.append(route))
    with page.expect_request("**/debate-setup.js*"):
        page.get_by_role("radio", name="Debate").click()
    send(page, "Shall we?")
    expect(page.get_by_role("form", name="New message")).to_have_attribute("aria-busy", "true")
    for route in held:
        route.continue_()
    expect(page.locator("debate-block .debate-title")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_message_that_could_not_be_sent_stays_in_its_field(open_page, mortal):
    page = open_page(address("chat/quick", "claude/quick"), server=mortal)
    page.watch.expected.append("ERR_|Failed to load resource|Failed to fetch")
    expect(page.locator(".seat-chips")).to_contain_text("quick")
    mortal.kill()
    send(page, "Is anybody there?")
    expect(page.get_by_role("alert").filter(has_text="Not sent")).to_contain_text("The server cannot be reached.")
    expect(field(page)).to_have_value("Is anybody there?")
    mortal.start()
    field(page).press("Enter")
    settled(page.locator("compare-block"), 2)
    expect(field(page)).to_have_value("")


# MARK: A real model


@pytest.mark.skipif(not (PROGRAM and MODEL), reason="set PLENUM_LLAMA_SERVER and PLENUM_GGUF to ask a real model through the page")
def test_a_real_model_chats_and_sits_in_two_seats(open_page, llama, tmp_path, report):
    free = {"input": "0", "output": "0"}
    gemma = [{"id": "gemma", "scripted": "default", "price": free}]
    running = serve(tmp_path / "real", demo=False, providers={"providers": [
        plenum.provider("openai-door", "chat", llama, gemma), plenum.provider("anthropic-door", "claude", llama, gemma)]})
    try:
        page = open_page("/?model=" + SEATS[0], server=running)
        page.get_by_role("button", name="Settings of this chat").click()
        page.get_by_label("Longest answer").fill("60")
        page.get_by_role("button", name="Done").click()
        send(page, "Name three colours.")
        answer = page.locator("chat-answer")
        expect(answer.locator(".answer-footer")).to_contain_text("tok/s", timeout=120_000)
        expect(answer.locator(".answer-body")).to_contain_text(re.compile(r"\w{3,}"))
        page.get_by_role("radio", name="Compare").click()
        expect(page.locator(".seat-chip")).to_have_count(2)
        block = compare(page, "Which of them is the warmest?", 2)
        for one in cards(block).all():
            expect(one).to_have_attribute("data-state", re.compile("done|cut"), timeout=120_000)
            expect(one.locator(".seat-text")).to_contain_text(re.compile(r"\w{3,}"))
            expect(one.locator(".answer-footer")).to_contain_text(re.compile(r"\d+ in.*\d+ out"))
        before = shown(block)
        page.reload()
        expect(cards(block)).to_have_count(2)
        expect(cards(block).first.locator(".seat-text")).not_to_be_empty()
        assert shown(block) == before
        report(f"real model through the page: {sum(map(len, before.values()))} characters in two seats")
    finally:
        running.kill()
