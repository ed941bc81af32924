import { expect, test } from "vitest";
import { blobMountReason, blobMountWords, blobProbeWords } from "./rclone-words.ts";

const place = { container: "box", target: "/t", cache: "/c", owner: 1_000_001_000 };

test("a container is mounted for whoever is on the node, and written to when a file is closed", () => {
  const words = blobMountWords({ ...place, options: { isReadOnly: false } });
  expect(words.slice(-2)).toEqual([":azureblob:box", "/t"]);
  expect(words).toEqual(
    expect.arrayContaining(["--allow-other", "--uid=1000001000", "--umask=00", "--vfs-write-back=0s"]),
  );
  expect(words).not.toContain("--read-only");
});

test("the pool's options change what they name", () => {
  const options = {
    isReadOnly: true,
    attributeSeconds: 9,
    cacheSeconds: 8,
    cacheMegabytes: 7,
    umask: "022",
    subdirectory: "a/b",
    logLevel: "DEBUG",
  } as const;
  expect(blobMountWords({ ...place, options })).toEqual(
    expect.arrayContaining([
      "--read-only",
      "--attr-timeout=9s",
      "--dir-cache-time=9s",
      "--vfs-cache-max-age=8s",
      "--vfs-cache-max-size=7M",
      "--umask=0022",
      "--log-level=DEBUG",
      ":azureblob:box/a/b",
    ]),
  );
  expect(blobProbeWords("box", options).at(-1)).toBe(":azureblob:box/a/b/.batchyard-probe/");
});

test.each([
  [
    "Failed\n===== RESPONSE ERROR (ServiceCode=AuthenticationFailed) =====\nDescription=403 Forbidden, Details: (none)\n   X-Ms-Version: [2020-10-02]\n",
    "AuthenticationFailed: 403 Forbidden",
  ],
  [
    "RESPONSE 403: 403 This request is not authorized.\nERROR CODE: AuthorizationPermissionMismatch\n-----\n",
    "AuthorizationPermissionMismatch: 403 This request is not authorized.",
  ],
  [
    "2026/12/01 04:15:56 ERROR : : error listing: directory not found\n",
    "ContainerNotFound: the account has no container box",
  ],
  ["2026/12/01 04:15:56 Failed to lsf: dial tcp: refused\n\n", "Failed to lsf: dial tcp: refused"],
  ["", "rclone tells nothing"],
])("of what it says, the reason is told: %j", (said, reason) => {
  expect(blobMountReason(said, "box")).toBe(reason);
});
