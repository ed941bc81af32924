/** The JWT by which an application proves itself with its certificate (RFC 7523), in the form that most clients use. */
import { createHash, type KeyObject, randomUUID, sign } from "node:crypto";
import type { SignInDoor } from "./sign-in.fixture.ts";

interface Application {
  readonly appId: string;
  /** DER. */
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
}

export function clientAssertion(
  door: Pick<SignInDoor, "main" | "tenantId" | "clock">,
  { appId, certificate, privateKey }: Application,
): string {
  const now = Math.floor(door.clock() / 1000);
  const x5t = createHash("sha1").update(certificate).digest("base64url");
  const claims = {
    iss: appId,
    sub: appId,
    aud: `https://localhost:${door.main.port}/${door.tenantId}/oauth2/v2.0/token`,
    jti: randomUUID(),
    nbf: now,
    exp: now + 600,
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ alg: "RS256", typ: "JWT", x5t })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
