/** The two shapes of a token reply: v1 writes its numbers as strings and repeats the resource, v2 does neither. */
import type { IssuedToken } from "../../app/directory/access-token.ts";
import type { RequestedResource } from "./request/requested-resource.ts";

/** @param now epoch milliseconds */
export function tokenReply({ style, audience }: RequestedResource, issued: IssuedToken, now: number) {
  const { token, notBefore, expiresAt } = issued;
  // One second less than is left, as the real service says it: clients count from when the reply arrives.
  const expiresIn = expiresAt - Math.floor(now / 1000) - 1;
  if (style === "v2") {
    return { token_type: "Bearer", expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token };
  }
  return {
    token_type: "Bearer",
    expires_in: String(expiresIn),
    ext_expires_in: String(expiresIn),
    expires_on: String(expiresAt),
    not_before: String(notBefore),
    resource: audience,
    access_token: token,
  };
}
