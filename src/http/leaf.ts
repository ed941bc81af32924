/**
 * The certificates that the TLS listeners show: one for this machine's names, and one per other name on the allow-list,
 * minted when a client first asks for it and minted again near its end. Wildcards would not do: one label deep at the
 * most, and refused altogether for `*.localhost`.
 */
import { createSecureContext, type SecureContext } from "node:tls";
import type { CertificateAuthority, Leaf } from "./certificate-authority.ts";
import type { HostAllowList } from "./host-allow-list.ts";

export interface ServerCertificates {
  /** For clients that name no server, as those do that connect to an IP address. */
  local(): Leaf;
  /** @returns undefined for a name that we do not answer */
  named(serverName: string): SecureContext | undefined;
}

/** A name costs a key, a signature and some tens of kilobytes, and `*.batch.azure.com` has endless names. */
const MAX_LEAVES = 256;
const RENEW_BEFORE_END_MS = 30 * 86_400_000;

export function serverCertificates(
  authority: CertificateAuthority,
  hosts: HostAllowList,
  clock: () => number,
): ServerCertificates {
  const named = new Map<string, { readonly leaf: Leaf; readonly context: SecureContext }>();
  let localLeaf: Leaf | undefined;

  const isFresh = (leaf: Leaf) => clock() < leaf.notAfter - RENEW_BEFORE_END_MS;

  function local(): Leaf {
    if (localLeaf === undefined || !isFresh(localLeaf))
      localLeaf = authority.mintLeaf(hosts.localNames, clock());
    return localLeaf;
  }

  function context(name: string, mint: () => Leaf): SecureContext {
    const known = named.get(name);
    if (known !== undefined && isFresh(known.leaf)) return known.context;
    const leaf = mint();
    const minted = { leaf, context: createSecureContext(leaf) };
    const oldest = named.keys().next();
    if (named.size >= MAX_LEAVES && !oldest.done) named.delete(oldest.value);
    named.set(name, minted);
    return minted.context;
  }

  return {
    local,
    named: (serverName) => {
      const name = serverName.toLowerCase();
      const answered = hosts.answers(name);
      if (answered === undefined) return undefined;
      return context(name, answered === "local" ? local : () => authority.mintLeaf([name], clock()));
    },
  };
}
