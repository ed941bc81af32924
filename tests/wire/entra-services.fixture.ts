/** The token service's parts, put together as the composition root does it. */

import { type JsonWebKey, randomBytes } from "node:crypto";
import { SignInLog } from "../../src/app/access/sign-in-log.ts";
import { accessTokens } from "../../src/app/directory/access-token.ts";
import { accessTokenVerifier } from "../../src/app/directory/access-token-verify.ts";
import type { Directory } from "../../src/app/directory/directory.ts";
import { idTokens } from "../../src/app/directory/id-token.ts";
import type { SigningKeys } from "../../src/app/directory/signing-keys.ts";
import { AssertionMemory } from "../../src/app/sign-in/assertion-memory.ts";
import { PasswordCheck } from "../../src/app/sign-in/password-check.ts";
import type { EntraServices } from "../../src/planes/entra/request/endpoint.ts";
import type { AuditEntry } from "../../src/wire/access/access-api.ts";

interface Parts {
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly clock: () => number;
  readonly isOwnUrl: EntraServices["isOwnUrl"];
  readonly isOwnAuthority: EntraServices["isOwnAuthority"];
  readonly pagesOrigin?: EntraServices["pagesOrigin"];
  readonly pagePorts?: EntraServices["pagePorts"];
  /** Where sign-ins are told; default: nowhere. */
  readonly audit?: (entry: AuditEntry) => void;
  /** What the keys of every other issuer are. */
  readonly issuerKeys?: readonly JsonWebKey[];
}

export function entraServices(parts: Parts): EntraServices {
  const {
    directory,
    keys,
    clock,
    isOwnUrl,
    isOwnAuthority,
    pagesOrigin,
    pagePorts,
    issuerKeys = [],
    audit = () => {},
  } = parts;
  return {
    directory,
    clock,
    isOwnUrl,
    isOwnAuthority,
    tokens: accessTokenVerifier(keys, clock),
    passwords: new PasswordCheck(directory, clock),
    assertions: new AssertionMemory(),
    signIns: new SignInLog(audit, clock),
    issuerKeys: async () => issuerKeys,
    accessTokens: accessTokens(keys, clock),
    idTokens: idTokens(keys, clock),
    publishedKeys: () => keys.published,
    pagesOrigin: pagesOrigin ?? (() => undefined),
    pagePorts: pagePorts ?? (() => []),
    portalOrigins: () => [],
    pageKey: randomBytes(32),
  };
}
