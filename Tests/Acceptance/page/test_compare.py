"""One prompt to several models side by side, as a person sees it."""

import re

import pytest
from playwright.sync_api import expect

import plenum
from conftest import PHONE, serve
from onpage import act, address, card, cards, compare, kept, pick, run_of, send, settled, shown, state, stored, text_of
from plenum import wait_until

ANN, BOB, CID = "chat/ann", "claude/bob", "gem/cid"
SLOW, SLOWER = "chat/sim-gap60-words60", "gem/sim-gap70-words70"
POINTS = '{"points": [{"text": "A bell is loud.", "responses": ["A"]}, {"text": "A bell is small.", "responses": ["B"]}, {"text": "A bell is round.", "responses": ["A", "B"]}]}'
TABLE = "| Response | Clear | Total |\n|---|---|---|\n| A | 71 | 142 |\n| B | 65 | 131 |\n\nResponse A is clearer.\nBEST: A"
# What is answered to what; the first rule that fits counts.
RULES = [
    {"contains": "List the three to nine points", "answer": POINTS},
    {"contains": "These points the person has picked", "answer": "A small bell, written from what was picked."},
    {"contains": "BEST: <the letter", "answer": TABLE},
    {"contains": "Write the best answer to the question", "answer": "One answer, made of what was right in both."},
    {"contains": "Make a rhyme of them", "answer": "A bell, all is well."},
    {"model": "ann", "answer": "A first answer: **bells** ring.", "words_gap_ms": 5},
    {"model": "bob", "answer": "A second answer: horns are louder.", "words_gap_ms": 5},
    {"model": "cid", "answer": "A third answer: whistle.", "words_gap_ms": 5},
    {"model": "twin", "answer": ["What it said to the one seat.", "What it said to the other seat."], "words_gap_ms": 5},
    {"model": "zora", "answer": "Something calm and long enough to be read while it comes.", "words_gap_ms": 40},
    {"model": "yves", "answer": "Something bold and long enough to be read while it comes.", "words_gap_ms": 40},
]
FAILING = [f"sim-quota-fail1-words5-gap{number}" for number in (1, 2)]
MODELS = ["ann", "bob", "cid", "twin", "zora", "yves", SLOW.split("/")[1], SLOWER.split("/")[1], "sim-error500-after6-words40", *FAILING]


@pytest.fixture(scope="module")
def server(scripted, tmp_path_factory):
    running = serve(tmp_path_factory.mktemp("compare"), demo=False, providers=plenum.three_dialects(scripted.url, MODELS))
    yield running
    running.kill()


@pytest.fixture
def seated(open_page, server):
    """seated(*models): the page of a new chat with these seats."""
    return lambda *models, **options: open_page(address(*models), server=server, **options)


@pytest.fixture
def three(seated):
    """A finished compare of three."""
    return settled(compare(seated(ANN, BOB, CID), "What rings best?", 3), 3)


@pytest.fixture
def two(seated):
    """A finished compare of two."""
    return settled(compare(seated(ANN, BOB), "What rings best?", 2), 2)


def prompts(scripted, mark, question):
    """What each model was told when it was asked a question, by model."""
    found = {}
    for call in scripted.calls(after=mark):
        text = str(call["body"])
        if question in text:
            found[call["model"]] = text
    return found


# MARK: Seats


def test_seats_stand_side_by_side_and_are_there_after_a_reload(three):
    page = three.page
    boxes = [one.bounding_box() for one in cards(three).all()]
    assert len({round(box["y"]) for box in boxes}) == 1, "they do not stand in one row"
    assert all(left["x"] + left["width"] <= right["x"] for left, right in zip(boxes, boxes[1:]))
    expect(three.locator(".compare-progress")).to_contain_text("3 of 3 done")
    expect(card(three, "ann").locator("strong")).to_have_text("bells")
    for one in cards(three).all():
        expect(one.locator(".answer-footer")).to_contain_text(re.compile(r"\d+ in.*\d+ out.*\$0\.0.*first"))
    before = [one.inner_text() for one in cards(three).all()]
    page.reload()
    block = settled(page.locator("compare-block"), 3)
    expect(page.locator("compare-block")).to_have_count(1)
    assert [one.inner_text() for one in cards(block).all()] == before


