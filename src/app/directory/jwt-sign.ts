/** Signs the service's tokens: RS256 under the key whose turn it is. */
import { sign } from "node:crypto";
import type { SigningKeys } from "./signing-keys.ts";

/** In libuv's threads: the requests behind this one need not wait for a quarter of a millisecond of arithmetic. */
export function signJwt({ active }: SigningKeys, claims: object): Promise<string> {
  const signed = `${active.header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return new Promise((resolve, reject) => {
    sign("sha256", Buffer.from(signed), active.privateKey, (error, signature) =>
      error ? reject(error) : resolve(`${signed}.${signature.toString("base64url")}`),
    );
  });
}
