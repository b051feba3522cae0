#!/usr/bin/env python3
"""The renderer in a real browser, under the page's own policy.

    python3 -m venv /tmp/mdvenv && /tmp/mdvenv/bin/pip install playwright
    /tmp/mdvenv/bin/python Tests/Web/md/browser.py [picture.png]

Not part of `node --test`: it needs Chromium. Checks that nothing violates the policy, that formulas and colours come,
and measures frames and memory while a long answer streams.
"""
import http.server
import json
import os
import pathlib
import sys
import threading

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
ASSETS = HERE.parents[2] / 'Sources/CWebAssets/Assets'
VENDOR = {'/vendor/katex.mjs': '/usr/share/javascript/katex/katex.mjs'}
PRISM = pathlib.Path('/usr/share/nodejs/prismjs/components')
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
          "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'")
TOKENS = """:root { color-scheme: light dark; --text: light-dark(#1c2024, #e6e8eb); --text-muted: light-dark(#5b6470, #a3acb8);
--surface: light-dark(#fff, #16181c); --surface-raised: light-dark(#fff, #1d2025); --surface-sunken: light-dark(#f4f5f7, #101215);
--line: light-dark(#d9dde3, #343a43); --accent: light-dark(#0b5cad, #86bdff); --accent-soft: light-dark(#e3eefb, #1b2b40);
--danger: light-dark(#b3261e, #ff9d94); --radius-s: 4px; --radius-m: 8px; --space-1: 4px; --space-2: 8px; --space-3: 12px;
--space-4: 16px; --space-6: 24px; --space-8: 32px; --font-text: system-ui, sans-serif; --font-mono: ui-monospace, monospace;
--size-s: 13px; --size-m: 16px; --line-height: 1.6 }
body { background: var(--surface); margin: 24px; } #out { max-inline-size: 46rem; }"""
PAGE = ('<!doctype html><html lang="en"><meta charset="utf-8"><title>md</title><link rel="stylesheet" href="/tokens.css">'
        '<link rel="stylesheet" href="/css/markdown.css"><div id="out"></div><script type="module" src="/browser.js"></script>')


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    vendor = True

    def do_GET(self):
        path = self.path.split('?')[0]
        kind = {'.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css'}.get(pathlib.Path(path).suffix, 'text/html')
        if path == '/':
            body = PAGE.encode()
        elif path == '/tokens.css':
            body = TOKENS.encode()
        elif path == '/browser.js':
            body = (HERE / 'browser.js').read_bytes()
        else:
            file = self.file(path)
            body = file.read_bytes() if file and file.is_file() else None
        self.send_response(200 if body is not None else 404)
        self.send_header('Content-Security-Policy', POLICY)
        self.send_header('Content-Type', kind + '; charset=utf-8')
        self.send_header('Content-Length', str(len(body or b'')))
        self.end_headers()
        self.wfile.write(body or b'')

    def file(self, path):
        if path.startswith('/vendor/'):
            if not Handler.vendor:
                return None
            if path.startswith('/vendor/prism/'):
                return PRISM / os.path.basename(path)
            return pathlib.Path(VENDOR[path]) if path in VENDOR else None
        return ASSETS / path.lstrip('/')

    def log_message(self, *_):
        pass


def main_thread(trace):
    """What the page's main thread did. In processor time, so that a busy machine does not change the figures."""
    events = json.loads(trace)['traceEvents']
    mains = {(e['pid'], e['tid']) for e in events if e.get('name') == 'thread_name' and e['args'].get('name') == 'CrRendererMain'}
    events = [e for e in events if (e.get('pid'), e.get('tid')) in mains and 'tdur' in e]
    tasks = sorted((e['tdur'] / 1000 for e in events if e['name'] == 'ThreadControllerImpl::RunTask'), reverse=True)
    sums = {name: round(sum(e['tdur'] for e in events if e['name'] == name) / 1000)
            for name in ('FireAnimationFrame', 'Layout', 'UpdateLayoutTree', 'PrePaint', 'Paint', 'Layerize', 'Commit', 'MajorGC', 'MinorGC', 'FireIdleCallback')}
    if os.environ.get('MD_PARTS'):
        start, end = min(e['ts'] for e in events), max(e['ts'] + e['dur'] for e in events)
        for part in range(10):
            inside = [e for e in events if part == min(9, int(10 * (e['ts'] - start) / (end - start)))]
            print(part, {name: round(sum(e['tdur'] for e in inside if e['name'] == name) / 1000) for name in ('ThreadControllerImpl::RunTask', *sums)},
                  sum(e['name'] == 'FireAnimationFrame' for e in inside))
    return {'taskMax': round(tasks[0]), 'taskTenth': round(tasks[9]), 'tasksOver50': sum(t > 50 for t in tasks), 'taskSum': round(sum(tasks)), 'sums': sums}


def main():
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f'http://127.0.0.1:{server.server_port}/'
    failures = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path='/usr/bin/chromium', args=['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'])
        for vendor in (True, False):
            Handler.vendor = vendor
            page = browser.new_page(viewport={'width': 900, 'height': 900})
            errors = []
            page.on('pageerror', lambda error: errors.append(str(error)))
            page.goto(address)
            page.wait_for_function('window.ready === true')
            for check in ('features', 'attack'):
                result = page.evaluate(f'window.checks.{check}()')
                print(('with' if vendor else 'without') + ' libraries,', check + ':', json.dumps(result))
                failures += [f'{check}: {failure}' for failure in result['failures'] if vendor or 'library' not in failure]
            failures += errors
            if vendor:
                page.evaluate('window.checks.features()')
                page.wait_for_timeout(600)
                if len(sys.argv) > 1:
                    page.screenshot(path=sys.argv[1], full_page=True)
                    page.emulate_media(color_scheme='dark')
                    page.screenshot(path=sys.argv[1].replace('.png', '-dark.png'), full_page=True)
                for shape in page.evaluate('Object.keys(window.shapes)'):
                    if len(sys.argv) > 2 and sys.argv[2] not in shape:
                        continue
                    browser.start_tracing(page=page, categories=['devtools.timeline', 'toplevel', 'disabled-by-default-devtools.timeline'])
                    result = page.evaluate(f'window.checks.stream({json.dumps(shape)})')
                    result |= main_thread(browser.stop_tracing())
                    if result['tasksOver50'] > 5:
                        result['failures'].append(f"{result['tasksOver50']} tasks took more than 50 ms of the processor")
                    print(f'stream {shape}:', json.dumps(result))
                    failures += [f'{shape}: {failure}' for failure in result['failures']]
            page.close()
        browser.close()
    print('FAILED\n' + '\n'.join(failures) if failures else 'all is well')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
