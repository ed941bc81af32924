/**
 * Where a browser opens the pages. A browser that comes by one of Azure's names is led to the pages' own origin, so that who has signed in
 * there is signed in whatever name a program began with.
 */
import type { EntraContext } from "./endpoint.ts";

/**
 * What a browser opens is on another origin than the document where the browser would not get there: by Azure's names, which
 * lead here through a proxy only, and for the command lines that come in ADFS style, whose user's browser has no reason to
 * trust our CA. Everyone else stays on https, which strict clients insist on.
 */
export function pagesBase({ exchange, tenantName, pagesOrigin }: EntraContext): string {
  const isElsewhere = exchange.authority.answeredAs !== "local" || tenantName.toLowerCase() === "adfs";
  return (isElsewhere ? pagesOrigin() : undefined) ?? exchange.origin;
}

/** What an endpoint's address has at its end that is led to from one of Azure's names: the name, or nothing. */
export function ledFrom(context: EntraContext): string {
  const { authority, origin } = context.exchange;
  return authority.answeredAs !== "local" && pagesBase(context) !== origin ? `/${authority.host}` : "";
}

/** The same page at the pages' origin; undefined where that is where the browser is, or its form would not come along. */
export function pageElsewhere(context: EntraContext): string | undefined {
  const { exchange, tenantName, path } = context;
  const { authority, method, rawQuery } = exchange;
  const base = pagesBase(context);
  if (authority.answeredAs === "local" || method === "POST" || base === exchange.origin) return undefined;
  const named = /\/(authorize|logout)$/.test(path) ? ledFrom(context) : "";
  return `${base}/${encodeURIComponent(tenantName)}/${path}${named}${rawQuery === "" ? "" : `?${rawQuery}`}`;
}
