"""For everyone: axe-core on every view, narrow screens, little motion, other ways of writing."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import debating
import plenum
from conftest import serve
from talks import bring, talk

RICH = """# A heading

Some **strong** words, `code`, a [link](https://example.org/) and $e^{i\\pi} = -1$.

```python
def double(x: int) -> int:  # twice as much
    return x * 2
```

| Name | Value |
|:-----|------:|
| one  |     1 |

1. First
2. Second
   - [ ] open
   - [x] done

> Somebody said this.
"""
LONG = "Donaudampfschifffahrt" * 24
MODELS = [*debating.MODELS, "rich", "long", "arabic", "sim-wait20-gap60-words200", "sim-quota"]
SLOW = ["chat/sim-wait20-gap60-words200", "claude/sim-wait20-gap60-words200"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server with one conversation of each kind; `house.at` says where they are."""
    rules = debating.rules(gap=0) + [
        {"model": "rich", "answer": RICH}, {"model": "long", "answer": f"{LONG}\n\n`{LONG}`\n\n| {LONG} | b |\n|---|---|\n| 1 | {LONG} |\n"},
        {"model": "arabic", "answer": "هذه إجابة باللغة العربية، فيها كلمات كثيرة.\n\n- أولا\n- ثانيا\n\n```\nlet x = 1\n```\n"},
    ]
    simulator = plenum.Simulator(tmp_path_factory.mktemp("house-simulator"), rules=rules).start()
    server = serve(tmp_path_factory.mktemp("house"), demo=True, providers=plenum.three_dialects(simulator.url, MODELS))
    bring(server, [talk("yesterday", "Something of yesterday", 1), talk("old", "Something old", 400)])
    with server.client() as client:
        server.at = {
            "chat": run(client, kind="chat", input="Show me everything", models=["chat/rich"]),
            "compare": run(client, kind="compare", input="Which is better?", models=["chat/rich", "claude/deb-a", "gem/deb-b"]),
            "error": run(client, kind="chat", input="Are you there?", models=["claude/sim-quota"]),
            "long": run(client, kind="compare", input=LONG, models=["chat/long", "claude/long"]),
            "arabic": run(client, kind="chat", input="اكتب لي شيئا", models=["chat/arabic"]),
            **{protocol: run(client, **debating.debate(protocol)) for protocol in ["sides", "council", "revise"]},
        }
        client.post(f"/v1/runs/{server.at['compare'][1]}/prefer", json={"seat": 1}).raise_for_status()
        client.post(f"/v1/conversations/{server.at['chat'][0]}", json={"pinned": True}).raise_for_status()
    yield server
    server.kill()
    simulator.kill()


def run(client, **body):
    """Lets a run come to its end; returns its conversation and itself."""
    told = client.post("/v1/runs", json={**body, "background": True}).raise_for_status().json()
    debating.ended(client, told["id"])
    return told["conversation"], told["id"]


def views(page, server):
    """Goes from view to view; gives the name of each once it is there."""
    def go(name, shown, path=None):
        page.goto(path or f"/c/{server.at[name][0]}")
        expect(page.locator(shown).first).to_be_visible()
        return name

    def opened(name, open, dialog):
        open()
        expect(page.get_by_role(dialog).first).to_be_visible()
        yield name
        page.keyboard.press("Escape")
        expect(page.get_by_role(dialog)).to_have_count(0)

    yield go("a new chat", ".seat-chips .chip", "/")
    yield from opened("picker", lambda: page.keyboard.press("Control+l"), "dialog")
    yield from opened("settings", lambda: page.get_by_role("button", name="Settings of this chat").click(), "dialog")
    yield from opened("palette", lambda: page.keyboard.press("Control+k"), "dialog")
    page.locator("h1").click()
    yield from opened("shortcuts", lambda: page.keyboard.press("Shift+?"), "dialog")
    yield from opened("a menu", lambda: page.get_by_role("button", name="This conversation").click(), "menu")
    if page.get_by_role("button", name="Show the conversations").is_visible():
        page.get_by_role("button", name="Show the conversations").click()
        expect(page.locator(".drawer-sheet .conversation").first).to_be_visible()
        yield "the drawer's sheet"
    page.get_by_label("Search in titles and texts").fill("some")
    expect(page.locator(".hit").first).to_be_visible()
    yield "search"
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("button", name="Export and import").click()
    expect(page.get_by_role("dialog", name="Export and import")).to_be_visible()
    yield "export and import"
    page.keyboard.press("Escape")
    yield go("chat", ".answer-footer span")
    yield go("compare", ".vote-bar .vote-words")
    yield go("error", ".error-card")
    for protocol in ["sides", "council", "revise"]:
        yield go(protocol, ".debate-head .badge.completed")
    yield go("usage", "main [role=img]", "/usage?by=model")
    yield go("preferences", "main [role=img]", "/preferences")
    go("a new chat", ".seat-chips .chip", "/?models=" + quote(",".join(SLOW)))
    page.get_by_role("radio", name="Debate").click()
    page.get_by_text("Sides and a judge", exact=True).click()
    expect(page.get_by_text("Who argues for what")).to_be_visible()
    yield "setting up a debate"
    page.get_by_role("radio", name="Compare").click()
    page.get_by_label("Message", exact=True).fill("Take your time")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".seat-card .seat-text").first).to_contain_text(re.compile(r"\w{3}"))
    yield "a compare that runs"
    page.keyboard.press("Escape")


