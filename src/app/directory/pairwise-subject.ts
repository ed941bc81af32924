/** A user's name towards one application: another application cannot tell that it is the same person. */
import { hash } from "node:crypto";
import type { User } from "./user.ts";

/** OpenID Connect Core section 8.1. */
export function pairwiseSubject(
  appId: string,
  { tenantId, objectId }: Pick<User, "tenantId" | "objectId">,
): string {
  return hash("sha256", `${tenantId}/${objectId}/${appId}`, "base64url");
}
