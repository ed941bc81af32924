/**
 * A family is what one sign-in led to: its authorization code, then refresh tokens, each from one before. A code that comes back a second
 * time ends its whole family: one of the two who hold it has stolen it.
 */
import { randomUUID } from "node:crypto";
import type { Connection } from "../../store/engine/connection.ts";
import {
  type SignInFamilyRow,
  signInFamilyById,
  signInFamilyInsert,
  signInFamilyRevoke,
} from "../../store/sign-in.ts";
import type { Platform } from "./sign-in.ts";
import type { SignedInUser } from "./signed-in-user.ts";

export interface SignInFamily {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly appId: string;
  readonly platform: Platform;
  /** Epoch milliseconds. */
  readonly authAt: number;
  /** The id of the browser's session in which it began. */
  readonly sessionId: string | undefined;
  readonly createdAt: number;
  readonly isRevoked: boolean;
}

/** Of refresh tokens: 90 days without use, a day for single-page applications. Source: "Refresh tokens in the Microsoft identity platform". */
const LIFETIME_MS = 90 * 86_400_000;
/** For this long a code without refresh tokens is remembered, so that it is recognised when it comes again. */
const REPLAY_MEMORY_MS = 86_400_000;
const SINGLE_PAGE_LIFETIME_MS = 86_400_000;

export interface NewFamily extends SignedInUser {
  readonly appId: string;
  readonly platform: Platform;
}

interface FamilyDetails {
  readonly platform: Platform;
  readonly authAt: number;
  readonly sessionId?: string | undefined;
}

/** Inside a write. */
export async function familyBegin(
  c: Connection,
  { user, authAt, sessionId, appId, platform }: NewFamily,
  now: number,
): Promise<SignInFamily> {
  const row: SignInFamilyRow = {
    id: randomUUID(),
    tenant_id: user.tenantId,
    user_id: user.objectId,
    app_id: appId,
    details: JSON.stringify({ platform, authAt, sessionId } satisfies FamilyDetails),
    created_at: now,
    revoked_at: null,
    expires_at: now + REPLAY_MEMORY_MS,
  };
  await signInFamilyInsert.run(c, row);
  return family(row);
}

export async function familyFind(c: Connection, id: string): Promise<SignInFamily | undefined> {
  const row = await signInFamilyById.first(c, { id });
  return row && family(row);
}

export async function familyRevoke(c: Connection, id: string, now: number): Promise<void> {
  await signInFamilyRevoke.run(c, { id, revoked_at: now });
}

/** When a refresh token that is issued now ends. A single-page application's end with the day they began. */
export function refreshTokenEnd({ platform, createdAt }: SignInFamily, now: number): number {
  return platform === "spa" ? createdAt + SINGLE_PAGE_LIFETIME_MS : now + LIFETIME_MS;
}

function family(row: SignInFamilyRow): SignInFamily {
  const { platform, authAt, sessionId } = JSON.parse(row.details) as FamilyDetails;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    appId: row.app_id,
    platform,
    authAt,
    sessionId,
    createdAt: row.created_at,
    isRevoked: row.revoked_at !== null,
  };
}
