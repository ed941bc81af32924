/** The user information endpoint of version 1 (OpenID Connect Core section 5.3); that of version 2 is Graph's. */
import { userInfo } from "../../app/sign-in/user-info.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { replyUncached } from "./request/envelope.ts";

export const userinfo: Endpoint = {
  methods: ["GET", "POST"],
  paths: ["openid/userinfo"],
  async handle(context) {
    const { exchange } = context;
    const info = await userInfo(context, exchange.headers.authorization, exchange.origin);
    if ("claims" in info) return replyUncached(exchange, 200, info.claims);
    exchange.response.setHeader("www-authenticate", info.challenge);
    replyUncached(exchange, 401, { error: "invalid_token" });
  },
};
