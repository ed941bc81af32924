/** Certificates of management: the same ones that the data plane has. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { CER, PFX, PFX_PASSWORD, THUMBPRINT } from "../batch/certificate.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const VERSIONS = ["2021-01-01", "2022-10-01", "2023-11-01", "2024-07-01"];
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;
const thumbprint = THUMBPRINT.toLowerCase();
const NAME = `sha1-${thumbprint}`;
const DATA_PLANE = "2023-05-01.17.0";

let service: RunningService;
let arm: ArmClient;
let reader: ArmClient;
let batch: BatchClient;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  arm = await ArmClient.signIn(service, applications.contributor);
  reader = await ArmClient.signIn(service, applications.reader);
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

const send = (
  method: string,
  name: string,
  properties?: object,
  { headers = {}, as = arm, version = "2024-07-01" } = {},
) =>
  as.send(method, `${ACCOUNT}/certificates/${name}`, {
    version,
    headers,
    ...(properties && { body: { properties } }),
  });
const pfx = { data: PFX, password: PFX_PASSWORD };

test("what does not hold together is refused by name, and adds nothing", async () => {
  for (const [properties, code] of [
    [{ ...pfx, password: "wrong" }, "400 InvalidPropertyValue"],
    [{ data: "????" }, "400 InvalidPropertyValue"],
    [{ password: PFX_PASSWORD }, "400 MissingRequiredProperty"],
    [{ ...pfx, format: "pem" }, "400 InvalidPropertyValue"],
    [{ ...pfx, colour: 1 }, "400 InvalidRequestBody"],
    [{ ...pfx, thumbprint: "00".repeat(20) }, "400 InvalidRequestContent"],
  ] as const) {
    const refused = await send("PUT", NAME, properties);
    expect(outcome(refused)).toBe(code);
    expect(refused.text).not.toContain(PFX_PASSWORD);
    if (code !== "400 InvalidRequestContent")
      expect(refused.json.error.details.map(({ code: key }: { code: string }) => key)).toContain(
        "PropertyPath",
      );
  }
  expect(outcome(await send("PUT", "nonsense", pfx))).toBe("400 InvalidRequestContent");
  expect(outcome(await send("PATCH", NAME, pfx))).toBe("404 CertificateNotFound");
  expect(outcome(await send("PUT", NAME, pfx, { as: reader }))).toBe("403 AuthorizationFailed");
  expect(outcome(await send("GET", NAME))).toBe("404 CertificateNotFound");
});

test("one that management makes is the data plane's, in every api-version", async () => {
  const created = await send(
    "PUT",
    `SHA1-${THUMBPRINT}`,
    { ...pfx, format: "Pfx" },
    { headers: { "if-none-match": "*" } },
  );
  expect(outcome(created)).toBe(200);
  expect(created.headers.etag).toBe(created.json.etag);
  expect(created.json).toMatchObject({
    id: `${ACCOUNT}/certificates/${NAME}`,
    name: NAME,
    properties: { thumbprint, format: "Pfx", provisioningState: "Succeeded", publicData: CER },
  });
  expect(outcome(await send("PUT", NAME, pfx, { headers: { "if-none-match": "*" } }))).toBe(
    "412 ConditionNotMet",
  );
  const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`;
  expect((await batch.send("GET", path, { version: DATA_PLANE })).json).toMatchObject({ state: "active" });
  for (const version of VERSIONS)
    expect(outcome(await send("GET", NAME, undefined, { version })), version).toBe(200);
  const changed = await send(
    "PATCH",
    NAME,
    { data: CER, format: "Cer" },
    { headers: { "if-match": created.json.etag } },
  );
  expect(changed.json.properties).toMatchObject({ format: "Cer", publicData: CER });
});

test("one that a pool refers to stays until the pool has gone", async () => {
  const pool = `${ACCOUNT}/pools/referring`;
  const body = {
    properties: {
      vmSize: "standard_d2s_v3",
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
          nodeAgentSkuId: "batch.node.debian 12",
        },
      },
      certificates: [
        { id: `${ACCOUNT}/certificates/${NAME}`, visibility: ["StartTask"], storeLocation: "LocalMachine" },
      ],
    },
  };
  const made = await arm.send("PUT", pool, { version: "2024-07-01", body });
  expect(made.json.properties.certificates).toEqual(body.properties.certificates);
  expect(
    (await batch.send("GET", "/pools/referring", { version: DATA_PLANE })).json.certificateReferences,
  ).toMatchObject([{ thumbprint, thumbprintAlgorithm: "sha1", visibility: ["starttask"] }]);
  const accepted = await send("DELETE", NAME);
  expect([accepted.status, accepted.text]).toEqual([202, ""]);
  expect((await send("GET", NAME)).json.properties.provisioningState).toBe("Deleting");
  const done = async () => (await arm.follow(String(accepted.headers.location))).status === 200;
  await eventually("the deletion has ended", done);
  for (const version of VERSIONS) {
    expect((await send("GET", NAME, undefined, { version })).json.properties).toMatchObject({
      provisioningState: "Failed",
      previousProvisioningState: "Deleting",
      deleteCertificateError: {
        code: "PoolsReferenceCertificate",
        details: [{ code: "Pool", message: "referring" }],
      },
    });
  }
  const filter = encodeURIComponent("properties/provisioningState eq 'Failed'");
  const { value } = (
    await arm.send("GET", `${ACCOUNT}/certificates?$filter=${filter}`, { version: "2024-07-01" })
  ).json;
  expect(value.map(({ name }: { name: string }) => name)).toEqual([NAME]);
  expect((await send("POST", `${NAME}/cancelDelete`)).json.properties.provisioningState).toBe("Succeeded");
  expect((await send("POST", `${NAME}/cancelDelete`)).status).toBe(200);
  await arm.send("PATCH", pool, { version: "2024-07-01", body: { properties: { certificates: [] } } });
  expect((await send("DELETE", NAME)).status).toBe(202);
  await eventually("it has gone", async () => (await send("DELETE", NAME)).status === 204);
});
