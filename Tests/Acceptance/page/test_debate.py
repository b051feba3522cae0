"""Debates, from their set-up in the composer to their end, as a person sees and steers them."""

import re

import pytest
from playwright.sync_api import expect

import debating
import plenum
from conftest import serve
from onpage import address, begin, kept, pick, send, words
from plenum import wait_until

TOPIC = "Is 91 a prime?"
PANEL = ["chat/deb-a", "chat/deb-b", "chat/deb-c"]
JUDGE = "chat/deb-judge"
# Talkers never say the same twice, or the talk would end by itself.
TALKERS = {"chat/tina": 25, "chat/tom": 25, "chat/ute": 2, "chat/uwe": 2}
ORDINALS = [f"{ten} {one}" for ten in ("red", "green", "blue", "white", "black", "grey") for one in ("fox", "owl", "elk", "cat", "hen", "bee")]


def talk_of(model):
    name = model.split("/")[1]
    return [f"{name} mentions a {thing}, then a {thing[::-1]} and again {name}{place} with {thing.split()[1]}{place} to end."
            for place, thing in enumerate(ORDINALS)]


RULES = [
    {"model": "deb-split", "contains": "Who has convinced you?", "answer": debating.verdict("1")},
    {"model": "deb-mumble", "contains": "Who has convinced you?", "answer": "I would rather not say."},
    *({"model": model.split("/")[1], "answer": talk_of(model), "words_gap_ms": gap} for model, gap in TALKERS.items()),
    *debating.rules(gap=1),
]
LOST = "chat/sim-quota-words5"
MODELS = [*debating.MODELS, "deb-split", "deb-mumble", *(model.split("/")[1] for model in TALKERS), LOST.split("/")[1]]


@pytest.fixture(scope="module")
def server(scripted, tmp_path_factory):
    models = [{"id": model, "price": plenum.PRICE} for model in MODELS]
    running = serve(tmp_path_factory.mktemp("debate"), demo=False, providers={"providers": [plenum.provider("chat", "chat", scripted.url, models)]})
    yield running
    running.kill()


@pytest.fixture
def setup(open_page, server):
    """setup(protocol, *models): the page of a new chat with the debate's form filled in that far."""
    def make(protocol, *models, judge=None, **options):
        page = open_page(address(*models), server=server, **options)
        page.get_by_role("radio", name="Debate").click()
        page.locator(".protocol-card", has_text=re.compile(f"^{protocol}")).click()
        if judge:
            page.get_by_role("button", name=re.compile("^(Judge|Chair|Clerk|Writer)")).click()
            pick(page, judge)
        return page
    return make


def debate(page, text=TOPIC):
    """Starts it; returns the block."""
    send(page, text)
    block = page.locator("debate-block")
    expect(block.locator(".debate-title")).to_be_visible()
    return block


def ended(block, word="Finished"):
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended", timeout=20_000)
    expect(block.locator(".debate-name .badge")).to_have_text(word)
    return block


def again(block):
    """What a debate shows after a reload is what it showed before."""
    before = block.locator(".debate").inner_text()
    block.page.reload()
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended")
    expect(block.locator(".debate")).to_have_text(before, use_inner_text=True)
    expect(block).to_have_count(1)


def run_of(block):
    return block.get_attribute("data-run")


def outcome(block):
    return block.locator(".outcome")


def control(block, name):
    return block.locator(".debate-controls").get_by_role("button", name=name, exact=True)


def menu(block, item):
    block.get_by_role("button", name="More about this debate").click()
    block.page.get_by_role("menuitem", name=item).click()


def turns(block):
    """The turns of a talk or of sides that are shown."""
    return block.locator(".debate-thread > article.turn:not(.human-turn)")


def prompts(scripted, mark=0):
    return [str(call["body"]) for call in scripted.calls(after=mark)]


# MARK: Each way, to its end


def test_a_vote_is_taken(setup, server):
    block = ended(debate(setup("Vote", *PANEL)))
    expect(block.locator(".grid-row")).to_have_count(3)
    expect(block.locator(".cell-answer")).to_have_text(["no", "yes", "no"])
    expect(block.locator(".tally-answer")).to_have_text(["no 2 of 3", "yes 1 of 3"])
    expect(block.locator(".confidence")).to_have_text(["70 % sure"] * 3)
    expect(outcome(block)).to_contain_text("Most give this answer: 2 of 3")
    expect(block.locator(".outcome-words")).to_have_text("no")
    again(block)


