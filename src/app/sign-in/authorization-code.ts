/** Authorization codes: ten minutes, one use, bound to client, redirect URI, tenant and challenge (RFC 6749, RFC 7636). */
import { hash, timingSafeEqual } from "node:crypto";
import {
  authorizationCodeByHash,
  authorizationCodeInsert,
  authorizationCodeUsed,
} from "../../store/sign-in.ts";
import type { Directory } from "../directory/directory.ts";
import { aadsts } from "./aadsts.ts";
import type { DelegatedRequest } from "./delegated-request.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import {
  familyBegin,
  familyFind,
  familyRevoke,
  type NewFamily,
  type SignInFamily,
} from "./sign-in-family.ts";

export interface CodeDetails {
  readonly redirectUri: string;
  readonly request: DelegatedRequest;
  readonly nonce: string | undefined;
  /** The verifier's SHA-256, whatever the method: a plain challenge is the verifier itself, which is not stored. */
  readonly challenge: string | undefined;
}

const CODE_LIFETIME_MS = 10 * 60_000;

export async function authorizationCodeIssue(
  directory: Directory,
  family: NewFamily,
  details: CodeDetails,
  now: number,
): Promise<string> {
  const code = newSecretToken();
  await directory.record(async (c) => {
    const { id } = await familyBegin(c, family, now);
    await authorizationCodeInsert.run(c, {
      hash: secretTokenHash(code),
      family_id: id,
      details: JSON.stringify(details),
      redeemed_at: null,
      expires_at: now + CODE_LIFETIME_MS,
    });
  });
  return code;
}

export interface CodeRedemption {
  readonly family: SignInFamily;
  readonly details: CodeDetails;
}

export interface CodePresentation {
  readonly code: string;
  readonly appId: string;
  /** Undefined at `/common`, which redeems every tenant's. */
  readonly tenantId: string | undefined;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
}

/**
 * In one transaction, so that of two requests with one code the second finds it redeemed, and ends what the first began.
 * @param accept what else must hold; when it throws, the code stays as it was
 * @throws Fault 70000, 54005, 70008, 700005, 500112, 501481
 */
export async function authorizationCodeRedeem(
  directory: Directory,
  presented: CodePresentation,
  now: number,
  accept: (redemption: CodeRedemption) => void,
): Promise<CodeRedemption> {
  const key = secretTokenHash(presented.code);
  const redemption = await directory.record(async (c): Promise<CodeRedemption | "replayed"> => {
    const row = await authorizationCodeByHash.first(c, { hash: key });
    const family = row && (await familyFind(c, row.family_id));
    if (row === undefined || family === undefined || family.appId !== presented.appId)
      throw aadsts(70000, { reason: "the authorization code is unknown, or another client's." });
    if (row.redeemed_at !== null) {
      await familyRevoke(c, family.id, now);
      return "replayed";
    }
    if (now >= row.expires_at) throw aadsts(70008);
    const details = JSON.parse(row.details) as CodeDetails;
    if (presented.tenantId !== undefined && family.tenantId !== presented.tenantId) throw aadsts(700005);
    if (details.redirectUri !== presented.redirectUri)
      throw aadsts(500112, { uri: presented.redirectUri ?? "" });
    checkVerifier(details.challenge, presented.verifier);
    accept({ family, details });
    await authorizationCodeUsed.run(c, { hash: key, redeemed_at: now });
    return { family, details };
  });
  if (redemption === "replayed") throw aadsts(54005);
  return redemption;
}

/** RFC 7636 section 4.2, `S256`. */
export const challengeOf = (verifier: string): string => hash("sha256", verifier, "base64url");

/** RFC 7636 section 4.6. A verifier without a challenge is refused too: it was meant for another code. */
function checkVerifier(challenge: CodeDetails["challenge"], verifier: string | undefined): void {
  if (challenge === undefined && !verifier) return;
  // Hashed once more, so that the comparison takes equally long whatever the lengths.
  const digest = (text: string) => hash("sha256", text, "buffer");
  const derived = digest(challengeOf(verifier ?? ""));
  if (challenge === undefined || !verifier || !timingSafeEqual(digest(challenge), derived))
    throw aadsts(501481);
}
