/** Deletes what has expired. Idempotent; run from time to time. */
import { deviceCodesExpired, sessionsExpired, signInFamiliesExpired } from "../../store/sign-in.ts";
import type { Directory } from "../directory/directory.ts";

/** An expired device code is still told from an unknown one for this long. */
const DEVICE_GRACE_MS = 3_600_000;

export async function signInSweep(directory: Directory, now: number): Promise<void> {
  await directory.record(async (c) => {
    await signInFamiliesExpired.run(c, { now });
    await deviceCodesExpired.run(c, { now: now - DEVICE_GRACE_MS });
    await sessionsExpired.run(c, { now });
  });
}