def test_answers_are_revised(setup, server):
    block = ended(debate(setup("Answer and revise", *PANEL)))
    expect(block.locator(".grid-head h4")).to_have_text(["First answers", "After reading all"])
    expect(block.locator(".cell:not(.is-empty)")).to_have_count(6)
    expect(outcome(block)).to_contain_text("A plain vote over the first answers would have said: no (2 of 3).")
    expect(block.locator(".outcome-words")).to_have_text("no")
    again(block)


def test_sides_are_judged(setup, server):
    block = debate(setup("Sides and a judge", *PANEL[:2], judge=JUDGE))
    ended(block)
    expect(block.locator(".round-divider")).to_have_text(["Round 1: openings", "Round 2: rebuttals"])
    expect(turns(block)).to_have_count(4)
    block.get_by_role("button", name="Show the verdict").click()
    expect(block.locator(".verdict-headline")).to_have_text("Side 1 wins: Yes")
    again(block)
    assert kept(server, run_of(block))["result"]["winner"] == 0


def test_a_council_ranks_and_its_chair_writes(setup, server):
    block = ended(debate(setup("Council", *PANEL)))
    expect(block.get_by_role("tab", name="Final")).to_have_attribute("aria-selected", "true")
    expect(block.get_by_role("tabpanel")).to_contain_text("The council finds that it is not.")
    block.get_by_role("tab", name="Rankings").click()
    expect(block.get_by_role("tabpanel").locator("table")).to_be_visible()
    block.get_by_role("tab", name="Answers").click()
    expect(block.get_by_role("tabpanel").locator(".cell")).to_have_count(3)
    block.get_by_role("tab", name="Final").click()
    again(block)


def test_a_talk_is_summed_up(setup, server):
    page = setup("Talk", "chat/ute", "chat/uwe")
    page.get_by_role("spinbutton", name="Turns in all").fill("4")
    block = ended(debate(page, "Which animals?"))
    expect(turns(block)).to_have_count(4)
    expect(block.locator(".debate-summary")).to_contain_text("They agreed on little.")
    expect(outcome(block)).to_contain_text("All turns were taken.")
    again(block)


def test_answers_are_fused(setup, server):
    block = ended(debate(setup("Fusion", *PANEL)))
    expect(block.locator(".answers-grid .cell")).to_have_count(3)
    expect(block.locator(".debate-summary")).to_contain_text("One answer of all.")
    again(block)


# MARK: Before it begins


def test_the_start_says_what_it_will_cost_at_most(setup):
    page = setup("Vote", *PANEL)
    page.get_by_label("Message", exact=True).fill(TOPIC)
    start = page.locator("form.composer button[type=submit]")
    expect(start).to_have_text(re.compile(r"Start · up to \d calls · at most \$0\.50$"))
    expect(page.locator(".composer-price")).to_have_text(re.compile(r"about \$0\.0\d+"))
    page.get_by_label("Cap in dollars").fill("0.25")
    page.get_by_label("Cap in dollars").press("Tab")
    expect(start).to_have_text(re.compile(r"at most \$0\.25$"))
    start.click()
    block = ended(page.locator("debate-block"))
    expect(block.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile(r"\$0\.\d+ of \$0\.25$"))


def test_the_cap_ends_it(setup, server):
    page = setup("Answer and revise", *PANEL)
    page.get_by_label("Cap in dollars").fill("0.05")
    block = debate(page)
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended")
    expect(outcome(block)).to_contain_text("Stopped because the cost cap was reached.")
    assert float(kept(server, run_of(block))["cost"]) <= 0.05
    expect(outcome(block).get_by_role("button", name=re.compile("Raise the cap|One more round"))).to_be_visible()


def test_what_cannot_be_started_says_why(setup):
    page = setup("Sides and a judge", *PANEL[:2], judge=PANEL[0])
    expect(page.get_by_role("list", name="What to know before")).to_contain_text("The judge sits in the debate. Choose another judge.")
    send(page, TOPIC)
    expect(page.get_by_role("alert")).to_contain_text("The judge sits in the debate.")
    expect(page.locator("debate-block")).to_have_count(0)


def test_two_sides_argue_for_what_the_person_named(setup, scripted):
    page = setup("Sides and a judge", *PANEL[:2], judge=JUDGE)
    page.get_by_role("textbox", name="deb-a").fill("It has two factors")
    page.get_by_role("textbox", name="deb-b").fill("It looks like one")
    mark = scripted.mark()
    block = ended(debate(page))
    expect(block.locator(".roster")).to_contain_text("Side 1: It has two factors")
    expect(block.locator(".roster")).to_contain_text("Side 2: It looks like one")
    expect(turns(block).first.locator(".side-badge")).to_have_text("Side 1: It has two factors")
    asked = prompts(scripted, mark)
    assert any("It has two factors" in text for text in asked) and any("It looks like one" in text for text in asked)
    expect(block.locator(".verdict-votes")).to_contain_text("It looks like one")


