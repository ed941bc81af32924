/**
 * Device codes (RFC 8628): the device polls with one, the user enters the other.
 *
 *   pending ──user signs in and confirms──▶ approved ──device polls──▶ redeemed
 *      └──────user declines───────────────▶ declined
 */
import { randomInt } from "node:crypto";
import {
  type DeviceCodeRow,
  deviceCodeByHash,
  deviceCodeByUserCode,
  deviceCodeDecided,
  deviceCodeInsert,
  deviceCodePolled,
} from "../../store/sign-in.ts";
import type { Directory } from "../directory/directory.ts";
import { aadsts } from "./aadsts.ts";
import type { DelegatedRequest } from "./delegated-request.ts";
import { newSecretToken, secretTokenHash } from "./secret-token.ts";
import type { SignedInUser } from "./signed-in-user.ts";

/** Seconds, as the real service says them. */
export const DEVICE_CODE_LIFETIME_SECONDS = 900;
export const DEVICE_POLL_INTERVAL_SECONDS = 5;
/** RFC 8628 section 3.5: how much longer to wait after `slow_down`. */
const SLOW_DOWN_SECONDS = 5;
/** A poll may come this much early: clients measure the interval at their end. */
const POLL_TOLERANCE_MS = 1_000;
/** RFC 8628 section 6.1: consonants and digits that are told apart. 9 of 28: 43 bits, for 15 minutes. */
const USER_CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789";
const USER_CODE_LENGTH = 9;

export interface NewDeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
}

/** @param tenantId where the user must be from; undefined lets the user tell */
export async function deviceCodeIssue(
  directory: Directory,
  appId: string,
  tenantId: string | undefined,
  request: DelegatedRequest,
  now: number,
): Promise<NewDeviceCode> {
  const deviceCode = newSecretToken();
  const userCode = Array.from(
    { length: USER_CODE_LENGTH },
    () => USER_CODE_ALPHABET[randomInt(USER_CODE_ALPHABET.length)],
  ).join("");
  await directory.record((c) =>
    deviceCodeInsert.run(c, {
      hash: secretTokenHash(deviceCode),
      user_code_hash: secretTokenHash(userCode),
      tenant_id: tenantId ?? null,
      app_id: appId,
      details: JSON.stringify(request),
      state: "pending",
      user_id: null,
      auth_at: null,
      polled_at: null,
      interval_seconds: DEVICE_POLL_INTERVAL_SECONDS,
      expires_at: now + DEVICE_CODE_LIFETIME_SECONDS * 1000,
    }),
  );
  return { deviceCode, userCode };
}

export interface PendingDevice {
  readonly key: string;
  readonly appId: string;
  readonly tenantId: string | undefined;
  readonly request: DelegatedRequest;
}

/** @param userCode as typed: case, spaces and dashes do not matter. @returns undefined when it is not, or no longer, good */
export async function deviceCodeFindPending(
  directory: Directory,
  userCode: string,
  now: number,
): Promise<PendingDevice | undefined> {
  const normal = userCode.toUpperCase().replace(/[\s-]/g, "");
  const row = await deviceCodeByUserCode.first(directory.read, { user_code_hash: secretTokenHash(normal) });
  if (row === undefined || row.state !== "pending" || now >= row.expires_at) return undefined;
  return {
    key: row.hash,
    appId: row.app_id,
    tenantId: row.tenant_id ?? undefined,
    request: JSON.parse(row.details) as DelegatedRequest,
  };
}

/** @param by undefined declines. @returns whether the device was still waiting */
export async function deviceCodeDecide(
  directory: Directory,
  key: string,
  by: SignedInUser | undefined,
): Promise<boolean> {
  return directory.record(async (c) => {
    const row = await deviceCodeByHash.first(c, { hash: key });
    if (row?.state !== "pending") return false;
    await deviceCodeDecided.run(c, {
      hash: key,
      state: by === undefined ? "declined" : "approved",
      tenant_id: by?.user.tenantId ?? row.tenant_id,
      user_id: by?.user.objectId ?? null,
      auth_at: by?.authAt ?? null,
    });
    return true;
  });
}

export interface RedeemedDevice {
  readonly tenantId: string;
  readonly userId: string;
  readonly authAt: number;
  readonly request: DelegatedRequest;
}

/** @throws Fault 70018, 70020, 70044, 70043, 70016 */
export async function deviceCodePoll(
  directory: Directory,
  deviceCode: string,
  appId: string,
  now: number,
): Promise<RedeemedDevice> {
  const key = secretTokenHash(deviceCode);
  const outcome = await directory.record(async (c): Promise<RedeemedDevice | 70016 | 70043> => {
    const row = await deviceCodeByHash.first(c, { hash: key });
    if (row === undefined || row.app_id !== appId || row.state === "redeemed") throw aadsts(70018);
    if (row.state === "declined") throw aadsts(70044);
    if (now >= row.expires_at) throw aadsts(70020);
    if (row.state === "approved") {
      await deviceCodeDecided.run(c, { ...row, state: "redeemed" });
      return redeemed(row);
    }
    const isEarly =
      row.polled_at !== null && now < row.polled_at + row.interval_seconds * 1000 - POLL_TOLERANCE_MS;
    const interval = row.interval_seconds + (isEarly ? SLOW_DOWN_SECONDS : 0);
    await deviceCodePolled.run(c, { hash: key, polled_at: now, interval_seconds: interval });
    return isEarly ? 70043 : 70016;
  });
  if (typeof outcome === "number") throw aadsts(outcome);
  return outcome;
}

function redeemed({ tenant_id, user_id, auth_at, details }: DeviceCodeRow): RedeemedDevice {
  if (tenant_id === null || user_id === null || auth_at === null)
    throw new Error("an approved device code without its user");
  return {
    tenantId: tenant_id,
    userId: user_id,
    authAt: auth_at,
    request: JSON.parse(details) as DelegatedRequest,
  };
}
