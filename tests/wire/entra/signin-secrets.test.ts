/** What signs somebody in stands nowhere in the clear: no column, no log line, no file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateAdd } from "../../../src/app/directory/certificate-credential.ts";
import { AZURE_CLI_APP_ID } from "../../../src/wire/entra/first-party.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { TestBrowser } from "../browser.fixture.ts";
import { poolOf } from "../clocked-service.fixture.ts";
import { postForm } from "../raw-request.fixture.ts";
import { runningService } from "../running-service.fixture.ts";
import { applicationCertificate } from "./application-certificate.fixture.ts";
import { clientAssertion } from "./client-assertion.fixture.ts";
import {
  BATCH,
  BATCH_SCOPE,
  openSignInDoor,
  pkce,
  redeem,
  refresh,
  type SignInDoor,
  signInForCode,
  tokenRequest,
} from "./sign-in.fixture.ts";

let door: SignInDoor;
beforeAll(async () => {
  door = await openSignInDoor();
});
afterAll(() => door.close());

test("no secret, code, token or password is in a column or a log line", async () => {
  const { verifier, challenge } = pkce();
  const request = { code_challenge: challenge, code_challenge_method: "S256" };
  const { answer, visit } = await signInForCode(door, request);
  const code = answer.get("code") ?? "";
  const first = (await redeem(door, code, { code_verifier: verifier })).json;
  const second = (await refresh(door, first.refresh_token)).json;
  const client = { client_id: AZURE_CLI_APP_ID };
  const device = (await postForm(door, "/common/oauth2/v2.0/devicecode", { ...client, scope: BATCH_SCOPE }))
    .json;
  await new TestBrowser(door).open(device.verification_uri);
  const ownSecret = await door.secretFor(door.app.appId);
  const own = { grant_type: "client_credentials", client_id: door.app.appId, client_secret: ownSecret };
  const app = (await tokenRequest(door, { ...own, scope: BATCH_SCOPE.split(" ")[0] })).json;
  const { certificate, privateKey } = applicationCertificate(door.clock());
  await certificateAdd(door.directory, door.app.appId, certificate);
  const assertion = clientAssertion(door, { appId: door.app.appId, certificate, privateKey });
  const { client_secret: _, ...unproved } = own;
  const asserted = {
    ...unproved,
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  };
  expect((await tokenRequest(door, { ...asserted, scope: `${BATCH}/.default` })).status).toBe(200);
  // Wrong ones count too: they are often right elsewhere.
  const wrong = "a wrong password nobody should read";
  const form = { ...client, grant_type: "password", scope: BATCH_SCOPE, username: "ann@test.example" };
  await tokenRequest(door, { ...form, password: wrong });
  const session = String(visit.headers["set-cookie"]).match(/batchyard-\w+\d+=([\w-]{20,})/)?.[1];

  const secrets = {
    code,
    verifier,
    password: door.password,
    wrong,
    ownSecret,
    "access token": first.access_token,
    "id token": first.id_token,
    "refresh token": first.refresh_token,
    "second refresh token": second.refresh_token,
    "application's token": app.access_token,
    assertion,
    "device code": device.device_code,
    "user code": device.user_code,
    ...(session !== undefined && { session }),
  };
  const stored = await everything(door);
  for (const [what, secret] of Object.entries(secrets)) {
    expect(secret, what).toMatch(/^.{8,}$/);
    expect(stored.includes(secret), `${what} in a column`).toBe(false);
    expect(door.log.join("\n").includes(secret), `${what} in the log`).toBe(false);
  }
  // The search finds what is there.
  expect(stored).toContain("ann@test.example");
});

async function everything({ store }: SignInDoor): Promise<string> {
  const tables = await store.read.query("select name from sqlite_master where type = 'table'", []);
  const rows = await Promise.all(tables.map(({ name }) => store.read.query(`select * from "${name}"`, [])));
  return JSON.stringify(rows);
}

test("no file of the data folder holds a secret, but for the first start's own", async () => {
  const service = await runningService();
  try {
    const { clientId, clientSecret, password, accountKey } = service.ready;
    const client = await BatchClient.connect(service);
    const token = await client.token({ clientId: clientId ?? "", clientSecret: clientSecret ?? "" });
    // Let in, and refused.
    expect(
      (await client.send("POST", "/jobs", { body: { id: "j", poolInfo: { poolId: "p" } } })).status,
    ).toBe(201);
    const tampered = `${token.slice(0, -8)}AAAAAAAA`;
    expect((await client.as(tampered).send("GET", "/jobs")).status).toBe(401);
    const nodeUser = "a password of a user on nodes";
    await describePoolsWith(client, nodeUser);
    client.close();

    const secrets = { nodeUser, clientSecret, password, accountKey, token, tampered };
    const files = readdirSync(service.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "credentials.json")
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files.some((file) => file.endsWith("state.db"))).toBe(true);
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret, what).toMatch(/^.{8,}$/);
      const holds = (text: Buffer | string) => text.includes(secret ?? "");
      expect(
        files.filter((file) => holds(readFileSync(file))),
        what,
      ).toEqual([]);
      expect(service.log.filter(holds), `${what} in the log`).toEqual([]);
    }
    // The search finds what is there.
    expect(files.some((file) => readFileSync(file).includes(clientId ?? ""))).toBe(true);
  } finally {
    await service.close();
  }
});

/** Wherever a pool can be described: by itself, for a job, for the jobs of a schedule. */
async function describePoolsWith(client: BatchClient, password: string): Promise<void> {
  const userAccounts = [{ name: "ann", password, elevationLevel: "nonadmin" }];
  const { id, ...pool } = { id: "with-users", ...poolOf("with-users", 0, { userAccounts }) };
  const poolInfo = { autoPoolSpecification: { poolLifetimeOption: "job", pool } };
  for (const [path, body] of [
    ["/pools", { id, ...pool }],
    ["/jobs", { id: "own-pool", poolInfo }],
    ["/jobschedules", { id: "own-pools", schedule: {}, jobSpecification: { poolInfo } }],
  ] as const) {
    expect((await client.send("POST", path, { body })).status, path).toBe(201);
    const read = await client.send("GET", `${path}/${body.id}`);
    expect(read.text, path).toContain("nonadmin");
    expect(read.text, path).not.toContain(password);
  }
  const patch = { body: { poolInfo, priority: 5 } };
  expect((await client.send("PATCH", "/jobs/own-pool", patch)).status).toBe(200);
}
