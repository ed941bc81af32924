import { expect, test } from "vitest";
import { cifsSource, containerOf, fileShareSource, nfsSource } from "./mount-source.ts";
import { shareOptions } from "./share-options.ts";
import { shareMountWords } from "./share-words.ts";

const place = { address: "192.0.2.7", target: "/t", owner: 7 };

test("a share of NFS is mounted at the address that was judged, and no set-user-id file counts there", () => {
  const share = nfsSource("server.example:/a/b");
  expect(share).toEqual({ host: "server.example", path: "/a/b" });
  if (!share) return;
  expect(shareMountWords({ ...place, kind: "nfs", share, options: "-o ro,vers=4.1" })).toEqual([
    "-t",
    "nfs",
    "-o",
    "soft,timeo=300,ro,vers=4.1,nosuid,nodev",
    "--",
    "192.0.2.7:/a/b",
    "/t",
  ]);
  const six = shareMountWords({ ...place, address: "2001:db8::1", kind: "nfs", share, options: "" });
  expect(six.at(-2)).toBe("[2001:db8::1]:/a/b");
});

test("a share of CIFS belongs to the node's users, and its password is in no word", () => {
  const share = fileShareSource("https://acct.file.core.windows.net/share");
  expect(share).toEqual({ host: "acct.file.core.windows.net", path: "share" });
  expect(cifsSource("\\\\acct.file.core.windows.net\\share")).toEqual(share);
  if (!share) return;
  // As in the page "Mount a virtual file system on a Batch pool".
  const options = "-o vers=3.0,dir_mode=0777,file_mode=0777,serverino,domain=MyDomain,sec=ntlmssp";
  const [, , , said, , source] = shareMountWords({ ...place, kind: "cifs", share, options });
  expect(said).toMatch(/vers=3\.0.*,ip=192\.0\.2\.7,uid=7,gid=7,forceuid,forcegid,nosuid,nodev$/);
  expect(source).toBe("//acct.file.core.windows.net/share");
});

test.each([
  ["nfs", "suid"],
  ["nfs", "sec=krb5"],
  ["cifs", "uid=0"],
  ["cifs", "credentials=/etc/shadow"],
  ["cifs", "username=x"],
  ["cifs", "ip=127.0.0.1"],
  ["nfs", "mount options ver=1.0"],
  ["nfs", "vers=4 addr=1.2.3.4"],
] as const)("for %s, %s is refused by its name", (kind, options) => {
  expect(() => shareOptions(kind, options)).toThrow("is not known for");
});

test("an option's value brings no further option along", () => {
  expect(() => shareOptions("cifs", "domain=a\\,suid")).toThrow("domain");
  expect(() => shareOptions("nfs", `vers=${"4".repeat(65)}`)).toThrow("vers");
});

test("what no share and no container is has no source", () => {
  for (const text of ["somesource nfs url", "server", "-o:/x", ":/x", "a b:/x", "h:/x\n"])
    expect(nfsSource(text), text).toBeUndefined();
  for (const text of ["//h", "/h/s", "//-o/s", "//h/a b", "//h/s:/"])
    expect(cifsSource(text), text).toBeUndefined();
  for (const text of ["http://h/s", "https://h:445/s", "https://h", "https://u@h/s", "s"])
    expect(fileShareSource(text), text).toBeUndefined();
  expect(containerOf("test", "https://test.blob.core.windows.net:443/test-container")).toBe("test-container");
  expect(containerOf("test", "$root")).toBe("$root");
  for (const text of [
    "https://other.blob.core.windows.net/c",
    "a/b",
    "",
    "https://test.blob.core.windows.net/a/b",
  ])
    expect(containerOf("test", text), text).toBeUndefined();
});
