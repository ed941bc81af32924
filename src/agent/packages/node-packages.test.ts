import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PackageSpec } from "../../wire/agent/messages.ts";
import { IdentityTokens } from "../imds/identity-tokens.ts";
import { ServicePresence } from "../service-presence.ts";
import { NodePackages, PackageFault } from "./node-packages.ts";
import { PROGRAM, zip } from "./zip.fixture.ts";

const archive = zip([{ name: "tool", content: "#!/bin/sh\n", mode: PROGRAM }]);

let parent: string;
let root: string;
let server: Server;
/** Of the requests that have come: those to `/held` wait for their test. */
let replies: ServerResponse[];
let onRequest: () => void;
let packages: NodePackages;

beforeEach(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-packages-")));
  root = join(parent, "node");
  mkdirSync(join(root, "applications"), { recursive: true });
  replies = [];
  onRequest = () => {};
  server = createServer((request, reply) => {
    replies.push(reply);
    if (request.url === "/missing") reply.writeHead(404).end();
    else if (request.url === "/garbage") reply.end("no archive");
    else if (request.url !== "/held") reply.end(archive);
    onRequest();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const service = new ServicePresence();
  service.came();
  const tokens = new IdentityTokens(() => Promise.reject(new Error("the node has no identity")));
  const network = { trustedOrigins: [origin()], reach: undefined, service, tokens };
  packages = new NodePackages({ root, stage: `${root}.packages`, owner: undefined, network: () => network });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(parent, { recursive: true });
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const requestSeen = () =>
  new Promise<void>((resolve) => {
    onRequest = resolve;
  });
const never = () => new AbortController().signal;
const installed = () => readdirSync(join(root, "applications"));
const staged = () => readdirSync(`${root}.packages`);

const wanted = (folder: string, path = "/archive", more: Partial<PackageSpec> = {}): PackageSpec => ({
  reference: `app:${folder}`,
  folder,
  url: `${origin()}${path}`,
  variables: [`AZ_${folder}`],
  ...more,
});

test("a package comes once, whoever asks again", async () => {
  await packages.install([wanted("a"), wanted("b"), wanted("a")], never());
  await packages.install([wanted("b")], never());
  expect([installed().sort(), staged(), replies.length]).toEqual([["a", "b"], [], 2]);
  expect(readFileSync(join(root, "applications/a/tool"), "utf8")).toBe("#!/bin/sh\n");
  expect(packages.variables([wanted("a")])).toEqual([["AZ_a", join(root, "applications/a")]]);
});

test("who comes while it is on its way waits for the same; one who goes takes it from nobody", async () => {
  const seen = requestSeen();
  const impatient = new AbortController();
  const first = packages.install([wanted("a", "/held")], impatient.signal);
  const second = packages.install([wanted("a", "/held")], never());
  await seen;
  impatient.abort(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  replies[0]?.end(archive);
  await second;
  expect([installed(), staged(), replies.length]).toEqual([["a"], [], 1]);
});

test("with the last who waits it is given up, and whoever comes then begins anew", async () => {
  const seen = requestSeen();
  const impatient = new AbortController();
  const first = packages.install([wanted("a", "/held")], impatient.signal);
  await seen;
  impatient.abort(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  expect([installed(), staged()]).toEqual([[], []]);
  await packages.install([wanted("a")], never());
  expect(installed()).toEqual(["a"]);
});

test.each([
  ["/missing", "BlobNotFound"],
  ["/garbage", "It is no zip archive"],
])("from %s there is none, and nothing stays of it; a later try may succeed", async (path, told) => {
  const fault = await packages.install([wanted("a", path)], never()).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(PackageFault);
  expect((fault as PackageFault).code).toBe("ApplicationPackageError");
  expect((fault as PackageFault).details).toEqual([
    { name: "ApplicationPackageReference", value: "app:a" },
    { name: "Message", value: expect.stringContaining(told) },
  ]);
  expect([installed(), staged()]).toEqual([[], []]);
  await packages.install([wanted("a")], never());
  expect(installed()).toEqual(["a"]);
});

test("what the service knows to be missing, and a name that is no folder's, ask for nothing", async () => {
  for (const bad of [
    wanted("a", "/archive", { problem: "There is none." }),
    wanted(".."),
    wanted("a/b"),
    wanted(""),
  ])
    await expect(packages.install([bad], never())).rejects.toThrow(PackageFault);
  expect(replies).toEqual([]);
});

test("a link in place of the folder of applications is not followed", async () => {
  const elsewhere = join(parent, "elsewhere");
  mkdirSync(elsewhere);
  rmSync(join(root, "applications"), { recursive: true });
  symlinkSync(elsewhere, join(root, "applications"));
  await expect(packages.install([wanted("a")], never())).rejects.toThrow(PackageFault);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("what an earlier agent has left half done is cleared away", async () => {
  mkdirSync(`${root}.packages/half/bin`, { recursive: true });
  chmodSync(`${root}.packages/half`, 0o700);
  await packages.clear();
  expect(readdirSync(parent)).toEqual(["node"]);
});
