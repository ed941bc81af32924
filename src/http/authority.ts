/**
 * Reads the `host[:port]` of a Host header, an absolute request target or a CONNECT request. It decides nothing about the
 * name; `host-allow-list.ts` does.
 */

export interface Authority {
  /** Lower-case, IPv6 without brackets. */
  readonly name: string;
  /** As written; absent means the scheme's own. */
  readonly port: number | undefined;
  /** Name and port as a URL carries them. */
  readonly host: string;
}

const MAX_PORT = 65_535;
const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?$/;

/** @returns undefined for anything but a name or address with an optional port */
export function parseAuthority(text: string): Authority | undefined {
  const host = text.toLowerCase();
  const match = AUTHORITY.exec(host);
  const name = match?.[1] ?? match?.[2];
  if (name === undefined) return undefined;
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  return port !== undefined && port > MAX_PORT ? undefined : { name, port, host };
}
