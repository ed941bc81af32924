import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sendTo } from "../../wire/raw-request.fixture.ts";
import { batchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
const data = ["--data", join(tmp.path, "state")];
const cli = (...words: string[]) => batchyard([...words, ...data]);
const json = async (...words: string[]) => {
  const end = await cli(...words, "--json");
  expect(end.stderr, words.join(" ")).toBe("");
  return JSON.parse(end.stdout);
};

let service: UpProcess;
beforeAll(async () => {
  service = await up(data);
});
afterAll(async () => {
  await service?.stop();
  await tmp.remove();
});

it("registers the documents' native application, whose redirect URI need not exist, and changes it", async () => {
  const native = await json("app", "create", "native farm", "--redirect-uri", "http://myapp.invalid/answer");
  expect(native).toMatchObject({
    signInAudience: "AzureADMyOrg",
    publicClient: { redirectUris: ["http://myapp.invalid/answer"] },
  });
  const changed = await json(
    ...["app", "update", "native farm", "--name", "farm page", "--accounts", "multiple"],
    ...[
      "--platform",
      "spa",
      "--redirect-uri",
      "https://localhost/a",
      "--redirect-uri",
      "https://localhost/b",
    ],
  );
  expect(changed).toMatchObject({
    appId: native.appId,
    displayName: "farm page",
    signInAudience: "AzureADMultipleOrgs",
    publicClient: { redirectUris: ["http://myapp.invalid/answer"] },
    spa: { redirectUris: ["https://localhost/a", "https://localhost/b"] },
  });
  for (const wrong of [["--platform", "web"], ["--accounts", "nobody"], []])
    expect((await cli("app", "update", "farm page", ...wrong)).code).toBe(2);
  expect((await cli("app", "delete", "farm page", "--yes")).code).toBe(0);
});

it("registers an application, its secret, permission and consent, and deletes it", async () => {
  const tenant = await json("tenant", "show");
  expect(tenant.id).toMatch(/^[0-9a-f-]{36}$/);
  expect((await cli("tenant", "show")).stdout).toContain(tenant.id);

  const application = await json("app", "create", "render farm");
  expect((await cli("app", "list")).stdout).toContain(`  ${application.appId}  render farm\n`);
  const now = new Date().getUTCFullYear();
  for (const [valid, year] of [
    ["1y", now + 1],
    ["2y", now + 2],
    ["never", 2299],
  ] as const) {
    const secret = await json("app", "secret", "add", "render farm", "--valid", valid);
    expect(new Date(secret.endDateTime).getUTCFullYear()).toBe(year);
    expect(secret.secretText.length).toBeGreaterThan(30);
  }
  await removesOneSecretOf(application.appId);
  expect((await cli("app", "permission", "add", application.appId, "--api", "batch")).code).toBe(0);
  await cli("app", "consent", "render farm");
  const grants = await json("app", "consent", "render farm");
  expect(grants.map(({ scope }: { scope: string }) => scope)).toContain("user_impersonation");
  const shown = await json("app", "show", "render farm");
  expect(shown.passwordCredentials).toHaveLength(2);
  expect(JSON.stringify(shown.requiredResourceAccess)).toContain("ddbf3205-c6bd-46ae-8127-60eb93363864");

  const domain = tenant.verifiedDomains[0].name;
  const user = await json("user", "create", `ada@${domain}`);
  expect((await cli("user", "list")).stdout).toContain(`  ${user.id}  ada@${domain}\n`);

  expect((await cli("user", "delete", `ada@${domain}`)).code).toBe(2);
  expect(await json("user", "delete", `ada@${domain}`, "--yes")).toMatchObject({ id: user.id });
  expect((await cli("user", "list")).stdout).not.toContain(user.id);
  expect(await cli("user", "delete", user.id, "--yes")).toMatchObject({ code: 1, stdout: "" });

  expect((await cli("app", "delete", "render farm", "--yes")).stdout).toBe("deleted render farm\n");
  expect((await cli("app", "show", "render farm")).stderr).toMatch(/there is no application/);
}, 60_000);

/** What a removed secret was good for, it is not any more; the others are. */
async function removesOneSecretOf(appId: string): Promise<void> {
  const [first, second] = [
    await json("app", "secret", "add", appId),
    await json("app", "secret", "add", appId),
  ];
  const listed = (await cli("app", "secret", "list", "render farm")).stdout;
  expect(listed).toContain(`  ${first.keyId}  ${first.hint}  ${first.endDateTime}`);
  expect(listed).not.toContain(first.secretText);
  expect(await json("app", "secret", "list", appId)).toHaveLength(5);
  expect([await signIn(appId, first.secretText), await signIn(appId, second.secretText)]).toEqual([200, 200]);
  const removed = await cli("app", "secret", "remove", "render farm", first.keyId);
  expect(removed.stdout).toBe(`removed ${first.keyId} of render farm\n`);
  expect([await signIn(appId, first.secretText), await signIn(appId, second.secretText)]).toEqual([401, 200]);
  expect(await cli("app", "secret", "remove", appId, first.keyId)).toMatchObject({ code: 1, stdout: "" });
  for (const { keyId } of (await json("app", "secret", "list", appId)).slice(2))
    expect((await json("app", "secret", "remove", appId, keyId)).keyId).toBe(keyId);
}

async function signIn(appId: string, secret: string): Promise<number> {
  const { login, tenantId, caFile } = service.ready;
  const form = { grant_type: "client_credentials", client_id: appId, client_secret: secret };
  const body = new URLSearchParams({ ...form, resource: "https://batch.core.windows.net/" }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const path = `/${tenantId}/oauth2/token`;
  return (
    await sendTo(new URL(login), await readFile(caFile, "utf8"), { method: "POST", path, headers, body })
  ).status;
}

it("says in one line what was wrong", async () => {
  const wrong: readonly (readonly [words: string[], code: number])[] = [
    [["app", "create"], 2],
    [["app", "delete", "x"], 2],
    [["app", "secret", "add", "x", "--valid", "3y"], 2],
    [["app", "permission", "add", "x", "--api", "paint"], 2],
    [["app", "show", "absent"], 1],
    [["app", "secret", "list"], 2],
    [["app", "secret", "list", "absent"], 1],
    [["app", "secret", "remove", "x"], 2],
    [["user", "create", "no-domain"], 2],
    [["user", "delete", "x"], 2],
    [["user", "delete", "absent", "--yes"], 1],
  ];
  for (const [words, code] of wrong) {
    const end = await cli(...words);
    expect(end.code, words.join(" ")).toBe(code);
    expect(end.stderr.trim().split("\n"), words.join(" ")).toHaveLength(1);
  }
}, 60_000);
