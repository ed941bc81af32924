/** Puts an access token on each request, and on each retry of it. */
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { AccessToken, TokenCredential, TokenProvider } from "./credentials.ts";

/** The audience, slash and all, and the v2 suffix after another. Source: "Authenticate Azure Batch services with Microsoft Entra ID". */
const SCOPE = "https://batch.core.windows.net//.default";

/** A token is replaced so long before it expires. Milliseconds. */
const MARGIN_MS = 120_000;

export function tokenPolicy(provider: TokenProvider | TokenCredential, clock: () => number): PipelinePolicy {
  const token = typeof provider === "function" ? provider : cachedToken(provider, clock);
  return {
    name: "batchTokenPolicy",
    sendRequest: async (request, next) => {
      request.headers.set("authorization", `Bearer ${await token()}`);
      return next(request);
    },
  };
}

/** Credentials of `@azure/identity` cache, but not all of them: that of the Azure CLI starts a process each time. */
function cachedToken(credential: TokenCredential, clock: () => number): TokenProvider {
  let held: AccessToken | undefined;
  let coming: Promise<AccessToken> | undefined;

  async function fetch(): Promise<AccessToken> {
    const token = await credential.getToken(SCOPE);
    if (token === null) throw new Error("the credential brought no token");
    return token;
  }

  return async () => {
    if (held === undefined || held.expiresOnTimestamp - MARGIN_MS <= clock()) {
      // Requests that start together wait for the same token.
      coming ??= fetch().finally(() => {
        coming = undefined;
      });
      held = await coming;
    }
    return held.token;
  };
}
