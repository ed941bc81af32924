/** Signs the service's tokens: RS256 under the key whose turn it is. */
import { sign } from "node:crypto";
import type { SigningKeys } from "./signing-keys.ts";

/**
 * In libuv's threads: the requests behind this one need not wait for a quarter of a millisecond of arithmetic.
 * @param version of the token: the header of version 1 names the key's certificate, too
 */
export function signJwt({ active }: SigningKeys, claims: object, version: 1 | 2): Promise<string> {
  const header = version === 1 ? active.header1 : active.header2;
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return new Promise((resolve, reject) => {
    sign("sha256", Buffer.from(signed), active.privateKey, (error, signature) =>
      error ? reject(error) : resolve(`${signed}.${signature.toString("base64url")}`),
    );
  });
}
