/** `/oidc/userinfo`, below no version: who the bearer of a token signed in as (OpenID Connect Core section 5.3). */
import { userInfo } from "../../app/sign-in/user-info.ts";
import { Fault } from "../../core/fault.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { GraphPlane } from "./request/context.ts";
import { replySuccess } from "./request/envelope.ts";

export const isUserInfo = ({ method, path }: Exchange): boolean =>
  (method === "GET" || method === "POST") && /^\/oidc\/userinfo\/?$/i.test(path);

/** @throws Fault InvalidAuthenticationToken */
export async function replyUserInfo(
  plane: Pick<GraphPlane, "directory" | "tokens">,
  exchange: Exchange,
): Promise<void> {
  const info = await userInfo(plane, exchange.headers.authorization, exchange.origin);
  if ("claims" in info) return replySuccess(exchange, 200, { json: info.claims });
  throw new Fault("InvalidAuthenticationToken", "The access token is none of a user who may sign in.", {
    status: 401,
  });
}
