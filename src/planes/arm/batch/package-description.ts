/** What management tells of an application's package beside where it stands. Source: "Application Package - Get". */
import type { ApplicationPackage, packageUrl } from "../../../app/applications/application-package.ts";

/** An application's packages are listed so, where they are shown with it. */
export function packageDescription({ row }: ApplicationPackage, storage?: ReturnType<typeof packageUrl>) {
  return {
    version: row.name,
    state: row.state === "active" ? "Active" : "Pending",
    ...(row.format !== null && { format: row.format }),
    ...(storage && {
      storageUrl: storage.url,
      storageUrlExpiry: new Date(storage.expiresAt).toISOString(),
    }),
    ...(row.activated_at !== null && { lastActivationTime: new Date(row.activated_at).toISOString() }),
  };
}
