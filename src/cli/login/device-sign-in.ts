/** Signs a user in on any device by a code (RFC 8628): shows it, and asks at the interval the service wants. */
import { setTimeout as sleep } from "node:timers/promises";
import { postForm, requestToken, SignInError, type SignInRequest, type TokenReply } from "./token-request.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code";
/** RFC 8628 section 3.5: how many seconds longer to wait after `slow_down`. */
const SLOWER_BY = 5;

interface DeviceCode {
  readonly device_code: string;
  readonly message: string;
  /** Seconds. */
  readonly interval: number;
}

/** @throws SignInError, also when the code has expired; the signal's AbortError */
export async function deviceSignIn(request: SignInRequest): Promise<TokenReply> {
  const code = (await postForm(request, "devicecode", { scope: request.scope })) as DeviceCode;
  request.tell(code.message);
  for (let interval = code.interval; ; ) {
    await sleep(interval * 1000, undefined, { signal: request.signal });
    try {
      return await requestToken(request, { grant_type: GRANT_TYPE, device_code: code.device_code });
    } catch (error) {
      const what = error instanceof SignInError ? error.oauthError : undefined;
      if (what === "slow_down") interval += SLOWER_BY;
      else if (what !== "authorization_pending") throw error;
    }
  }
}
