/**
 * The types walked: in each api-version of management's certificates, every property that its types let one write is sent, and every one that they
 * let one read is looked for; nothing is shown that they do not have.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchTypes, isReadOnly, isWriteOnly, type TypeModel } from "../../guards/types-walk.fixture.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { CER, PFX, PFX_PASSWORD, THUMBPRINT } from "../batch/certificate.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: types of certificates; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);
const CERTIFICATES = "Microsoft.Batch/batchAccounts/certificates";
const SENT = "CertificateCreateOrUpdatePropertiesOrCertificateProperties";
const SHOWN = "CertificateProperties";
const versions = types?.versionsOf(CERTIFICATES) ?? [];
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/first`;
const PATH = `${ACCOUNT}/certificates/sha1-${THUMBPRINT.toLowerCase()}`;

/** What is not shown, and why. */
const UNSHOWN: Readonly<Record<string, string>> = {
  apiVersion: "of the type, not of the wire",
  systemData: "who made it and when stands in the audit log",
  tags: "none were sent",
  deleteCertificateError: "of one whose deletion failed alone",
  previousProvisioningState: "of one whose state has changed alone",
  previousProvisioningStateTransitionTime: "of one whose state has changed alone",
};
const VALUES: Readonly<Record<string, string>> = {
  data: PFX,
  password: PFX_PASSWORD,
  format: "Pfx",
  thumbprint: THUMBPRINT.toLowerCase(),
  thumbprintAlgorithm: "sha1",
};

let service: RunningService;
let arm: ArmClient;
beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  arm = await ArmClient.signIn(service, applications.contributor);
});
afterAll(() => service?.close());

const namesOf = (model: TypeModel = {}) => Object.keys(model);
const shownOf = (model: TypeModel = {}) =>
  Object.entries(model)
    .filter(([name, type]) => UNSHOWN[name] === undefined && !isWriteOnly(type))
    .map(([name]) => name)
    .sort();

test.skipIf(folder === "").each(versions)("a certificate of %s", async (version) => {
  const model = types?.model(SENT, version) ?? {};
  const writable = namesOf(model).filter((name) => !isReadOnly(model[name] ?? {}));
  expect(writable.filter((name) => VALUES[name] === undefined)).toEqual([]);
  const properties = Object.fromEntries(writable.map((name) => [name, VALUES[name]]));
  const made = await arm.settle("PUT", PATH, { version, body: { properties } });
  expect(made.status, made.text).toBe(200);

  const { json } = await arm.send("GET", PATH, { version });
  expect(Object.keys(json).sort()).toEqual(shownOf(types?.model(CERTIFICATES, version)));
  expect(Object.keys(json.properties).sort()).toEqual(shownOf(types?.model(SHOWN, version)));
  const { data, password, ...kept } = VALUES;
  expect(json.properties).toMatchObject({ ...kept, publicData: CER });
  expect(JSON.stringify(json)).not.toContain(String(password));
  expect(json.properties).not.toHaveProperty("data", data);

  const changed = await arm.send("PATCH", PATH, {
    version,
    body: { properties: { data: CER, format: "Cer" } },
  });
  expect(changed.json.properties).toMatchObject({ format: "Cer", publicData: CER });
  expect(Object.keys(changed.json.properties).sort()).toEqual(shownOf(types?.model(SHOWN, version)));
});

test.skipIf(folder === "")("there are sixteen of them, and none after", () => {
  expect(versions).toHaveLength(16);
  expect(versions.toSorted().at(-1)).toBe("2024-07-01");
});

test.skipIf(folder === "")("the oldest of them deletes what the newest made", async () => {
  const properties = { data: PFX, password: PFX_PASSWORD };
  await arm.settle("PUT", PATH, { version: "2024-07-01", body: { properties } });
  const version = "2017-09-01";
  expect((await arm.send("DELETE", PATH, { version })).status).toBe(202);
  const gone = async () => (await arm.send("GET", PATH, { version })).status === 404;
  await eventually("the certificate to be gone", gone);
});

test("an api-version after them has no certificates", async () => {
  const reply = await arm.send("GET", `${ACCOUNT}/certificates`, { version: "2025-06-01" });
  expect(reply.status, reply.text).toBe(404);
});
