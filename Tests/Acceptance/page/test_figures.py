"""What the page weighs and how quick it is. Bytes are promised; times are told, as they are this machine's."""

import json
import random
import re
import time
from urllib.parse import quote

from playwright.sync_api import expect

import plenum
from conftest import serve
from talks import bring, talk

LIMIT = 200_000


def metrics(session):
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


def test_a_cold_load_is_small(fresh, open_page, report):
    page = open_page("/favicon.ico", server=fresh)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses, sizes = {}, {}
    session.on("Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto("/")
    expect(page.locator(".seat-chips")).to_contain_text("parrot")
    page.wait_for_load_state("networkidle")
    loaded = {addresses[id].removeprefix(fresh.url): size for id, size in sizes.items() if id in addresses}
    files = {path: size for path, size in loaded.items() if not path.startswith("/v1/")}
    assert not any("/vendor/" in path for path in files), "KaTeX and Prism are for who needs them"
    paint = page.evaluate("Object.fromEntries(performance.getEntriesByType('paint').map((one) => [one.name, Math.round(one.startTime)]))")
    total = sum(loaded.values())
    report(f"page: a cold load is {total / 1000:.0f} kB compressed, with headers, in {len(loaded)} requests ({sum(files.values()) / 1000:.0f} kB in {len(files)} files); "
           f"first paint after {paint.get('first-paint')} ms, first content after {paint.get('first-contentful-paint')} ms")
    assert total <= LIMIT, sorted(loaded.items(), key=lambda one: -one[1])[:10]
    # The second time everything is there already.
    session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    sizes.clear()
    page.reload()
    expect(page.locator(".seat-chips")).to_contain_text("parrot")
    page.wait_for_load_state("networkidle")
    report(f"page: a second load is {sum(sizes.values()) / 1000:.0f} kB")


def realistic(words):
    """Markdown as models write it: paragraphs, lists, code, a table, emphasis."""
    some = random.Random(7)
    prose = "the model reads each prompt and answers with care about what was asked because nobody likes to wait for words that say little".split()
    blocks, count = [], 0
    while count < words:
        sentence = lambda length: " ".join(some.choices(prose, k=length)).capitalize() + "."  # noqa: E731
        blocks += [
            f"## {sentence(4)}", " ".join(f"{sentence(9)} It is **{some.choice(prose)}** and `{some.choice(prose)}()`, see [this](https://example.org/{count})." for _ in range(3)),
            "\n".join(f"- {sentence(6)}" for _ in range(4)), f"```python\nfor one in {some.choice(prose)}:\n    print(one)  # {sentence(3)}\n```",
            f"| {some.choice(prose)} | {some.choice(prose)} |\n|---|---:|\n| {sentence(3)} | {count} |\n| {sentence(2)} | {count + 1} |"]
        count = sum(len(block.split()) for block in blocks)
    return "\n\n".join(blocks)


# Notes when each event of an answer is taken apart; the mark ties the page's clock to that of the trace.
COUNTING = """
    window.deltas = [];
    const parse = JSON.parse;
    JSON.parse = (text, reviver) => {
        if (typeof text === 'string' && text.includes('"seat.delta"')) deltas.push(performance.now());
        return parse(text, reviver);
    };
"""
SCRIPT = {"FunctionCall", "RunMicrotasks", "FireAnimationFrame", "TimerFire", "EventDispatch", "EvaluateScript", "v8.callFunction", "FireIdleCallback"}


def script_spans(trace):
    """When the page's main thread ran script: spans in microseconds, what lies within another left out."""
    threads = {(event["pid"], event["tid"]) for event in trace if event.get("name") == "zero"}
    spans = sorted((event["ts"], event["ts"] + event.get("dur", 0)) for event in trace
                   if event.get("ph") == "X" and event["name"] in SCRIPT and (event["pid"], event["tid"]) in threads)
    outer, end = [], 0
    for began, ended in spans:
        if began >= end:
            outer.append((began, ended))
            end = ended
    return outer


def test_eight_streams_at_once_leave_the_page_time(tmp_path, chromium, open_page, report):
    simulator = plenum.Simulator(tmp_path / "simulator", rules=[{"answer": realistic(240), "words_gap_ms": 20}]).start()
    models = [f"voice-{number}" for number in range(8)]
    server = serve(tmp_path, demo=False, providers=plenum.three_dialects(simulator.url, models))
    try:
        page = open_page("/?models=" + quote(",".join(f"chat/{model}" for model in models)), server=server)
        expect(page.locator(".seat-chip")).to_have_count(8)
        page.evaluate(COUNTING)
        page.get_by_label("Message", exact=True).fill("All at once")
        page.keyboard.press("Enter")
        expect(page.locator(".seat-card[data-state=streaming]")).to_have_count(8)
        chromium.start_tracing(page=page, categories=["devtools.timeline", "v8", "v8.execute", "blink.user_timing", "toplevel"])
        began = page.evaluate("performance.mark('zero').startTime")
        expect(page.locator(".seat-card[data-state=done]").first).to_be_visible(timeout=30_000)
        ended = page.evaluate("performance.now()")
        trace = json.loads(chromium.stop_tracing())["traceEvents"]
        zero = next(event["ts"] for event in trace if event.get("name") == "zero")
        spans = [((at - zero) / 1000, (to - zero) / 1000) for at, to in script_spans(trace)]
        deltas = [at - began for at in page.evaluate("deltas") if began < at < ended]
        span = ended - began
        # Events come in handfuls, and their words are shown together in a frame: what one takes can be said over a stretch.
        # A stretch is a tenth of a second, some forty events; each of them counts.
        each = []
        for start in range(0, int(span) - 100, 100):
            events = sum(start <= at < start + 100 for at in deltas)
            work = sum(max(0, min(to, start + 100) - max(at, start)) for at, to in spans)
            each += [work / events] * events if events else []
        each.sort()
        longest = max(to - at for at, to in spans)
        busy = sum(to - at for at, to in spans) / span
        report(f"page: eight seats at once, {len(deltas) / span * 1000:.0f} events a second: script time an event (traced, over tenths of a second) "
               f"p50 {each[len(each) // 2]:.2f} ms, p99 {each[int(len(each) * 0.99)]:.2f} ms; longest script task {longest:.1f} ms; script {busy:.0%} of the time")
        assert len(deltas) > 300, "too little was streamed to say anything"
        expect(page.locator(".seat-card[data-state=done]")).to_have_count(8, timeout=30_000)
        page.close()
    finally:
        server.kill()
        simulator.kill()


def resident(browser):
    """The resident set of the browser's largest renderer, in megabytes."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = [0]
    for one in told:
        if one["type"] == "renderer":
            status = open(f"/proc/{one['id']}/status").read()
            sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024)
    return max(sizes)


LONG_TASKS = """
    window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.longest = Math.max(window.longest, one.duration)))).observe({ type: 'longtask', buffered: true });
