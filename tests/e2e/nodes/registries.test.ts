/**
 * Images from registries: Debian's docker-registry on loopback, open and with a password, and one that asks for an identity as Azure's do.
 * What a pool's registry refuses that pool does not get, also where another has it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageStore } from "../../../src/agent/images/image-store.ts";
import {
  ACCOUNT,
  IdentityPools,
  identityId,
  pageBody,
  VERSION,
} from "../../wire/arm/identity-pools.fixture.ts";
import { outcome } from "../../wire/arm-client.fixture.ts";
import type { Json } from "../../wire/batch-client.fixture.ts";
import { contosoSeed } from "../../wire/contoso.fixture.ts";
import { noteSecret } from "../../wire/seen-secrets.fixture.ts";
import { containerPool } from "./container-pool.fixture.ts";
import { rootObstacle } from "./namespace-nodes.ts";
import { freePort, hasRegistryTools, makeImage, TestRegistry, TokenRegistry } from "./registry.fixture.ts";

if (rootObstacle !== undefined) console.warn(`skipped, no roots of nodes' own here: ${rootObstacle}`);
else if (!hasRegistryTools) console.warn("skipped: no skopeo, umoci, docker-registry and busybox-static");

const PASSWORD = "the-registry's-own-password";

describe.skipIf(rootObstacle !== undefined || !hasRegistryTools)("with registries", () => {
  const work = mkdtempSync(join(tmpdir(), "batchyard-registries-"));
  let pools: IdentityPools;
  let open: TestRegistry;
  let closed: TestRegistry;
  let broken: TestRegistry;
  let guarded: TokenRegistry;
  let layout: string;
  let tasks = 0;

  beforeAll(async () => {
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
    open = await TestRegistry.start(join(work, "open"), ports[0]);
    const auth = TestRegistry.passwordFile(join(work, "closed"), "user", PASSWORD);
    closed = await TestRegistry.start(join(work, "closed"), ports[1], auth);
    broken = await TestRegistry.start(join(work, "broken"), ports[3]);
    guarded = await TokenRegistry.start(ports[2], open.port);
    layout = makeImage(join(work, "image"), "from a registry");
    open.push(layout, "team/tool:1");
    open.push(makeImage(join(work, "foreign"), "foreign", { architecture: "s390x" }), "team/foreign:1");
    closed.push(layout, "private/tool:1", `user:${PASSWORD}`);
    noteSecret("a registry's password", PASSWORD);
    const localRegistries = ports.map((port) => `127.0.0.1:${port}`);
    pools = await IdentityPools.open("namespace", [], { seed: contosoSeed, localRegistries });
  });

  afterAll(async () => {
    await pools?.close();
    guarded?.stop();
    await Promise.all([open?.stop(), closed?.stop(), broken?.stop()]);
    rmSync(work, { recursive: true, force: true });
  });

  const at = ({ port }: { readonly port: number }, name: string) => `127.0.0.1:${port}/${name}`;
  const withPassword = (password: string) => ({
    registryServer: at(closed, "").slice(0, -1),
    username: "user",
    password,
  });

  /** @returns the pool's node, when it is idle or cannot be */
  async function nodeOf(id: string, containerConfiguration: object): Promise<Json> {
    await pools.batch.post("/pools", containerPool(id, containerConfiguration));
    await pools.batch.post("/jobs", { id, poolInfo: { poolId: id } });
    return settled(id);
  }

  async function settled(id: string): Promise<Json> {
    const list = await pools.batch.until(`/pools/${id}/nodes`, ({ value }) =>
      /^(idle|unusable)$/.test(value[0]?.state),
    );
    return list.value[0];
  }

  async function run(
    pool: string,
    imageName: string,
    settings: object = {},
    change: object = {},
  ): Promise<[Json, string]> {
    const id = `t${++tasks}`;
    const body = { id, commandLine: "", containerSettings: { imageName, ...settings }, ...change };
    await pools.batch.post(`/jobs/${pool}/tasks`, body);
    const task = await pools.batch.until(`/jobs/${pool}/tasks/${id}`, ({ state }) => state === "completed");
    return [task, await pools.printed(pool, id)];
  }

  const store = () => new ImageStore(join(pools.service.folder, "images"));

  test("a pool's image is there before its node is idle, whoever names it; it is stored once", async () => {
    const name = at(open, "team/tool:1");
    expect((await nodeOf("open", { containerImageNames: [name] })).state).toBe("idle");
    expect((await run("open", name))[1]).toBe("from a registry\n");
    const other = withPassword(PASSWORD);
    const configuration = {
      containerImageNames: [at(closed, "private/tool:1")],
      containerRegistries: [other],
    };
    expect((await nodeOf("private", configuration)).state).toBe("idle");
    expect((await run("private", at(closed, "private/tool:1")))[1]).toBe("from a registry\n");
    expect(store().all()).toMatchObject([{ names: [], pulled: [expect.any(String), expect.any(String)] }]);
  });

  test("a password is used, and never shown", async () => {
    const registry = withPassword(PASSWORD);
    const [task, said] = await run("open", at(closed, "private/tool:1"), { registry });
    expect(said).toBe("from a registry\n");
    const { password: _, ...shown } = registry;
    expect(task.containerSettings.registry).toEqual(shown);
    const { json } = await pools.batch.send("GET", "/pools/private");
    const { containerRegistries } = json.virtualMachineConfiguration.containerConfiguration;
    expect(containerRegistries).toEqual([shown]);
  });

  test("an image that is here for one pool is not for another whom its registry refuses", async () => {
    const name = at(closed, "private/tool:1");
    const node = await nodeOf("stranger", { containerImageNames: [] });
    expect(node.state).toBe("idle");
    for (const settings of [{}, { registry: withPassword("a guess") }]) {
      const [{ executionInfo }] = await run("stranger", name, settings);
      expect(executionInfo.failureInfo).toMatchObject({
        code: "ContainerInvalidImage",
        category: "UserError",
      });
      expect(executionInfo.failureInfo.message).toContain("the registry refuses it");
      expect(executionInfo.failureInfo.details.map((detail: Json) => detail.name)).toEqual([
        "Image",
        "Message",
      ]);
      expect(executionInfo.containerInfo).toMatchObject({ state: "created" });
    }
    expect((await run("stranger", name, { registry: withPassword(PASSWORD) }))[1]).toBe("from a registry\n");
  });

  test("an identity of the pool is shown to a registry of Azure's kind", async () => {
    const name = at(guarded, "team/tool:1");
    const server = at(guarded, "").slice(0, -1);
    const body = pageBody(["alpha"]) as Json;
    body.properties.deploymentConfiguration.virtualMachineConfiguration.containerConfiguration = {
      type: "DockerCompatible",
      containerImageNames: [name],
      containerRegistries: [
        { registryServer: server, identityReference: { resourceId: identityId("alpha") } },
      ],
    };
    const made = await pools.arm.send("PUT", `${ACCOUNT}/pools/identified`, { version: VERSION, body });
    expect(outcome(made)).toBe(200);
    await pools.batch.post("/jobs", { id: "identified", poolInfo: { poolId: "identified" } });
    expect(await settled("identified")).toMatchObject({ state: "idle" });
    expect((await run("identified", name))[1]).toBe("from a registry\n");
    const [token = ""] = guarded.shown;
    const { oid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(oid).toBe(pools.identities.alpha.principalId);
    const [{ executionInfo }] = await run("stranger", name);
    expect(executionInfo.failureInfo.code).toBe("ContainerInvalidImage");
  });

  test("metadata answers in a container as on its node: with the identities of its own pool", async () => {
    const url =
      "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://batch.core.windows.net/";
    const ask = { commandLine: `wget -q -O - --header Metadata:true ${url}` };
    const [, said] = await run("identified", at(guarded, "team/tool:1"), {}, ask);
    const { oid } = JSON.parse(
      Buffer.from(JSON.parse(said).access_token.split(".")[1], "base64url").toString(),
    );
    expect(oid).toBe(pools.identities.alpha.principalId);
    const [task, nothing] = await run("open", at(open, "team/tool:1"), {}, ask);
    expect([task.executionInfo.exitCode, nothing]).toEqual([1, ""]);
  });

  test.each([
    ["a tag that is missing", () => at(open, "team/tool:2"), "no such image"],
    ["an image for other processors", () => at(open, "team/foreign:1"), "other processors"],
    ["a registry that is not there", () => "127.0.0.1:1/team/tool:1", "cannot be reached"],
    ["a name that is none", () => "Team/Tool", "no name of an image"],
  ])("a node says what is wrong with %s", async (_, name, reason) => {
    const id = `wrong${++tasks}`;
    const node = await nodeOf(id, { containerImageNames: [name()] });
    expect(node).toMatchObject({ state: "unusable", errors: [{ code: "ContainerInvalidImage" }] });
    expect(node.errors[0].message).toContain(reason);
  });

  test("a broken layer is refused, and nothing of it stays", async () => {
    const before = store().all().length;
    broken.push(makeImage(join(work, "torn"), "another"), "team/broken:1");
    broken.breakLayers();
    const [{ executionInfo }] = await run("stranger", at(broken, "team/broken:1"));
    expect(executionInfo.failureInfo.code).toBe("ContainerInvalidImage");
    expect(executionInfo.failureInfo.message).toContain("broken");
    expect(store().all()).toHaveLength(before);
  });

  test("a registry is somebody's name and password, or an identity's", async () => {
    const refusal = async (registry: object) => {
      const body = { id: "no", commandLine: "", containerSettings: { imageName: "a", registry } };
      return (await pools.batch.send("POST", "/jobs/open/tasks", { body })).json;
    };
    const identityReference = { resourceId: identityId("alpha") };
    expect(JSON.stringify(await refusal({ username: "u" }))).toContain("password");
    expect(JSON.stringify(await refusal({ username: "u", password: "p", identityReference }))).toContain(
      "takes the place",
    );
    expect(JSON.stringify(await refusal({ registryServer: "a b" }))).toContain("registryServer");
  });
});