# MARK: Verdicts


def test_a_verdict_is_folded_until_the_person_has_voted(setup):
    block = ended(debate(setup("Sides and a judge", *PANEL[:2], judge=JUDGE)))
    verdict = block.locator(".verdict")
    expect(verdict).to_contain_text("Who has convinced you?")
    for word in ("wins", "Both orders agreed", "The factors."):
        assert word not in block.inner_text(), "the verdict was told before the vote"
    verdict.get_by_role("button", name=re.compile("Side 2")).click()
    expect(verdict.locator(".verdict-headline")).to_have_text("Side 1 wins: Yes")
    expect(verdict).to_contain_text("Both orders agreed")
    expect(verdict).to_contain_text("Your own vote: Side 2: No. The judge decided otherwise.")
    expect(verdict.get_by_role("region", name="Reading as spoken")).to_contain_text("Side 1")
    expect(verdict.get_by_role("region", name="Reading with the sides swapped")).to_contain_text("Side 1")
    block.page.reload()
    expect(verdict).to_contain_text("Your own vote: Side 2")


def test_two_readings_that_disagree_are_a_split(setup):
    block = ended(debate(setup("Sides and a judge", *PANEL[:2], judge="chat/deb-split")))
    block.get_by_role("button", name="Show the verdict").click()
    verdict = block.locator(".verdict")
    expect(verdict).to_contain_text("Split: the two readings disagree")
    expect(verdict.get_by_role("region", name="Reading as spoken").locator(".reading-winner")).to_have_text("Side 1: Yes")
    expect(verdict.get_by_role("region", name="Reading with the sides swapped").locator(".reading-winner")).to_have_text("Side 2: No")


def test_a_verdict_that_cannot_be_read_is_asked_of_another_judge(setup):
    block = debate(setup("Sides and a judge", *PANEL[:2], judge="chat/deb-mumble"))
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended")
    expect(block.locator(".verdict")).to_contain_text("No verdict")
    outcome(block).get_by_role("button", name="Judge again with…").click()
    pick(block.page, JUDGE)
    block.get_by_role("button", name="Show the verdict").click()
    expect(block.locator(".verdict-headline")).to_have_text("Side 1 wins: Yes")
    ended(block)


# MARK: Steering


def test_a_word_in_the_middle_of_a_talk_is_heard(setup, scripted, server):
    block = debate(setup("Talk", "chat/tina", "chat/tom"), "Which animals?")
    expect(turns(block).first.locator(".turn-text")).to_contain_text("mentions")
    mark = scripted.mark()
    block.get_by_label("Say something to the debate").fill("What about whales?")
    block.get_by_label("Say something to the debate").press("Enter")
    said = block.locator(".human-turn")
    expect(said).to_contain_text("What about whales?")
    expect(said).to_have_count(1)
    expect(said.get_by_text("heard at the next turn")).to_have_count(0)
    expect(turns(block)).not_to_have_count(1)
    control(block, "Stop").click()
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended")
    assert "What about whales?" in prompts(scripted, mark)[-1]
    expect(outcome(block)).to_contain_text("Stopped by you. What had come is kept.")
    expect(said).to_have_count(1)
    again_text = words(block.locator(".debate-thread").inner_text())
    block.page.reload()
    expect(said).to_have_count(1)
    assert words(block.locator(".debate-thread").inner_text()) == again_text


def test_a_talk_waits_steps_and_goes_on(setup, server):
    page = setup("Talk", "chat/tina", "chat/tom")
    page.get_by_role("spinbutton", name="Turns in all").fill("4")
    block = debate(page, "Which animals?")
    badge = block.locator(".debate-name .badge")
    expect(turns(block).first.locator(".turn-text")).to_contain_text("mentions")
    control(block, "Pause").click()
    expect(badge).to_have_text("Paused")
    had = turns(block).count()
    expect(control(block, "Pause")).to_be_hidden()
    control(block, "Step").click()
    expect(turns(block)).to_have_count(had + 1)
    expect(badge).to_have_text("Paused")
    expect(turns(block)).to_have_count(had + 1)
    page.reload()
    expect(badge).to_have_text("Paused")
    expect(turns(block)).to_have_count(had + 1)
    control(block, "Resume").click()
    expect(turns(block)).to_have_count(4)
    ended(block)