# What moves or fades in is looked at when it has come.
SETTLED = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {})));
}"""


def problems(page):
    """What axe-core has to say, in short: of everything in light colours, and of what hangs on the colours in dark ones."""
    told = []
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast", "link-in-text-block"]})):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
        told += [
            f"{scheme}: {one['id']} ({one['impact']}): {node['target']} {node['html'][:160]} {' '.join(why['message'] for why in node['any'][:1])}"
            for one in found for node in one["nodes"][:3]]
    page.emulate_media(color_scheme="light")
    return told


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_light_or_dark(house, open_page, width):
    page = open_page(server=house, viewport={"width": width, "height": 900})
    page.watch.expected.append("429")
    found = {view: told for view in views(page, house) if (told := problems(page))}
    assert not found, "\n".join(f"{view}: {line}" for view, told in found.items() for line in told)


def test_axe_finds_nothing_where_a_key_is_asked_for(tmp_path, open_page):
    server = serve(tmp_path, environment={"PLENUM_MASTER_KEY": "a-key-of-forty-signs-for-the-tests-0123456789"})
    try:
        page = open_page("/favicon.ico", server=server)
        page.watch.expected.append("401")
        page.goto("/")
        expect(page.get_by_role("dialog", name="This server asks for its key")).to_be_visible()
        assert not problems(page)
        page.close()
    finally:
        server.kill()


# What sticks out to a side, with what it is, so that a failure says where to look.
OUTSIDE = """() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('main').scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('[class*=visually-hidden]'))
        .slice(0, 5).map((one) => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`)
        .concat([`page ${document.documentElement.scrollWidth}, main ${document.querySelector('main').scrollWidth}`])"""


# What a finger misses: less than 44 pixels to hit. Links in a text, and what stands in an answer, are as high as their line.
SMALL = """() => [...document.querySelectorAll('button, input, select, textarea, summary')].filter((one) => {
    const target = one.matches('[type=checkbox], [type=radio]') ? one.closest('label') ?? one : one;
    const box = target.getBoundingClientRect();
    return one.checkVisibility() && box.width > 0 && !one.matches('.link, .md *, [type=range]') && (box.height < 43.5 || box.width < 43.5);
}).map((one) => `${one.outerHTML.slice(0, 110)} ${Math.round(one.getBoundingClientRect().width)} x ${Math.round(one.getBoundingClientRect().height)}`)"""


def test_at_320_pixels_nothing_scrolls_sideways_and_a_finger_hits_everything(house, open_page):
    page = open_page(server=house, viewport={"width": 320, "height": 640}, has_touch=True)
    page.watch.expected.append("429")
    wide, small = {}, {}
    for view in views(page, house):
        wide[view] = page.evaluate(OUTSIDE)
        small |= {line: view for line in page.evaluate(SMALL)}
    assert not any(wide.values()), {view: told for view, told in wide.items() if told}
    assert not small, "\n".join(f"{view}: {line}" for line, view in small.items())


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("what", ["long", "arabic"])
def test_words_of_500_letters_and_other_scripts_stay_in_their_place(house, open_page, what, width):
    page = open_page(f"/c/{house.at[what][0]}", server=house, viewport={"width": width, "height": 800})
    expect(page.locator(".seat-text, .answer-body").first).not_to_be_empty()
    assert page.evaluate(OUTSIDE) == []
    if what == "long":
        # The title, wherever it is shown, is cut; the words are broken.
        outside = page.locator("h1, .user-words, .seat-text p").evaluate_all(
            "all => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > innerWidth).map((one) => one.outerHTML.slice(0, 100))")
        assert not outside
    else:
        for part in [".user-words", ".answer-body p"]:
            assert page.locator(part).first.evaluate("one => getComputedStyle(one).direction") == "rtl", part
        assert page.locator(".answer-body pre").first.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_a_page_written_from_the_right_keeps_its_order(house, open_page):
    page = open_page(server=house)
    page.evaluate("document.documentElement.dir = 'rtl'")
    drawer = page.get_by_role("navigation", name="Conversations").bounding_box()
    main = page.get_by_role("main").bounding_box()
    assert drawer["x"] > main["x"]
    assert page.evaluate(OUTSIDE) == []
    page.set_viewport_size({"width": 360, "height": 700})
    page.get_by_role("button", name="Show the conversations").click()
    sheet = page.locator(".drawer-sheet")
    expect(sheet).to_be_visible()
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    box = sheet.bounding_box()
    assert round(box["x"] + box["width"]) == 360


def test_who_wants_little_motion_gets_little(house, open_page):
    page = open_page("/?models=" + quote(",".join(SLOW)), server=house, reduced_motion="reduce")
    page.get_by_label("Message", exact=True).fill("Do not move")
    page.keyboard.press("Enter")
    expect(page.locator(".seat-card .seat-text").first).to_contain_text(re.compile(r"\w{3}"))
    long = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().activeDuration > 50).map((one) => one.animationName ?? one.transitionProperty)")
    assert long == []
    assert page.evaluate("[...document.querySelectorAll('*')].every((one) => getComputedStyle(one).scrollBehavior !== 'smooth')")
    page.keyboard.press("Escape")
    expect(page.locator(".seat-card[data-state=stopped]")).to_have_count(2)
