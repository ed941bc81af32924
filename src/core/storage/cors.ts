/** Which rule lets a script in. Pure. Source: "Cross-Origin Resource Sharing (CORS) support for Azure Storage", section "Understanding CORS rule evaluation". */

export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  /** A star at the end stands for whatever follows. */
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: number;
}

export interface CorsQuestion {
  readonly origin: string;
  readonly method: string;
  /** Names of headers that the script wants to send. */
  readonly headers?: readonly string[];
}

/** The first that fits; rules after it are not looked at. */
export function corsRuleFor(rules: readonly CorsRule[], asked: CorsQuestion): CorsRule | undefined {
  return rules.find(
    ({ origins, methods, headers }) =>
      origins.some((origin) => fitsOrigin(origin, asked.origin)) &&
      methods.some((method) => method.toUpperCase() === asked.method.toUpperCase()) &&
      (asked.headers ?? []).every((name) => headers.some((pattern) => fitsHeader(pattern, name))),
  );
}

/** One star for part of a host name: `https://*.contoso.com`. */
function fitsOrigin(pattern: string, origin: string): boolean {
  if (pattern === "*") return true;
  const [wanted, given] = [pattern.toLowerCase(), origin.toLowerCase()];
  const star = wanted.indexOf("*");
  if (star < 0) return wanted === given;
  const [before, after] = [wanted.slice(0, star), wanted.slice(star + 1)];
  return given.length > before.length + after.length && given.startsWith(before) && given.endsWith(after);
}

function fitsHeader(pattern: string, name: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), name.toLowerCase()];
  return wanted.endsWith("*") ? given.startsWith(wanted.slice(0, -1)) : wanted === given;
}
