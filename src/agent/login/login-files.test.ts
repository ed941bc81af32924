import { expect, test } from "vitest";
import { type LoginFilesInput, loginFiles, SERVER_ID } from "./login-files.ts";

const input: LoginFilesInput = {
  users: [
    { name: "alice", isAdmin: false, passwordHash: "$6$x", uid: 2001, expiresInMs: 1 },
    { name: "boss", isAdmin: true, sshPublicKey: "ssh-ed25519 AAAA", uid: 2002, expiresInMs: 1 },
  ],
  passwd: [
    "root:x:0:0:root:/root:/bin/bash",
    "sshd:x:107:65534::/run/sshd:/bin/false",
    "alice:x:1001:1001::/h:/bin/sh",
  ],
  group: ["root:x:0:", "other:x:2001:"],
  hostKey: "the key",
  shell: "/bin/bash",
  environment: [["SSL_CERT_FILE", "/a b/bundle.pem"]],
};
const file = (target: string, given = input) => {
  const [mode, content = ""] = loginFiles(given).find(([, , seen]) => seen === target) ?? [];
  return { mode, lines: content.trim().split("\n") };
};

test("the node's users stand in place of whoever has their name or number on the machine", () => {
  expect(file("/etc/passwd").lines).toEqual([
    "root:x:0:0:root:/root:/bin/bash",
    `sshd:x:${SERVER_ID}:${SERVER_ID}::/run/sshd:/usr/sbin/nologin`,
    "alice:x:2001:2001::/home/alice:/bin/bash",
    "boss:x:0:0::/home/boss:/bin/bash",
  ]);
  expect(file("/etc/group").lines).toEqual(["root:x:0:", `sshd:x:${SERVER_ID}:`, "alice:x:2001:"]);
});

test("hashes and the host key are root's alone; whoever has no password has none that fits", () => {
  expect(file("/etc/shadow")).toEqual({
    mode: "0600",
    lines: ["root:*:::::::", "alice:$6$x:::::::", "boss:*:::::::"],
  });
  expect(file("host_key").mode).toBe("0600");
  expect(file("keys/boss")).toEqual({ mode: "0644", lines: ["ssh-ed25519 AAAA"] });
  expect(file("keys/alice").mode).toBeUndefined();
});

test("passwords are asked for only where somebody has one; root is no user", () => {
  expect(file("sshd_config").lines).toEqual(
    expect.arrayContaining(["PasswordAuthentication yes", "AllowUsers alice boss", "UsePAM no"]),
  );
  expect(file("sshd_config").lines).toContain('SetEnv "SSL_CERT_FILE=/a b/bundle.pem"');
  const keysOnly = { ...input, users: input.users.slice(1) };
  expect(file("sshd_config", keysOnly).lines).toContain("PasswordAuthentication no");
});