"""


def test_an_answer_of_100000_words_fits(tmp_path, chromium, open_page, report):
    text = realistic(100_000)
    simulator = plenum.Simulator(tmp_path / "simulator", rules=[{"answer": text, "words_gap_ms": 0}]).start()
    server = serve(tmp_path, demo=False, providers=plenum.three_dialects(simulator.url, ["author"]))
    try:
        page = open_page(server=server)
        expect(page.locator(".seat-chips")).to_contain_text("author")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        before, had = metrics(session), resident(chromium)
        page.evaluate(LONG_TASKS)
        began = time.monotonic()
        page.get_by_label("Message", exact=True).fill("Write a book")
        page.keyboard.press("Enter")
        expect(page.locator("chat-answer .answer[aria-busy=false] .answer-footer span").first).to_be_visible(timeout=60_000)
        took = time.monotonic() - began
        longest = page.evaluate("longest")
        shown = page.evaluate("document.querySelector('.answer-body').textContent.length")
        session.send("HeapProfiler.collectGarbage")
        after = metrics(session)
        report(f"page: an answer of {len(text.split()):,} words ({len(text) / 1000:.0f} kB) streamed in {took:.1f} s, longest task {longest:.0f} ms; "
               f"heap {before['JSHeapUsedSize'] / 1e6:.0f} to {after['JSHeapUsedSize'] / 1e6:.0f} MB, nodes {before['Nodes']:.0f} to {after['Nodes']:.0f}, renderer {had} to {resident(chromium)} MB")
        assert shown > len(text) * 0.6, "part of it is not there"
        # It is still a page that one can write on.
        typed = page.evaluate("""async () => {
            const field = document.querySelector('#composer');
            const took = [];
            for (const letter of 'And now, a letter each frame?') {
                await new Promise(requestAnimationFrame);
                const began = performance.now();
                field.value += letter;
                field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                document.body.getBoundingClientRect();
                took.push(performance.now() - began);
            }
            return Math.max(...took);
        }""")
        page.get_by_label("Message", exact=True).fill("")
        page.reload()
        began = time.monotonic()
        expect(page.locator("chat-answer .answer-footer span").first).to_be_visible(timeout=30_000)
        report(f"page: below it a letter takes {typed:.1f} ms at most; it is there {time.monotonic() - began:.1f} s after a reload")
        page.close()
    finally:
        server.kill()
        simulator.kill()


# Scrolls for four seconds, two screens' height a frame, and tells how long each frame was.
SCROLL = """async () => {
    const scroller = document.querySelector('.drawer-scroll');
    const frames = [];
    let last = performance.now(), waited = 0;
    const began = last;
    while (waited < 40 && performance.now() - began < 4000) {
        scroller.scrollTop += 1600;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
        waited = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2 ? waited + 1 : 0;
    }
    frames.sort((one, other) => one - other);
    return { frames: frames.length, half: frames[frames.length >> 1], most: frames[Math.floor(frames.length * 0.99)], longest: frames.at(-1),
        seconds: (last - began) / 1000, read: [...document.querySelectorAll('.conversation-chunk')].reduce((sum, one) => sum + Number(one.style.getPropertyValue('--count')), 0),
        rows: document.querySelectorAll('.conversation').length };
}"""


def test_ten_thousand_conversations_scroll_and_are_searched(fresh, open_page, report):
    words = "river stone morning letter garden winter bridge window paper silver".split()
    some = random.Random(3)
    bring(fresh, [talk(n, " ".join(some.choices(words, k=4)).capitalize(), n / 25, question=f"About {some.choice(words)} {n}",
                       answer=" ".join(some.choices(words, k=40)) + (" palimpsest" if n == 9876 else "")) for n in range(10_000)])
    page = open_page("/favicon.ico", server=fresh)
    began = time.monotonic()
    page.goto("/")
    rows = page.get_by_role("navigation", name="Conversations").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    opened = time.monotonic() - began
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    scrolled = page.evaluate(SCROLL)
    expect(rows.last).to_be_attached()
    assert int(rows.last.get_attribute("aria-setsize")) > 0
    memory = metrics(session)["JSHeapUsedSize"] / 1e6
    # From the last letter to what was found, the pause for more letters within.
    found = {}
    for text in ["palimpsest", "river"]:
        page.get_by_label("Search in titles and texts").fill("")
        took = page.evaluate("""async (text) => {
            const field = document.querySelector('.drawer-search-field');
            const began = performance.now();
            const hits = new Promise((done) => new MutationObserver((_, one) => document.querySelector('.hit mark') && (one.disconnect(), done())).observe(document.querySelector('.hits'), { childList: true }));
            field.value = text;
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await hits;
            return performance.now() - began;
        }""", text)
        found[text] = round(took)
    report(f"page: drawer with 10,000 conversations: there after {opened * 1000:.0f} ms; {scrolled['read']} scrolled through in {scrolled['seconds']:.1f} s, frames p50 {scrolled['half']:.0f} ms, "
           f"p99 {scrolled['most']:.0f} ms, longest {scrolled['longest']:.0f} ms, {scrolled['rows']} rows made, heap {memory:.0f} MB; search " +
           ", ".join(f"{text} {took} ms" for text, took in found.items()))
    assert scrolled["rows"] < 1000, "rows far out of sight are not taken out"
    assert page.locator(".hit").count() >= 20
