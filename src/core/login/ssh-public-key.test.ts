import { expect, test } from "vitest";
import { sshPublicKeyRead } from "./ssh-public-key.ts";

const blob = (algorithm: string) => {
  const name = Buffer.from(algorithm);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.alloc(36, 7)]).toString("base64");
};
const KEY = `ssh-ed25519 ${blob("ssh-ed25519")}`;

test("a key is read without its comment", () => {
  expect(sshPublicKeyRead(KEY)).toBe(KEY);
  expect(sshPublicKeyRead(`${KEY} me@my machine\n`)).toBe(KEY);
  const security = `sk-ssh-ed25519@openssh.com ${blob("sk-ssh-ed25519@openssh.com")}`;
  expect(sshPublicKeyRead(security)).toBe(security);
});

test("nothing else is a key", () => {
  const others = [
    "",
    "ssh-ed25519",
    `ssh-rsa ${blob("ssh-ed25519")}`,
    `ssh-dss ${blob("ssh-dss")}`,
    `command="rm -rf /" ${KEY}`,
    `${KEY}\n${KEY}`,
    `${KEY} comment\nssh-rsa`,
    `ssh-ed25519 ${blob("ssh-ed25519").slice(0, 8)}`,
    `ssh-ed25519 !${blob("ssh-ed25519")}`,
    "-----BEGIN OPENSSH PRIVATE KEY-----",
  ];
  for (const text of others) expect(sshPublicKeyRead(text), text).toBeUndefined();
});
