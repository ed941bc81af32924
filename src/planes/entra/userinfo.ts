/** The user information endpoint (OpenID Connect Core section 5.3): who the bearer of a Graph token signed in as. */

import { pairwiseSubject } from "../../app/directory/pairwise-subject.ts";
import { applicationState } from "../../app/directory/principal-state.ts";
import { userFind } from "../../app/directory/user.ts";
import { GRAPH_RESOURCE_NAMES } from "../../wire/entra/resources.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { replyUncached } from "./request/envelope.ts";

export const userinfo: Endpoint = {
  methods: ["GET", "POST"],
  paths: ["openid/userinfo"],
  async handle({ exchange, tokens, directory }) {
    const token = /^bearer +(\S+)$/i.exec(exchange.headers.authorization ?? "")?.[1];
    const audiences = [...GRAPH_RESOURCE_NAMES, exchange.origin, `${exchange.origin}/`];
    const verdict = token === undefined ? undefined : tokens.verify(token, { audiences });
    const principal = verdict?.ok && verdict.principal.kind === "User" ? verdict.principal : undefined;
    const user = principal && (await userFind(directory, principal.tenantId, principal.objectId));
    const application =
      principal && (await applicationState(directory.read, principal.tenantId, principal.appId));
    if (principal === undefined || application !== "active" || !user?.enabled) {
      // RFC 6750 section 3.1.
      const challenge = token === undefined ? "Bearer" : 'Bearer error="invalid_token"';
      exchange.response.setHeader("www-authenticate", challenge);
      return replyUncached(exchange, 401, { error: "invalid_token" });
    }
    const { givenName, surname, mail } = user.profile;
    replyUncached(exchange, 200, {
      // The same as in the client's id token (section 5.3.2).
      sub: pairwiseSubject(principal.appId, user),
      name: user.displayName,
      preferred_username: user.userPrincipalName,
      ...(givenName && { given_name: givenName }),
      ...(surname && { family_name: surname }),
      ...(mail && { email: mail }),
    });
  },
};
