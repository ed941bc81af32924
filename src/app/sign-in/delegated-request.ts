/**
 * What a user's token is asked for, in either of the two request styles: `resource` (v1) or `scope` (v2). Pure. Names are never
 * normalised: a slash more or less is another audience.
 */
import { aadsts } from "./aadsts.ts";

export interface DelegatedRequest {
  readonly style: "v1" | "v2";
  /** Letter by letter the token's audience. */
  readonly audience: string;
  /** Everything that the registration lists, instead of named permissions: v1, and v2's `/.default`. */
  readonly isDefault: boolean;
  /** Named permissions of the resource. */
  readonly scopes: readonly string[];
  /** Of `openid`, `profile`, `email`, `offline_access`. */
  readonly openId: readonly string[];
}

const OPEN_ID_SCOPES: ReadonlySet<string> = new Set(["openid", "profile", "email", "offline_access"]);
/** The resource of permissions that are named without one. */
const GRAPH_AUDIENCE = "https://graph.microsoft.com";

/** v1 signs users in whether `openid` is asked for or not, and always gives a refresh token. */
export function v1Request(resource: string, scope: string | undefined): DelegatedRequest {
  const openId = [...new Set(["openid", "profile", "offline_access", ...words(scope).filter(isOpenId)])];
  return { style: "v1", audience: resource, isDefault: true, scopes: [], openId };
}

/** @throws Fault 28000 for two resources, 70011 for a scope that is none */
export function v2Request(scope: string): DelegatedRequest {
  const all = words(scope);
  const openId = all.filter(isOpenId);
  const named = all.filter((word) => !isOpenId(word)).map(split);
  const [first] = named;
  if (first === undefined) {
    if (openId.length === 0) throw aadsts(70011, { scope, reason: "it is empty." });
    return { style: "v2", audience: GRAPH_AUDIENCE, isDefault: false, scopes: [], openId };
  }
  if (named.some(({ audience }) => audience !== first.audience)) throw aadsts(28000, { scope });
  const scopes = named.map(({ value }) => value);
  const isDefault = scopes.includes(".default");
  if (isDefault && scopes.length > 1)
    throw aadsts(70011, { scope, reason: "/.default cannot be combined with named permissions." });
  return { style: "v2", audience: first.audience, isDefault, scopes: isDefault ? [] : scopes, openId };
}

/** The resource that a scope is of; undefined for OpenID Connect's own. */
export function scopeResource(word: string): string | undefined {
  return isOpenId(word) ? undefined : split(word).audience;
}

/** One resource and one permission: `https://batch.core.windows.net//.default` has the audience that ends in a slash. */
function split(word: string): { audience: string; value: string } {
  if (!/[/:]/.test(word)) return { audience: GRAPH_AUDIENCE, value: word };
  const slash = word.lastIndexOf("/");
  const [audience, value] = [word.slice(0, slash), word.slice(slash + 1)];
  if (slash <= 0 || value === "" || audience.endsWith(":/"))
    throw aadsts(70011, { scope: word, reason: "it names no permission of a resource." });
  return { audience, value };
}

/** What the reply says was granted; MSAL finds the token again by the words that it asked with. */
export function grantedScope(request: DelegatedRequest, granted: readonly string[]): string {
  if (request.style === "v1") return granted.join(" ");
  const { audience, isDefault, openId } = request;
  const full = (value: string) => (OPEN_ID_SCOPES.has(value) ? value : `${audience}/${value}`);
  const own = openId.filter((value) => value !== "offline_access");
  return [...new Set([...granted.map(full), ...own, ...(isDefault ? [`${audience}/.default`] : [])])].join(
    " ",
  );
}

const words = (scope: string | undefined): string[] => (scope ?? "").split(" ").filter((word) => word !== "");
const isOpenId = (word: string): boolean => OPEN_ID_SCOPES.has(word);
