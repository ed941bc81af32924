/** A service with two identities, and pools that have one, both and none of them. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { NodePath } from "../../../src/wire/agent/configuration.ts";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import type { Door } from "../raw-request.fixture.ts";
import {
  type RunningService,
  type RunningServiceOptions,
  runningService,
} from "../running-service.fixture.ts";

const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`;
export const ACCOUNT = `${LAB}/providers/Microsoft.Batch/batchAccounts/first`;
const AUTHORIZATION = "providers/Microsoft.Authorization";
const BATCH_DATA_CONTRIBUTOR = "6aaa78f1-f7de-44ca-8722-c64a23943cae";
export const identityId = (name: string) =>
  `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
export const VERSION = "2024-07-01";
export const NAMES = ["alpha", "beta"] as const;

const assignmentId = () => `${ACCOUNT}/${AUTHORIZATION}/roleAssignments/${randomUUID()}`;

/** The pool of the page, as its REST body. @param more properties besides */
export const pageBody = (identities: readonly string[], more: object = {}) => ({
  ...(identities.length > 0 && {
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: Object.fromEntries(identities.map((name) => [identityId(name), {}])),
    },
  }),
  properties: {
    vmSize: "STANDARD_D2S_V3",
    scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: {
          publisher: "Canonical",
          offer: "UbuntuServer",
          sku: "18.04-LTS",
          version: "latest",
        },
        nodeAgentSkuId: "batch.node.ubuntu 18.04",
      },
    },
    ...more,
  },
});

export class IdentityPools {
  readonly service: RunningService;
  readonly arm: ArmClient;
  readonly batch: BatchClient;
  readonly identities: Record<(typeof NAMES)[number], { clientId: string; principalId: string }>;
  readonly #assignments = { alpha: assignmentId(), beta: assignmentId() };

  static async open(
    isolation: "auto" | "namespace" | "process",
    nodePaths: readonly NodePath[] = [],
    options: Pick<RunningServiceOptions, "seed" | "testControls" | "clock" | "localRegistries"> = {},
  ): Promise<IdentityPools> {
    const service = await runningService({ seed: contosoSeed, isolation, nodePaths, ...options });
    const arm = await ArmClient.signIn(service, applications.contributor);
    const [alpha, beta] = await Promise.all(
      NAMES.map(
        async (name) =>
          (
            await arm.send("PUT", identityId(name), {
              version: "2023-01-31",
              body: { location: "westeurope" },
            })
          ).json.properties,
      ),
    );
    const pools = new IdentityPools(service, arm, await BatchClient.connect(service), { alpha, beta });
    await pools.add("one", ["alpha"]);
    await pools.add("two", ["alpha", "beta"]);
    await pools.add("none", []);
    return pools;
  }

  private constructor(
    service: RunningService,
    arm: ArmClient,
    batch: BatchClient,
    identities: IdentityPools["identities"],
  ) {
    this.service = service;
    this.arm = arm;
    this.batch = batch;
    this.identities = identities;
  }

  async add(pool: string, identities: readonly string[], more: object = {}): Promise<void> {
    const path = `${ACCOUNT}/pools/${pool}`;
    const made = await this.arm.send("PUT", path, { version: VERSION, body: pageBody(identities, more) });
    expect(outcome(made)).toBe(200);
    await this.batch.post("/jobs", jobBody(pool, pool));
  }

  /** @returns what the script printed */
  async run(
    pool: string,
    script: string,
    { shell = "/bin/sh", isElevated = false }: { shell?: string; isElevated?: boolean } = {},
  ): Promise<string> {
    const id = await this.start(pool, script, { shell, isElevated });
    await this.batch.until(`/jobs/${pool}/tasks/${id}`, ({ state }) => state === "completed");
    return this.printed(pool, id);
  }

  /** What a task has printed so far; nothing while it has no output. */
  async printed(pool: string, task: string): Promise<string> {
    const { status, text } = await this.batch.send("GET", `/jobs/${pool}/tasks/${task}/files/stdout.txt`);
    return status === 200 ? text : "";
  }

  /** @returns the task's id */
  async start(
    pool: string,
    script: string,
    { shell = "/bin/sh", isElevated = false }: { shell?: string; isElevated?: boolean } = {},
  ): Promise<string> {
    const id = `t${randomUUID()}`;
    const environmentSettings = [{ name: "SCRIPT", value: script }];
    await this.batch.post(`/jobs/${pool}/tasks`, {
      id,
      commandLine: `${shell} -c 'exec 2>&1; eval "$SCRIPT"'`,
      environmentSettings,
      ...(isElevated && { userIdentity: { autoUser: { scope: "task", elevationLevel: "admin" } } }),
    });
    return id;
  }

  /** Makes it anew under its name, or another one. */
  async addIdentity(name: string): Promise<{ clientId: string; principalId: string }> {
    const body = { location: "westeurope" };
    return (await this.arm.send("PUT", identityId(name), { version: "2023-01-31", body })).json.properties;
  }

  async json(pool: string, script: string): Promise<Json> {
    const said = await this.run(pool, script);
    try {
      return JSON.parse(said);
    } catch {
      throw new Error(`not JSON: ${said}`);
    }
  }

  /** The service's main port. */
  door(): Door {
    const { ca, ready } = this.service;
    return { main: { port: Number(new URL(ready.management).port) }, ca };
  }

  /** Lets an identity do with jobs what it likes. */
  async assignRole(name: (typeof NAMES)[number] = "alpha"): Promise<void> {
    const administrator = await ArmClient.signIn(this.service, applications.owner);
    const assigned = await administrator.send("PUT", this.#assignments[name], {
      version: "2022-04-01",
      body: {
        properties: {
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${BATCH_DATA_CONTRIBUTOR}`,
          principalId: this.identities[name].principalId,
          principalType: "ServicePrincipal",
        },
      },
    });
    expect(outcome(assigned)).toBe(201);
  }

  async removeRole(): Promise<void> {
    const administrator = await ArmClient.signIn(this.service, applications.owner);
    expect(
      outcome(await administrator.send("DELETE", this.#assignments.alpha, { version: "2022-04-01" })),
    ).toBe(200);
  }

  /** Lines of the audit log about tokens of identities. */
  audited(planes: readonly string[] = ["imds"]): Json[] {
    return readFileSync(join(this.service.folder, "audit", "audit.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ plane }) => planes.includes(plane));
  }

  async close(): Promise<void> {
    this.batch.close();
    await this.service.close();
  }
}
