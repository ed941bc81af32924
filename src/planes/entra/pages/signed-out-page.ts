/**
 * Where a sign-out ends. Each application that was signed in to is told in a frame, which it loads from its own origin and in which it can end its own
 * session (OpenID Connect Front-Channel Logout 1.0). When all have loaded, the browser goes on to where it was to go.
 */
import { SIGNED_OUT_SCRIPT_PATH } from "../request/page-scripts.ts";
import { html } from "./html.ts";
import type { Page } from "./page.ts";

export interface SignedOutPage {
  readonly tenantName: string;
  /** To be told, each with what says which session it is. */
  readonly frames: readonly string[];
  /** Where to go on to. */
  readonly target: string | undefined;
}

export function signedOutPage({ tenantName, frames, target }: SignedOutPage): Page {
  const script = `/${encodeURIComponent(tenantName)}/${SIGNED_OUT_SCRIPT_PATH}`;
  return {
    title: "You signed out",
    frames,
    withScript: target !== undefined,
    body: html`<h1>You signed out</h1>
<p role="status">It is a good idea to close all browser windows.</p>
${target !== undefined && html`<p><a id="onward" href="${target}">Go on to the application</a></p>`}
${frames.map((frame) => html`<iframe src="${frame}" title="Signing out" hidden></iframe>`)}
${target !== undefined && html`<script src="${script}"></script>`}`,
  };
}
