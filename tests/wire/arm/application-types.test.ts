/**
 * The types walked: in each api-version of applications and their packages, every property that its types let one write is sent, and every one
 * that they let one read is looked for; nothing is shown that they do not have.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchTypes, isReadOnly, type TypeModel } from "../../guards/types-walk.fixture.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { send } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
if (folder === "") console.warn("SKIPPED: types of applications; BATCHYARD_SPECS names no folder");
const types = folder === "" ? undefined : new BatchTypes(folder);
const APPLICATIONS = "Microsoft.Batch/batchAccounts/applications";
const PACKAGES = `${APPLICATIONS}/versions`;
const versions = types?.versionsOf(APPLICATIONS) ?? [];
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/typed`;
const STORE = "/providers/Microsoft.Storage/storageAccounts/typedstore";

/** What is not shown, and why. */
const UNSHOWN = new Set([
  // Of the type, not of the wire.
  "apiVersion",
  // Who made it and when stands in the audit log.
  "systemData",
  // Of a package that has been activated alone.
  "format",
  "lastActivationTime",
  // Of an application that has one alone.
  "defaultVersion",
]);
const VALUES: Readonly<Record<string, unknown>> = {
  allowUpdates: false,
  displayName: "Typed",
  tags: { team: "render" },
};

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  token = await ArmClient.tokenOf(service, applications.contributor, "https://management.azure.com/");
  const location = { location: "westeurope" };
  const group = ACCOUNT.split("/providers")[0] ?? "";
  const store = { ...location, kind: "StorageV2", sku: { name: "Standard_LRS" } };
  await put(group + STORE, "2023-05-01", store);
  const autoStorage = { storageAccountId: group + STORE };
  const made = await put(ACCOUNT, "2023-11-01", { ...location, properties: { autoStorage } });
  expect(made.status, made.text).toBe(202);
});
afterAll(() => service?.close());

const ask = (method: string, path: string, version: string, body?: object) =>
  send(
    { main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca },
    {
      method,
      path: `${path}?api-version=${version}`,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    },
  );
const put = (path: string, version: string, body: object) => ask("PUT", path, version, body);

/** Values of what may be written of the model and of its properties. */
function bodyOf(model: TypeModel, inner: TypeModel | undefined): Record<string, unknown> {
  const names = Object.entries(model).filter(([name, type]) => !isReadOnly(type) && name !== "name");
  return Object.fromEntries(
    names.flatMap(([name]) => {
      if (name === "properties") return [[name, inner === undefined ? {} : bodyOf(inner, undefined)]];
      return VALUES[name] === undefined ? [] : [[name, VALUES[name]]];
    }),
  );
}

const shownOf = (model: TypeModel) => Object.keys(model).filter((name) => !UNSHOWN.has(name));

test.skipIf(folder === "").each(versions)("an application and a package of %s", async (version) => {
  const path = `${ACCOUNT}/applications/v${version.replaceAll("-", "")}`;
  const walked = [
    [APPLICATIONS, path, "ApplicationProperties"],
    [PACKAGES, `${path}/versions/1`, "ApplicationPackageProperties"],
  ] as const;
  for (const [resource, at, propertiesModel] of walked) {
    const model = types?.model(resource, version) ?? {};
    const inner = types?.model(propertiesModel, version);
    const body = bodyOf(model, inner);
    const made = await put(at, version, body);
    expect([200, 201], made.text).toContain(made.status);
    const { json } = await ask("GET", at, version);
    expect(json).toMatchObject(body);
    // Every resource's type has these two; the service tells them of none of before 2018-12-01.
    const flat = inner === undefined ? ["name", "type"] : [];
    const wanted = shownOf(model).filter((name) => !flat.includes(name));
    expect(
      Object.keys(json)
        .filter((name) => !flat.includes(name))
        .sort(),
    ).toEqual(wanted.sort());
    if (inner !== undefined) expect(Object.keys(json.properties).sort()).toEqual(shownOf(inner).sort());
  }
});

test("an early version shows an application's packages with it", async () => {
  const path = `${ACCOUNT}/applications/early`;
  await put(path, "2017-09-01", { displayName: "Early" });
  const made = await put(`${path}/versions/1`, "2017-09-01", {});
  expect([made.status, made.json.id, made.json.version]).toEqual([201, "early", "1"]);
  const { json } = await ask("GET", path, "2017-09-01");
  expect(json.packages).toEqual([{ version: "1", state: "Pending" }]);
});

test.skipIf(folder === "")("there are twenty of them", () => {
  expect(versions).toHaveLength(20);
});
