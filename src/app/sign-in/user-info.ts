/** What the user information endpoints tell (OpenID Connect Core section 5.3): who the bearer of a Graph token signed in as. */
import { GRAPH_RESOURCE_NAMES } from "../../wire/entra/resources.ts";
import type { AccessTokenVerifier } from "../directory/access-token-verify.ts";
import type { Directory } from "../directory/directory.ts";
import { pairwiseSubject } from "../directory/pairwise-subject.ts";
import { applicationState } from "../directory/principal-state.ts";
import { userFind } from "../directory/user.ts";

export type UserInfo =
  | { readonly claims: Readonly<Record<string, string>> }
  /** RFC 6750 section 3.1, the value of `WWW-Authenticate`. */
  | { readonly challenge: string };

/** @param origin of this service, which is a name of Graph too */
export async function userInfo(
  { directory, tokens }: { readonly directory: Directory; readonly tokens: AccessTokenVerifier },
  authorization: string | undefined,
  origin: string,
): Promise<UserInfo> {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return { challenge: "Bearer" };
  const verdict = tokens.verify(token, { audiences: [...GRAPH_RESOURCE_NAMES, origin, `${origin}/`] });
  const principal = verdict.ok && verdict.principal.kind === "User" ? verdict.principal : undefined;
  const user = principal && (await userFind(directory, principal.tenantId, principal.objectId));
  const application =
    principal && (await applicationState(directory.read, principal.tenantId, principal.appId));
  if (principal === undefined || application !== "active" || !user?.enabled)
    return { challenge: 'Bearer error="invalid_token"' };
  const { givenName, surname, mail } = user.profile;
  return {
    claims: {
      // The same as in the client's id token (section 5.3.2).
      sub: pairwiseSubject(principal.appId, user),
      name: user.displayName,
      preferred_username: user.userPrincipalName,
      ...(givenName && { given_name: givenName }),
      ...(surname && { family_name: surname }),
      ...(mail && { email: mail }),
    },
  };
}
