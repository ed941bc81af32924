/** Signs a user in in the browser: authorization code with PKCE (RFC 7636) and a loopback redirect URI (RFC 8252). */

import { createHash, randomBytes } from "node:crypto";
import { AZURE_CLI_CLIENT_ID } from "../connect/azure-cli-client.ts";
import { requestJson } from "../connect/http-json.ts";
import { listenForAnswer } from "./loopback-answer.ts";
import { openBrowser } from "./open-browser.ts";
import { requestToken, SignInError, type SignInRequest, type TokenReply } from "./token-request.ts";

/** @throws SignInError; the signal's AbortError */
export async function browserSignIn(request: SignInRequest): Promise<TokenReply> {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(32).toString("base64url");
  const listener = await listenForAnswer(state, request.signal);
  try {
    const url = new URL(`/${request.tenant}/oauth2/v2.0/authorize`, await pagesOrigin(request));
    url.search = new URLSearchParams({
      client_id: AZURE_CLI_CLIENT_ID,
      response_type: "code",
      redirect_uri: listener.redirectUri,
      scope: request.scope,
      state,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      prompt: "select_account",
    }).toString();
    openBrowser(url.href, () => request.tell(`Open this address in a browser to sign in:\n${url.href}`));
    const answer = await listener.answer;
    const code = answer.get("code");
    if (code === null)
      throw new SignInError(
        answer.get("error") ?? "no code came back",
        answer.get("error_description") ?? "",
      );
    return await requestToken(request, {
      grant_type: "authorization_code",
      code,
      redirect_uri: listener.redirectUri,
      code_verifier: verifier,
    });
  } finally {
    listener.close();
  }
}

/** The origin of the pages for a browser that does not trust our CA: what command lines are told that ask in ADFS style. */
async function pagesOrigin({ login, ca }: SignInRequest): Promise<string> {
  const document = await requestJson(`${login}/adfs/.well-known/openid-configuration`, { ca });
  return new URL((document as { readonly authorization_endpoint: string }).authorization_endpoint).origin;
}