def test_a_talk_is_concluded_and_extended(setup, server):
    block = debate(setup("Talk", "chat/tina", "chat/tom"), "Which animals?")
    expect(turns(block).nth(1)).to_be_visible()
    control(block, "Conclude now").click()
    ended(block, re.compile("Finished|Ended early"))
    expect(outcome(block)).to_contain_text("Concluded by you, with what there was.")
    had = turns(block).count()
    assert had < 8
    expect(block.locator(".debate-summary")).to_contain_text("They agreed on little.")
    outcome(block).get_by_role("button", name="Extend…").click()
    dialog = block.page.get_by_role("dialog", name="Extend the debate")
    dialog.get_by_role("spinbutton", name="More turns").fill("1")
    dialog.get_by_role("button", name="Extend", exact=True).click()
    expect(turns(block).nth(had)).to_be_visible()
    control(block, "Stop").click()
    expect(block.locator(".debate")).to_have_attribute("data-state", "ended")


def test_sides_are_extended_by_a_round_and_judged_anew(setup, server):
    block = ended(debate(setup("Sides and a judge", *PANEL[:2], judge=JUDGE)))
    outcome(block).get_by_role("button", name="One more round…").click()
    block.page.get_by_role("dialog").get_by_role("button", name="Extend", exact=True).click()
    expect(block.locator(".round-divider")).to_have_text(["Round 1: openings", "Round 2: rebuttals", "Round 3: rebuttals"])
    ended(block)
    expect(turns(block)).to_have_count(6)
    menu(block, "Judge again with…")
    pick(block.page, "chat/deb-split")
    wait_until(lambda: (kept(server, run_of(block))["result"] or {}).get("method") == "split", what="the other judge's verdict")
    block.get_by_role("button", name="Show the verdict").click()
    expect(block.locator(".verdict")).to_contain_text("Split: the two readings disagree")


def test_a_lost_seat_waits_for_another_model(setup, server):
    block = debate(setup("Talk", "chat/ute", LOST), "Which animals?")
    waiting = block.get_by_role("group", name="The debate waits")
    expect(waiting).to_contain_text("sim-quota-words5 was lost")
    waiting.get_by_role("button", name="Replace model").click()
    pick(block.page, "chat/uwe")
    ended(block)
    expect(waiting).to_be_hidden()
    expect(turns(block)).to_have_count(8)
    expect(turns(block).nth(1)).to_contain_text("uwe mentions")
    assert [seat["model"] for seat in kept(server, run_of(block))["seats"]] == ["chat/ute", "chat/uwe"]


def test_a_vote_goes_on_without_a_seat_that_fails(setup):
    block = ended(debate(setup("Vote", *PANEL[:2], LOST)))
    expect(block.locator(".grid-row", has_text="sim-quota").locator(".error-card")).to_contain_text("The account at the provider is used up")
    expect(outcome(block)).to_contain_text("sim-quota-words5 was lost")
    expect(outcome(block)).to_contain_text("2 of 3 seats took part.")


# MARK: Afterwards


def test_the_chat_goes_on_from_the_result(setup, scripted):
    block = ended(debate(setup("Council", *PANEL)))
    page = block.page
    outcome(block).get_by_role("button", name="Continue as chat from the final answer").click()
    mark = scripted.mark()
    send(page, "Why is that so?")
    expect(page.locator("chat-answer .answer-footer span")).not_to_have_count(0)
    asked = prompts(scripted, mark)[-1]
    assert "The council finds that it is not." in asked and "Speech of" not in asked
    page.reload()
    expect(page.locator("debate-block")).to_have_count(1)
    expect(page.locator("chat-answer")).to_have_count(1)


@pytest.mark.parametrize("protocol, models", [("Sides and a judge", PANEL[:2]), ("Council", PANEL)])
def test_the_export_has_every_turn(setup, server, tmp_path, protocol, models):
    block = ended(debate(setup(protocol, *models, judge=JUDGE)))
    with block.page.expect_download() as download:
        outcome(block).get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "debate-is-91-a-prime.md"
    download.value.save_as(tmp_path / "debate.md")
    text = (tmp_path / "debate.md").read_text()
    assert text.startswith(f"# {protocol}: {TOPIC}")
    run = kept(server, run_of(block))
    for turn in run["turns"]:
        if turn["phase"] in ("opening", "rebuttal", "answer", "chair"):
            spoken = turn["text"].split("\n")[0]
            assert spoken in text, f"turn {turn['turn']} is missing"
    said = sum(turn["phase"] in ("opening", "rebuttal", "answer") for turn in run["turns"])
    assert text.count("which has its reasons and says them") >= said
    for model in models:
        assert model in text
    assert "Cost: $" in text


def test_a_debate_that_another_program_began_is_shown(open_page, server):
    run = begin(server, **debating.debate("vote"))
    page = open_page(f"/c/{run['conversation']}", server=server)
    block = ended(page.locator("debate-block"))
    expect(block.locator(".outcome-words")).to_have_text("no")