def test_the_header_counts_all_seats(three, server):
    seats = kept(server, run_of(three))["seats"]
    tokens = sum(seat["usage"]["total_tokens"] for seat in seats)
    cost = sum(float(seat["cost"]) for seat in seats)
    assert cost > 0
    expect(three.page.locator(".thread-totals")).to_have_text(re.compile(rf"{tokens} tokens · \$\d"))


def test_the_composer_says_what_the_next_message_will_cost(seated):
    page = seated(ANN, BOB, CID)
    page.get_by_label("Message", exact=True).fill("What rings best?")
    expect(page.locator(".composer-price")).to_have_text(re.compile(r"about \$0\.\d+"))
    expect(page.locator(".composer-price")).to_have_attribute("title", re.compile(r"At most \$\d"))


def test_the_same_model_in_two_seats_answers_twice(seated, server):
    page = seated("chat/twin", "chat/ann")
    page.get_by_role("button", name="Seat chat/twin once more").click()
    block = settled(compare(page, "Say something", 3), 3)
    one, other = text_of(card(block, "twin #1")), text_of(card(block, "twin #2"))
    assert {one, other} == {"What it said to the one seat.", "What it said to the other seat."}
    told = stored(server, run_of(block))
    assert {told[0], told[1]} == {one, other}
    page.reload()
    settled(block, 3)
    assert [text_of(card(block, name)) for name in ("twin #1", "twin #2")] == [one, other]


def test_one_seat_fails_and_is_asked_again_while_others_stream(seated, server):
    failing = FAILING[0]
    block = compare(seated(SLOW, f"claude/{failing}", SLOWER), "Go on for a while", 3)
    lost = state(card(block, failing), "failed")
    expect(lost).to_contain_text("The account at the provider is used up")
    others = [card(block, model.split("/")[1]) for model in (SLOW, SLOWER)]
    for one in others:
        state(one, "streaming")
    lost.get_by_role("button", name="Retry", exact=True).click()
    state(lost, "done")
    expect(lost.locator(".error-card")).to_have_count(0)
    expect(lost.locator(".seat-text")).to_have_text("word1 word2 word3 word4 word5")
    for one in others:
        assert one.get_attribute("data-state") == "streaming", "the retry took longer than the others' answers"
    block.get_by_role("button", name="Stop all").click()
    for one in others:
        state(one, "stopped")
    assert shown(block) == stored(server, run_of(block))


def test_what_broke_off_keeps_its_words_beside_whole_answers(seated):
    block = compare(seated("chat/sim-error500-after6-words40", ANN), "Begin and break off", 2)
    broken = state(card(block, "sim-error500-after6-words40"), "failed")
    expect(broken.locator(".seat-text")).to_contain_text("word1 word2")
    expect(broken.locator(".error-card")).to_be_visible()
    state(card(block, "ann"), "done")


def test_the_key_that_closes_a_menu_does_not_stop_the_answers(seated):
    block = compare(seated(SLOW, ANN), "Go on for a while", 2)
    slow = card(block, SLOW.split("/")[1])
    expect(slow.locator(".seat-text")).to_contain_text("word1")
    button = card(block, "ann").get_by_role("button", name="Actions for ann")
    button.click()
    menu = block.page.get_by_role("menu")
    expect(menu).to_be_visible()
    block.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()
    assert slow.get_attribute("data-state") == "streaming"
    block.page.keyboard.press("Escape")
    state(slow, "stopped")


def test_one_seat_is_stopped_and_then_all(seated, server):
    block = compare(seated(SLOW, SLOWER, ANN), "Go on for a while", 3)
    slow, slower = card(block, SLOW.split("/")[1]), card(block, SLOWER.split("/")[1])
    expect(slow.locator(".seat-text")).to_contain_text("word3")
    expect(slower.locator(".seat-text")).to_contain_text("word1")
    slow.get_by_role("button", name=re.compile("^Stop ")).click()
    expect(state(slow, "stopped")).to_contain_text("Stopped. What had come is kept.")
    assert slower.get_attribute("data-state") == "streaming"
    block.get_by_role("button", name="Stop all").click()
    state(slower, "stopped")
    state(card(block, "ann"), "done")
    expect(block.get_by_role("button", name="Stop all")).to_be_hidden()
    before = shown(block)
    assert "word3" in before[0] and "word60" not in before[0]
    assert {0: before[0], 1: before[1]}.items() <= stored(server, run_of(block)).items()
    block.page.reload()
    expect(slow).to_have_attribute("data-state", "stopped")
    assert shown(block) == before


