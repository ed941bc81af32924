/** Certificates of the account, and what tasks on nodes find of them. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { CER, PFX, PFX_PASSWORD, THUMBPRINT } from "./certificate.fixture.ts";

const VERSION = "2023-05-01.17.0";
const thumbprint = THUMBPRINT.toLowerCase();
const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${thumbprint})`;

let service: ClockedService;
const batch = (method: string, url: string, body?: object) => service.batch(method, url, body, VERSION);
const add = (more: object) =>
  batch("POST", "/certificates", { thumbprint, thumbprintAlgorithm: "sha1", data: PFX, ...more });

beforeAll(async () => {
  service = await clockedService();
});
afterAll(() => service?.close());

test("what does not hold together is refused by the property's name", async () => {
  const refused = async (more: object, property: string) => {
    const { status, body } = await add({ password: PFX_PASSWORD, ...more });
    expect(status).toBe(400);
    expect(body.values).toContainEqual({ key: "PropertyName", value: property });
    expect(JSON.stringify(body)).not.toContain(PFX_PASSWORD);
  };
  await refused({ password: "wrong" }, "password");
  await refused({ data: CER }, "data");
  await refused({ data: "????" }, "data");
  await refused({ thumbprint: "00".repeat(20) }, "thumbprint");
  await refused({ thumbprintAlgorithm: "sha256" }, "thumbprintAlgorithm");
  await refused({ certificateFormat: "cer", data: CER }, "password");
  expect((await batch("GET", "/certificates")).body.value).toEqual([]);
});

test("a PFX is added once, and shows its public half alone", async () => {
  expect((await add({ password: PFX_PASSWORD })).status).toBe(201);
  expect((await add({ password: PFX_PASSWORD, thumbprint: THUMBPRINT })).body.code).toBe("CertificateExists");
  const { body } = await batch("GET", path);
  expect(body).toMatchObject({ thumbprint, thumbprintAlgorithm: "sha1", state: "active", publicData: CER });
  expect(Object.keys(body).sort()).toEqual([
    "odata.metadata",
    "publicData",
    "state",
    "stateTransitionTime",
    "thumbprint",
    "thumbprintAlgorithm",
    "url",
  ]);
  expect((await batch("GET", "/certificates?$filter=state%20eq%20'active'")).body.value).toHaveLength(1);
});

test("tasks find it where the environment says, and nobody else does", async () => {
  const reference = { thumbprint: THUMBPRINT, thumbprintAlgorithm: "sha1", visibility: ["task"] };
  const startTask = { commandLine: "/bin/sh -c 'ls $AZ_BATCH_CERTIFICATES_DIR || true'" };
  const pool = poolOf("p1", 1, { certificateReferences: [reference], startTask });
  expect((await batch("POST", "/pools", pool)).status).toBe(201);
  await batch("POST", "/jobs", { id: "j", poolInfo: { poolId: "p1" } });
  const commandLine =
    "/bin/sh -c 'cd $AZ_BATCH_CERTIFICATES_DIR; sha1sum *.pfx; cat *.pw; echo; stat -c %a *.pfx .'";
  await batch("POST", "/jobs/j/tasks", { id: "t", commandLine });
  await until(
    "the task's end",
    () => batch("GET", "/jobs/j/tasks/t"),
    ({ body }) => body.state === "completed",
  );
  const digest = createHash("sha1").update(Buffer.from(PFX, "base64")).digest("hex");
  const out = (await batch("GET", "/jobs/j/tasks/t/files/stdout.txt")).body;
  expect(out).toBe(`${digest}  sha1-${thumbprint}.pfx\n${PFX_PASSWORD}\n600\n700\n`);

  const [node] = (await batch("GET", "/pools/p1/nodes")).body.value;
  expect((await batch("GET", `/pools/p1/nodes/${node.id}/files/startup/stdout.txt`)).body).toBe("");
  const files = (await batch("GET", `/pools/p1/nodes/${node.id}/files?recursive=true`)).body.value;
  expect(files.filter(({ name }: { name: string }) => /\.pfx|\.pw/.test(name))).toEqual([]);
});

test("one that a pool refers to is not deleted, until the pool lets go of it", async () => {
  expect((await batch("POST", `${path}/canceldelete`)).body.code).toBe("CertificateStateActive");
  expect((await batch("DELETE", path)).status).toBe(202);
  expect((await batch("GET", path)).body).toMatchObject({ state: "deleting", previousState: "active" });
  expect((await batch("POST", `${path}/canceldelete`)).body.code).toBe("CertificateBeingDeleted");
  expect((await batch("DELETE", path)).body.code).toBe("CertificateBeingDeleted");
  await eventually("the deletion to fail", async () => (await batch("GET", path)).body.state !== "deleting");
  expect((await batch("GET", path)).body).toMatchObject({
    state: "deletefailed",
    previousState: "deleting",
    deleteCertificateError: { values: [{ name: "Pool", value: "p1" }] },
  });
  expect((await batch("POST", `${path}/canceldelete`)).status).toBe(204);
  expect((await batch("GET", path)).body).toMatchObject({ state: "active", previousState: "deletefailed" });

  await batch("PATCH", "/pools/p1", { certificateReferences: [] });
  expect((await batch("DELETE", path)).status).toBe(202);
  expect((await batch("GET", path)).body.state).toBe("deleting");
  await eventually("the certificate to go", async () => (await batch("GET", path)).status === 404);
  expect((await batch("GET", path)).body.code).toBe("CertificateNotFound");
  expect((await batch("DELETE", path)).status).toBe(404);
  const reference = { thumbprint, thumbprintAlgorithm: "sha1" };
  const unknown = await batch("POST", "/pools", poolOf("p2", 0, { certificateReferences: [reference] }));
  expect(unknown.body.code).toBe("InvalidCertificateReferences");
});

test("a certificate without its key is added as cer", async () => {
  expect((await add({ certificateFormat: "cer", data: CER })).status).toBe(201);
  expect((await batch("GET", path)).body.publicData).toBe(CER);
});

test("api-versions after them have no certificates", async () => {
  expect((await service.batch("GET", "/certificates", undefined, "2025-06-01")).status).toBe(400);
});
