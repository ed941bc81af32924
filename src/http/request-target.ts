/**
 * Takes a request target apart by hand (RFC 9112 section 3.2). The URL class must not be used on it: some Azure clients
 * send `//subscriptions/…`, which it reads as a host.
 */

export interface RequestTarget {
  /** Only in absolute form, as proxies get it. */
  readonly scheme: "http" | "https" | undefined;
  readonly authority: string | undefined;
  /** As sent, still percent-encoded, with every leading slash: what a SharedKey signature covers. */
  readonly rawPath: string;
  /** Without the question mark; empty when there is none. */
  readonly rawQuery: string;
}

const ABSOLUTE = /^(https?):\/\/([^/?#]*)/i;

/** @returns undefined for a target in neither origin nor absolute form */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (target.charCodeAt(0) === 47 /* / */) return withPath(undefined, undefined, target, 0);
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) return undefined;
  const scheme = absolute[1]?.toLowerCase() === "https" ? "https" : "http";
  return withPath(scheme, absolute[2], target, absolute[0].length);
}

function withPath(
  scheme: RequestTarget["scheme"],
  authority: string | undefined,
  target: string,
  start: number,
): RequestTarget {
  const question = target.indexOf("?", start);
  return {
    scheme,
    authority,
    rawPath: (question < 0 ? target.slice(start) : target.slice(start, question)) || "/",
    rawQuery: question < 0 ? "" : target.slice(question + 1),
  };
}

/** The path with its leading slashes made one. */
export function collapseLeadingSlashes(rawPath: string): string {
  let start = 0;
  while (rawPath.charCodeAt(start + 1) === 47) start++;
  return start === 0 ? rawPath : rawPath.slice(start);
}
