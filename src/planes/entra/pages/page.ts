/** What all pages share: the frame around them, and headers under which no script runs and nobody frames them. */
import type { Exchange } from "../../../http/exchange.ts";
import { type Html, html } from "./html.ts";
import { STYLE, STYLE_SOURCE } from "./style.ts";

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where the page's forms may lead besides here, as a source of a content security policy. */
  readonly formTarget?: string | undefined;
  /** The page has a script of ours. */
  readonly withScript?: boolean;
  /** What it shows in frames, each an address that was checked when it was registered. */
  readonly frames?: readonly string[];
}

export function replyPage(exchange: Exchange, page: Page, cookies: readonly string[] = []): void {
  const { title, body, status = 200, formTarget, withScript = false, frames = [] } = page;
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_SOURCE}`,
    ...(withScript ? ["script-src 'self'"] : []),
    ...(frames.length > 0 ? [`frame-src ${[...new Set(frames.map(originOf))].join(" ")}`] : []),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    // Chromium applies it to where a form's answer redirects, too. Last, for of two directives with one name the first counts, and this
    // one has a stranger's host in it.
    `form-action 'self'${formTarget === undefined ? "" : ` ${formTarget}`}`,
  ];
  const headers = [
    ...pageHeaders(),
    "content-type",
    "text/html; charset=utf-8",
    "content-security-policy",
    policy.join("; "),
    ...cookies.flatMap((cookie) => ["set-cookie", cookie]),
  ];
  exchange.reply(status, headers, document(title, body));
}

const originOf = (url: string): string => new URL(url).origin;

export function replyRedirect(exchange: Exchange, location: string, cookies: readonly string[] = []): void {
  const headers = [...pageHeaders(), "location", location];
  exchange.reply(303, [...headers, ...cookies.flatMap((cookie) => ["set-cookie", cookie])]);
}

/** A fresh list: a reply takes its headers over. */
function pageHeaders(): string[] {
  return [
    "cache-control",
    "no-store",
    "pragma",
    "no-cache",
    "referrer-policy",
    // `no-referrer` would hide the origin of our own forms from us.
    "same-origin",
    "x-content-type-options",
    "nosniff",
    "x-frame-options",
    "DENY",
    // No opener policy: MSAL up to version 4 reads the answer out of the window that it opened for us, and would lose it.
  ];
}

function document(title: string, body: Html): string {
  const page = html`<body>
<main>
<header>Batchyard sign-in</header>
${body}
</main>
</body>
</html>
`;
  const head = html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>`;
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.text}\n<style>${STYLE}</style>\n</head>\n${page.text}`;
}