def test_a_model_is_replaced_in_its_seat(two, server):
    others = text_of(card(two, "bob"))
    act(two, card(two, "ann"), "Answer with another model…")
    pick(two.page, CID)
    expect(state(card(two, "cid"), "done").locator(".seat-text")).to_have_text("A third answer: whistle.")
    assert text_of(card(two, "bob")) == others
    expect(cards(two)).to_have_count(2)
    two.page.reload()
    expect(card(two, "cid").locator(".seat-text")).to_have_text("A third answer: whistle.")
    assert [seat["model"] for seat in kept(server, run_of(two))["seats"]] == [CID, BOB]


def test_a_seat_is_removed_and_comes_back(three):
    page = three.page
    act(three, card(three, "bob"), "Remove")
    expect(cards(three)).to_have_count(2)
    expect(card(three, "bob")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(cards(three)).to_have_count(3)
    act(three, card(three, "bob"), "Remove")
    expect(cards(three)).to_have_count(2)
    page.reload()
    expect(cards(three)).to_have_count(2)
    three.get_by_role("button", name="1 removed answer: show").click()
    expect(card(three, "bob")).to_contain_text("A second answer: horns are louder.")


def test_a_seat_that_is_removed_while_it_writes_is_stopped(seated, server):
    block = compare(seated(SLOW, ANN), "Go on for a while", 2)
    expect(card(block, SLOW.split("/")[1]).locator(".seat-text")).to_contain_text("word2")
    act(block, card(block, SLOW.split("/")[1]), "Remove")
    expect(cards(block)).to_have_count(1)
    wait_until(lambda: kept(server, run_of(block))["status"] == "completed" or kept(server, run_of(block))["status"] == "incomplete", what="the end of the run")
    assert "word60" not in stored(server, run_of(block))[0]


def test_another_model_is_added(two):
    two.get_by_role("button", name="Add a model").click()
    pick(two.page, CID)
    two.page.get_by_role("button", name="Ask this model").click()
    expect(state(card(two, "cid"), "done").locator(".seat-text")).to_have_text("A third answer: whistle.")
    expect(cards(two)).to_have_count(3)
    expect(two.locator(".compare-progress")).to_contain_text("3 of 3 done")
    two.page.reload()
    settled(two, 3)


def test_an_answer_is_given_again_in_its_seat(seated, server):
    block = settled(compare(seated("claude/twin", ANN), "Once more", 2), 2)
    before = text_of(cards(block).first)
    act(block, cards(block).first, "Answer again")
    # It says so of the first answer too: only the server knows that there was another.
    wait_until(lambda: len(kept(server, run_of(block))["seats"][0]["attempts"]) == 2, what="a second attempt")
    expect(block.locator(".compare-progress")).to_contain_text("2 of 2 done")
    state(cards(block).first, "done")
    expect(cards(block).first.locator(".seat-text")).to_have_text("What it said to the other seat.")
    assert before.startswith("What it said")
    act(block, cards(block).first, "Attempts and cost")
    expect(block.page.get_by_role("dialog").locator(".attempt")).to_have_count(2)


# MARK: Verdicts


def test_a_preference_is_kept_and_the_conversation_goes_on_from_it(three, server):
    page = three.page
    card(three, "bob").get_by_role("button", name="Prefer this: bob").click()
    expect(card(three, "bob")).to_have_class(re.compile("is-winner"))
    expect(three.locator(".vote-words")).to_have_text("You prefer bob.")
    run = kept(server, run_of(three))
    assert {key: run["preference"][key] for key in ("kind", "seat")} == {"kind": "prefer", "seat": 1}
    conversation = server.client().get(f"/v1/conversations/{run['conversation']}").json()
    assert conversation["leaf"] == run["seats"][1]["message"]["id"]
    page.reload()
    expect(three.locator(".vote-words")).to_have_text("You prefer bob.")
    expect(card(three, "bob").get_by_role("button", name="Continues here: bob")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("button, kind, words", [("Tie", "tie", "You called it a tie."), ("All bad", "all_bad", "You found none of them good.")])
def test_none_is_preferred(two, server, button, kind, words):
    two.get_by_role("button", name=button, exact=True).click()
    expect(two.locator(".vote-words")).to_have_text(words)
    assert kept(server, run_of(two))["preference"]["kind"] == kind
    two.page.reload()
    expect(two.locator(".vote-words")).to_have_text(words)
    expect(two.get_by_role("button", name=button, exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_verdict_has_a_reason_and_may_change(two, server):
    two.get_by_role("button", name="Prefer this: ann").click()
    two.get_by_role("button", name="Say why").click()
    two.get_by_label("Why").fill("It rings.")
    two.get_by_role("button", name="Keep").click()
    expect(two.locator(".vote-reason")).to_have_text("It rings.")
    assert kept(server, run_of(two))["preference"]["reason"] == "It rings."
    two.get_by_role("button", name="Prefer this: bob").click()
    expect(two.locator(".vote-words")).to_have_text("You prefer bob.")
    assert kept(server, run_of(two))["preference"]["seat"] == 1


# Everything on the page but the seats that were chosen for the next message: texts, attributes, fields, what is hidden.
PAGE = """() => {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelector("form.composer")?.remove();
    return copy.outerHTML + [...document.querySelectorAll("input, textarea")].map((field) => field.value) + document.title;
}"""


def test_a_blind_compare_names_nobody_until_the_vote(seated, server):
    page = seated("chat/zora", "claude/yves")
    page.get_by_role("button", name="Blind").click()
    block = compare(page, "Say something", 2)
    first = cards(block).first
    expect(first.locator(".seat-text")).to_contain_text("Something")
    names = re.compile("zora|yves", re.IGNORECASE)
    assert not names.search(page.evaluate(PAGE)), "a name was shown while they wrote"
    settled(block, 2)
    expect(block.locator(".vote-words")).to_contain_text("Names are shown once you have said.")
    assert [name.inner_text() for name in block.locator(".seat-name").all()] == ["Answer A", "Answer B"]
    assert not names.search(page.evaluate(PAGE)), "a name was shown when they had answered"
    first.get_by_role("button", name=re.compile("^Actions for")).click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert not names.search(page.evaluate(PAGE)), "a name was shown by the menu"
    page.keyboard.press("Escape")
    page.reload()
    settled(block, 2)
    assert not names.search(page.evaluate(PAGE)), "a name was shown after the reload"
    block.get_by_role("button", name="Prefer this: Answer B").click()
    expect(block.locator(".seat-name")).to_have_text([re.compile("zora|yves")] * 2)
    expect(cards(block).nth(1)).to_contain_text("was answer B")
    run = kept(server, run_of(block))
    assert [name.inner_text() for name in block.locator(".seat-name").all()] == [seat["model"].split("/")[1] for seat in run["seats"]]
    assert run["preference"]["seat"] == 1 and run["preference"]["blind"] is True
    expect(cards(block).first.locator(".answer-footer")).to_contain_text("$")


# MARK: Going on


def test_all_go_on_from_the_preferred_answer(two, scripted):
    page = two.page
    two.get_by_role("button", name="Prefer this: bob").click()
    expect(two.locator(".vote-words")).to_have_text("You prefer bob.")
    mark = scripted.mark()
    expect(page.get_by_label("What they go on from")).to_have_value("preferred")
    settled(compare(page, "And at sea?", 2), 2)
    asked = prompts(scripted, mark, "And at sea?")
    assert set(asked) == {"ann", "bob"}
    for text in asked.values():
        assert "horns are louder" in text and "**bells** ring" not in text
    expect(page.locator("compare-block")).to_have_count(2)


def test_each_goes_on_from_its_own_answer(two, scripted):
    page = two.page
    mark = scripted.mark()
    page.get_by_label("What they go on from").select_option("own_thread")
    settled(compare(page, "And at sea?", 2), 2)
    asked = prompts(scripted, mark, "And at sea?")
    assert "**bells** ring" in asked["ann"] and "horns" not in asked["ann"]
    assert "horns are louder" in asked["bob"] and "bells" not in asked["bob"]


def test_a_chat_goes_on_from_another_answer(three, scripted):
    page = three.page
    three.get_by_role("button", name="Prefer this: ann").click()
    expect(three.locator(".vote-words")).to_have_text("You prefer ann.")
    three.get_by_role("button", name="Continue: cid").click()
    expect(three.get_by_role("button", name="Continues here: cid")).to_be_visible()
    expect(three.locator(".vote-words")).to_have_text("You prefer ann.")
    mark = scripted.mark()
    page.get_by_role("radio", name="Ask one").click()
    send(page, "How so?")
    expect(page.locator("chat-answer .answer-footer span")).not_to_have_count(0)
    asked = prompts(scripted, mark, "How so?")
    assert len(asked) == 1
    assert "whistle" in str(asked) and "horns" not in str(asked) and "bells" not in str(asked)
    page.reload()
    expect(page.locator("chat-answer")).to_have_count(1)
    expect(three.get_by_role("button", name="Continues here: cid")).to_be_visible()


# MARK: Put together


def put_together(block, mode, heed=None, model=CID):
    """Opens the dialog, chooses and begins; returns the card of what comes."""
    page = block.page
    block.get_by_role("button", name="Put together…").click()
    dialog = page.get_by_role("dialog", name="Put answers together")
    dialog.get_by_role("radio", name=re.compile(f"^{mode}")).check()
    if heed:
        dialog.locator("textarea").fill(heed)
    dialog.get_by_role("button", name=re.compile("Choose another model")).click()
    picker = page.get_by_role("dialog", name="Who puts them together?")
    picker.get_by_label("Search models").fill(model)
    picker.locator(f'[data-model="{model}"]').first.click()
    dialog.get_by_role("button", name="Put together").click()
    expect(dialog).to_have_count(0)
    return block.locator(".synthesis-card")


def test_answers_are_fused_and_the_conversation_goes_on_from_that(two, scripted):
    made = put_together(two, "Fuse")
    expect(made).to_contain_text("One answer, made of what was right in both.")
    expect(made.locator(".seat-name")).to_have_text("Put together by cid from ann and bob")
    made.get_by_role("button", name="Continue").click()
    expect(made.get_by_role("button", name="Continues here")).to_be_visible()
    mark = scripted.mark()
    two.page.get_by_role("radio", name="Ask one").click()
    send(two.page, "How so?")
    expect(two.page.locator("chat-answer .answer-footer span")).not_to_have_count(0)
    assert "what was right in both" in str(prompts(scripted, mark, "How so?"))
    two.page.reload()
    expect(made).to_contain_text("One answer, made of what was right in both.")
    expect(two.page.locator("chat-answer")).to_have_count(1)


def test_points_are_picked_and_an_answer_is_written_of_them(two, server, scripted):
    made = put_together(two, "Checklist")
    expect(made.locator(".point")).to_have_count(3)
    write = made.get_by_role("button", name="Write it from these points")
    expect(write).to_be_disabled()
    made.get_by_label(re.compile("A bell is small")).check()
    made.get_by_label(re.compile("A bell is round")).check()
    mark = scripted.mark()
    write.click()
    expect(made).to_have_count(2)
    expect(made.nth(1)).to_contain_text("A small bell, written from what was picked.")
    expect(made.nth(1).locator(".seat-name")).to_have_text("Written by cid from 2 points of ann and bob")
    asked = str(scripted.calls(after=mark)[-1]["body"])
    assert "A bell is small." in asked and "A bell is round." in asked and "A bell is loud." not in asked
    two.page.reload()
    expect(made).to_have_count(2)
    expect(made.first.locator(".point")).to_have_count(3)


def test_answers_are_compared_in_a_table_with_their_names(two, server):
    made = put_together(two, "Compare table")
    expect(made.locator("table")).to_be_visible()
    expect(made).to_contain_text("Best: ")
    runs = server.client().get(f"/v1/runs?conversation={kept(server, run_of(two))['conversation']}").json()["data"]
    synthesis = next(one for one in runs if one["kind"] == "synthesis")
    # Who is "Response A" is drawn by lot.
    names = [["ann", "bob"][seat] for seat in kept(server, synthesis["id"])["result"]["labels"]]
    expect(made.locator("tbody tr td:first-child")).to_have_text(names)
    expect(made).to_contain_text(f"Best: {names[0]}")
    expect(made).to_contain_text(f"{names[0]} is clearer.")
    assert "Response A" not in made.inner_text() and "BEST:" not in made.inner_text()


def test_answers_are_put_together_as_one_says(two):
    expect(put_together(two, "Custom", heed="Make a rhyme of them")).to_contain_text("A bell, all is well.")


def test_an_answer_may_be_left_out_of_what_is_put_together(three):
    page = three.page
    three.get_by_role("button", name="Put together…").click()
    dialog = page.get_by_role("dialog", name="Put answers together")
    dialog.locator("label", has_text="bob").get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Put together").click()
    made = three.locator(".synthesis-card")
    expect(made.locator(".seat-name")).to_have_text("Put together by ann from ann and cid")
    expect(made).to_contain_text("One answer, made of what was right in both.")


def test_who_puts_answers_together_has_read_them(two, scripted):
    mark = scripted.mark()
    expect(put_together(two, "Fuse")).to_contain_text("One answer, made of what was right in both.")
    asked = str(scripted.calls(after=mark)[-1]["body"])
    assert "**bells** ring" in asked and "horns are louder" in asked


# MARK: Layouts


def test_on_a_phone_seats_are_tabs_that_arrow_keys_move(seated):
    block = settled(compare(seated(ANN, BOB, CID, viewport=PHONE), "What rings best?", 3), 3)
    page = block.page
    tabs = block.get_by_role("tab")
    expect(tabs).to_have_count(3)
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    expect(card(block, "ann")).to_be_in_viewport(ratio=0.5)
    expect(card(block, "bob")).not_to_be_in_viewport()
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(card(block, "bob")).to_be_in_viewport(ratio=0.5)
    expect(card(block, "ann")).not_to_be_in_viewport()
    page.keyboard.press("End")
    expect(card(block, "cid")).to_be_in_viewport(ratio=0.5)
    page.keyboard.press("ArrowRight")
    expect(card(block, "ann")).to_be_in_viewport(ratio=0.5)
    tabs.nth(2).click()
    expect(card(block, "cid")).to_be_in_viewport(ratio=0.5)
    page.get_by_label("Message", exact=True).fill("And at sea?")
    expect(page.locator(".composer-price")).to_contain_text("about")
    wide = page.evaluate("""[document.documentElement, ...document.querySelectorAll("main, form.composer, .composer-box, .page-scroll, compare-block")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.className || element.localName)""")
    assert not wide, "wider than the phone"
    frame, last = block.locator(".compare-track").bounding_box(), card(block, "cid").bounding_box()
    assert frame["height"] >= last["height"], "the lower edge of the answer is cut off"


def test_a_layout_is_remembered(two):
    page = two.page
    seats = two.locator(".compare-seats")
    expect(seats).to_have_attribute("data-layout", "grid")
    two.get_by_role("button", name="One below the other").click()
    one, other = (seat.bounding_box() for seat in cards(two).all())
    assert other["y"] >= one["y"] + one["height"] and other["x"] == one["x"]
    page.reload()
    expect(seats).to_have_attribute("data-layout", "stacked")
    two.get_by_role("button", name="One at a time").click()
    expect(two.get_by_role("tab")).to_have_count(2)
    page.reload()
    expect(two.get_by_role("tab")).to_have_count(2)
    two.get_by_role("button", name="Side by side").click()
    expect(seats).to_have_attribute("data-layout", "grid")
    expect(two.get_by_role("tab")).to_have_count(0)
