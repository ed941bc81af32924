/** A user of the service who has signed in on its pages, and the requests that a browser and a native application then send. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { httpRequest } from "../load/http-request.ts";
import { BATCH_AUDIENCE } from "./batch-session.ts";
import type { ServiceProcess } from "./service-process.ts";

/** The Azure CLI: every tenant knows it, and it needs no consent. */
const CLIENT_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const REDIRECT_URI = "http://localhost:5005";
const SCOPE = `${BATCH_AUDIENCE}/.default openid profile offline_access`;
const FORM = "application/x-www-form-urlencoded";

export interface SignedInUser {
  /** What the browser asks, and is answered with a form that carries a code. */
  readonly codeRequest: string;
  codeRedemption(code: string): string;
  refresh(token: string): string;
}

/** @throws Error when the pages do not lead to a session */
export async function signIn({ ready }: ServiceProcess): Promise<SignedInUser> {
  const { login, caFile, tenantId, username, password } = ready;
  const ca = readFileSync(caFile);
  const cookies: string[] = [];
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: "code",
    response_mode: "form_post",
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
  });
  const path = `/${tenantId}/oauth2/v2.0/authorize?${query}`;

  const visit = async (form?: URLSearchParams): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // As in the requests of the load: the session's cookie is named after the port in it.
    const headers = { host: "localhost", cookie: cookies.join("; "), ...(form && { "content-type": FORM }) };
    const sent = request(`${login}${path}`, { method: form ? "POST" : "GET", ca, headers }, (reply) => {
      for (const cookie of reply.headers["set-cookie"] ?? []) cookies.push(cookie.split(";", 1)[0] ?? "");
      text(reply).then(resolve, reject);
    });
    sent.on("error", reject);
    sent.end(form?.toString());
    return promise;
  };

  const page = await visit();
  const hidden = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  const fields = new URLSearchParams();
  for (const [, name = "", value = ""] of hidden) fields.set(name, value);
  for (const [name, value] of Object.entries({ username, password, step: "sign-in" }))
    fields.set(name, value ?? "");
  await visit(fields);

  const token = (fields: Readonly<Record<string, string>>): string =>
    httpRequest({
      method: "POST",
      path: `/${tenantId}/oauth2/v2.0/token`,
      headers: { "Content-Type": FORM },
      body: new URLSearchParams({ client_id: CLIENT_ID, scope: SCOPE, ...fields }).toString(),
    });
  return {
    codeRequest: httpRequest({ method: "GET", path, headers: { Cookie: cookies.join("; ") } }),
    codeRedemption: (code) => token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT_URI }),
    refresh: (refreshToken) => token({ grant_type: "refresh_token", refresh_token: refreshToken }),
  };
}

/** @throws Error with the page, when it is another */
export function codeIn(page: string): string {
  const code = /name="code" value="([^"]+)"/.exec(page)?.[1];
  if (code === undefined) throw new Error(`no code came back:\n${page}`);
  return code;
}
