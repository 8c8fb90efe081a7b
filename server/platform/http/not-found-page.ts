import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether somebody went to an address with a browser; programs, and whatever asks the API, want a problem. */
export function wantsPage(request: FastifyRequest): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && !/^\/(api|hooks)([/?#]|$)/.test(request.url)
    && /\btext\/html\b/.test(String(request.headers.accept ?? ''));
}

/** Answers a browser at an address where there is nothing (找不到页面). */
export function sendNotFoundPage(reply: FastifyReply): FastifyReply {
  return reply.status(404).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
}

// Of the address itself nothing stands here: it may be anybody's.
const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>找不到这个页面 · Page not found</title>
<style>:root{color-scheme:light dark;--ground:#f5f7fa;--card:#fff;--text:#1f2430;--quiet:#5b6472;--line:#e3e6ec;--link:#1a56db}@media(prefers-color-scheme:dark){:root{--ground:#14161a;--card:#1b1e24;--text:#e6e8ec;--quiet:#9aa3b2;--line:#2c3038;--link:#8ab4ff}}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:var(--ground);color:var(--text);font:16px/1.65 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{box-sizing:border-box;width:100%;max-width:520px;margin:24px 16px;padding:36px 32px 28px;background:var(--card);border:1px solid var(--line);border-radius:14px}
.code{margin:0;color:var(--quiet);font-size:14px;letter-spacing:.08em}h1{margin:4px 0 10px;font-size:24px;line-height:1.35}p{margin:0}section+section{margin-top:24px;padding-top:22px;border-top:1px solid var(--line)}h2{margin:0 0 6px;font-size:17px}section p{color:var(--quiet)}
nav{display:flex;flex-wrap:wrap;gap:8px 24px;margin-top:26px}a{color:var(--link);text-decoration:none;padding:4px 0}a:hover{text-decoration:underline}a:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:4px}</style></head>
<body><main><section><p class="code">404</p><h1>找不到这个页面</h1><p>网址可能写错了，或者页面已经移走。报修或查进度，请重新打开收到的链接，或再扫一次二维码。</p></section>
<section lang="en"><h2>There is no page at this address</h2><p>It may be misspelt, or the page has moved. To report something or follow your request, open the link you were sent once more, or scan the code again.</p></section>
<nav><a href="/">工作台 <span lang="en">Console</span></a><a href="/field/">现场端 <span lang="en">Field</span></a></nav></main></body></html>`;
