/**
 * A hostile task tries to get at another pool's identity by every way that we could think of: by asking, by forging, through other
 * nodes' and the service's sockets, files and memory, as an administrator, in namespaces of its own. It gets nothing, and the audit
 * log says who tried. That its attempts are real ones is shown by the same program where nothing is in its way.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { haveOwnIds, namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { IdentityPools, identityId, NAMES } from "../arm/identity-pools.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { missing, programFile } from "../client-program.fixture.ts";
import { eventually } from "../eventually.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noPython = missing("Python", PYTHON, ["-c", "import ssl, ctypes"]);
const PROGRAMS = realpathSync(programFile("."));
const THIEF = `${PYTHON} -B ${PROGRAMS}/identity_thief`;
const VAULT = { port: 18_777, socket: "batchyard-theft-vault" };
const SECRET_FILES = [
  "seal.key",
  "ca-key.pem",
  "state.db",
  "credentials.json",
  "service.json",
  "agent/configuration.json",
  "audit/audit.jsonl",
];

interface Attempts {
  readonly uid: number;
  readonly attempts: Readonly<Record<string, { readonly theft: boolean; readonly how: string }>>;
}

/** Names of the attempts that brought something, in the order in which they were made. */
const thefts = ({ attempts }: Attempts) =>
  Object.entries(attempts)
    .filter(([, { theft }]) => theft)
    .map(([name]) => name);

/** What a test says when an attempt came out otherwise than it should. */
const told = ({ attempts }: Attempts) => JSON.stringify(attempts, null, 1);

/** What it is that each kind of attempt is refused for, as the audit log has it. */
const REFUSALS = [
  "Identity not found",
  "An identity is named by one parameter only.",
  ...["client_id", "object_id", "mi_res_id", "msi_res_id"].map(
    (name) => `'${name}' is given more than once.`,
  ),
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via"].map(
    (name) => `Forwarded requests are not answered: ${name}`,
  ),
  "Forwarded requests are not answered: the target is a URL",
  "The Host header names another server",
  "Required metadata header not specified",
  "Method not allowed: only GET is",
  "Not found",
];

describe.skipIf(namespaceObstacle !== undefined || noPython)("on namespace nodes", () => {
  let pools: IdentityPools;
  let vaultSocket: string;
  let vaultFile: string;

  beforeAll(async () => {
    pools = await IdentityPools.open("namespace", [{ path: PROGRAMS, isWritable: false }]);
    await pools.add("victim", ["beta"], { taskSlotsPerNode: 2 });
    const { clientId } = pools.identities.beta;
    const vault = await pools.start(
      "victim",
      `exec ${PYTHON} -B ${PROGRAMS}/identity_vault.py ${VAULT.port} ${VAULT.socket} ${clientId}`,
    );
    await eventually("the victim's token", async () =>
      (await pools.printed("victim", vault)).includes("open"),
    );
    const nodes = join(pools.service.folder, "nodes");
    const folder = readdirSync(nodes)
      .map((node) => join(nodes, node, "workitems/victim/job-1", vault, "wd"))
      .find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
    [vaultSocket, vaultFile] = [`${folder}/vault.sock`, `${folder}/token.txt`];
  });
  afterAll(() => pools?.close());

  const agentPid = (): number =>
    JSON.parse(readFileSync(join(pools.service.folder, "agent", "agent.json"), "utf8")).pid;

  function given(parts: readonly string[], more: object = {}): string {
    const { folder, ready } = pools.service;
    const [own, victim] = NAMES.map((name) => {
      const { clientId, principalId } = pools.identities[name];
      return { client_id: clientId, object_id: principalId, resource_id: identityId(name) };
    });
    const paths = [...SECRET_FILES.map((name) => join(folder, name)), vaultFile];
    return JSON.stringify({
      parts,
      own,
      victim,
      folder,
      files: paths.map((path) => ({ path, inode: statSync(path).ino })),
      pids: [agentPid(), process.pid],
      service: {
        main: Number(new URL(ready.management).port),
        proxy: Number(new URL(ready.proxy).port),
      },
      ports: [{ name: "of the victim", port: VAULT.port }],
      sockets: [`@${VAULT.socket}`, vaultSocket],
      ...more,
    });
  }

  const inside = async (pool: string, words: string, isElevated = false): Promise<Attempts> => {
    const said = await pools.run(pool, `${THIEF} '${words}'`, { isElevated });
    const line = said.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new Error(said);
    return JSON.parse(line);
  };

  const denied = (): Json[] => pools.audited().filter(({ decision }) => decision === "denied");

  describe("a task of another pool", () => {
    test.each([
      ["by asking and forging", ["asks"], false],
      ["through the service's ports", ["service"], false],
      ["through sockets, files, memory and mounts", ["reach", "files", "memory", "mounts", "nested"], false],
      ["through the same as an administrator", ["reach", "files", "memory", "mounts", "nested"], true],
    ])("gets nothing %s", async (_, parts, isElevated) => {
      const found = await inside("one", given(parts), isElevated);
      expect(found.uid === 0).toBe(isElevated);
      expect(Object.keys(found.attempts).length, told(found)).toBeGreaterThan(4);
      // Its own identity is its to ask for.
      expect(thefts(found), told(found)).toEqual(parts.includes("asks") ? ["ask for its own"] : []);
    });

    test("gets nothing by the agent's hands, which read files for whoever may see the task's", async () => {
      const { folder } = pools.service;
      const wanted = [
        join(folder, "seal.key"),
        join(folder, "agent/configuration.json"),
        vaultFile,
        `/proc/${agentPid()}/environ`,
        "/proc/self/environ",
        "/etc/shadow",
      ];
      const script = wanted.map((path, index) => `ln -s ${path} link${index}`).join("; ");
      const id = await pools.start("one", `${script}; echo own >own; ln -s own link`);
      await pools.batch.until(`/jobs/one/tasks/${id}`, ({ state }) => state === "completed");
      const read = (name: string) => pools.batch.send("GET", `/jobs/one/tasks/${id}/files/wd/${name}`);
      for (const index of wanted.keys()) expect((await read(`link${index}`)).status).toBe(404);
      expect((await read("link")).text).toBe("own\n");
    });

    test("is in the audit log with each thing that it asked for, by node and by name", async () => {
      const [node] = (await pools.batch.get("/pools/one/nodes")).value;
      const path = `/pools/one/nodes/${node.id}`;
      await eventually("all refusals in the audit log", () => {
        const lines = denied().filter(({ target }) => target.startsWith(path));
        return REFUSALS.every((reason) => lines.some(({ missing }) => missing === reason));
      });
      const { clientId, principalId } = pools.identities.beta;
      const asked = denied().filter(({ operation }) => operation === "Identity_Token");
      for (const value of [clientId, principalId, identityId("beta")])
        expect(
          asked.some(({ target }) => [...new URLSearchParams(target.split("?")[1]).values()].includes(value)),
        ).toBe(true);
      const tasks = new Set((await pools.batch.get("/jobs/one/tasks")).value.map(({ id }: Json) => id));
      // What is only counted is told later, whatever runs then.
      const first = denied().filter(({ target, times }) => target.startsWith(path) && times === undefined);
      for (const { caller } of first) {
        expect(caller).toMatchObject({ principalType: "Task", principalId: null, task: { jobId: "one" } });
        expect(tasks).toContain(caller.task.taskId);
      }
    });

    test("is in the audit log for what it tried at the service's ports", async () => {
      await eventually("the strangers", () => {
        const lines = pools
          .audited(["imds", "node"])
          .filter(({ caller }) => caller.principalType === "Unknown" && caller.from !== undefined);
        expect(lines.every(({ caller }) => / as \/pools\/one\/nodes\/\S+ does$/.test(caller.from))).toBe(
          true,
        );
        const has = (target: string) =>
          lines.some((line) => line.target === target && line.decision === "denied");
        return (
          has("/agent") &&
          has("GET 169.254.169.254/metadata/identity/oauth2/token") &&
          has("GET localhost/metadata/identity/oauth2/token") &&
          has("CONNECT 169.254.169.254:80")
        );
      });
    });
  });

  test("a flood of attempts costs the audit log a few lines", async () => {
    const flood = [
      "import http.client",
      "peer = http.client.HTTPConnection('169.254.169.254')",
      "told = {}",
      "for i in range(400):",
      "    forged = {'Metadata': 'true', 'X-Forwarded-For': str(i)} if i % 2 else {'Metadata': 'true'}",
      "    peer.request('GET', f'/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r{i}&client_id={i}', headers=forged)",
      "    reply = peer.getresponse()",
      "    reply.read()",
      "    told[reply.status] = told.get(reply.status, 0) + 1",
      "print(told)",
    ].join("\n");
    const said = await pools.run("none", `${PYTHON} - <<'.'\n${flood}\n.`);
    // Half of them are forged; of the others the service is bothered with a hundred, and the few that a second allows.
    expect(said).toMatch(/^\{400: \d+, 429: \d+\}|^\{400: 400\}/);
    const ofNode = () => denied().filter(({ target }) => target.startsWith("/pools/none/"));
    await eventually("the first lines", () =>
      ofNode().some(({ missing }) => missing === "Forwarded requests are not answered: x-forwarded-for"),
    );
    expect(ofNode().length).toBeGreaterThan(10);
    expect(ofNode().length).toBeLessThan(80);
  });

  describe("the same program, where nothing is in its way,", () => {
    test("is given the identity's token on a node that has it", async () => {
      const found = await inside("victim", given(["asks", "reach"]));
      const names = ["client_id", "object_id", "mi_res_id", "msi_res_id"];
      expect(thefts(found), told(found)).toEqual(
        expect.arrayContaining([
          ...names.map((name) => `ask by ${name}`),
          ...names.map((name) => `ask by ${name}, bypassing`),
          ...names.map((name) => `ask by ${name} in other letters`),
          "reach port of the victim",
          `reach socket @${VAULT.socket}`,
          "reach sockets that are listed",
        ]),
      );
    });

    test("takes files, sockets and memory as a process of the machine", async () => {
      const [program = "", ...words] = THIEF.split(" ");
      const { stdout } = await promisify(execFile)(program, [
        ...words,
        given(["files", "memory", "reach"], { pids: [agentPid()] }),
      ]);
      const found: Attempts = JSON.parse(stdout);
      const isRoot = process.geteuid?.() === 0;
      expect(thefts(found), told(found)).toEqual(
        expect.arrayContaining([
          // Where tasks have ids of their own, theirs are not this user's to reach either.
          ...(isRoot || !haveOwnIds ? [`reach socket ${vaultSocket}`, "reach sockets that lie about"] : []),
          "read files",
          "find files",
          ...(isRoot
            ? [
                "open files by inode",
                "read files below roots",
                "read files from working folders",
                "read the service's memory",
                "trace the service",
                "take the service's descriptors",
                "read everybody's memory",
              ]
            : []),
        ]),
      );
    });
  });
});

describe.skipIf(noPython)("a process of the machine", () => {
  test("gets nothing at the service's own ports, and is in the audit log with its user", async () => {
    const pools = await IdentityPools.open("process");
    try {
      const { ready } = pools.service;
      const name = { client_id: "a", object_id: "b", resource_id: "c" };
      const service = {
        main: Number(new URL(ready.management).port),
        proxy: Number(new URL(ready.proxy).port),
      };
      const words = JSON.stringify({ parts: ["service"], own: name, victim: name, service });
      const [program = "", ...rest] = THIEF.split(" ");
      const { stdout } = await promisify(execFile)(program, [...rest, words]);
      const found: Attempts = JSON.parse(stdout);
      expect(Object.keys(found.attempts).length).toBeGreaterThan(5);
      expect(thefts(found), told(found)).toEqual([]);
      const plain = await fetch(`${ready.plain}/metadata/identity/oauth2/token?resource=r`, {
        headers: { metadata: "true" },
      });
      expect(plain.status).toBe(400);
      await eventually("the stranger in the audit log", () => {
        const lines = pools.audited(["imds", "node"]);
        return ["/agent", "GET 169.254.169.254", "CONNECT 169.254.169.254:80", "GET 127.0.0.1"].every(
          (start) =>
            lines.some(
              ({ target, caller }) =>
                target.startsWith(start) && caller.from === `127.0.0.1, uid ${process.geteuid?.()}`,
            ),
        );
      });
    } finally {
      await pools.close();
    }
  });

  test("gets nothing from a process node's endpoint without its secret, and is in the audit log with its user", async () => {
    const pools = await IdentityPools.open("process");
    try {
      const endpoint = await pools.run("one", 'printf %s "$AZURE_POD_IDENTITY_AUTHORITY_HOST"');
      const { host, pathname } = new URL(endpoint);
      const [own, victim] = NAMES.map((name) => {
        const { clientId, principalId } = pools.identities[name];
        return { client_id: clientId, object_id: principalId, resource_id: identityId(name) };
      });
      const words = (metadata: string, victimOf = victim) =>
        JSON.stringify({ parts: ["asks"], own, victim: victimOf, metadata });
      const run = async (words: string): Promise<Attempts> => {
        const [program = "", ...rest] = THIEF.split(" ");
        const { stdout } = await promisify(execFile)(program, [...rest, words]);
        return JSON.parse(stdout);
      };
      const guesses = ["", "/guessed", `/${"A".repeat(43)}`, `${pathname.slice(0, -1)}~`];
      for (const guess of guesses) {
        const found = await run(words(`http://${host}${guess}`));
        expect(thefts(found), told(found)).toEqual([]);
      }
      const wrongHeader = await fetch(`${endpoint}/msi/token?api-version=2019-08-01&resource=r`, {
        headers: { "x-identity-header": "guessed" },
      });
      expect(wrongHeader.status).toBe(401);
      const [node] = (await pools.batch.get("/pools/one/nodes")).value;
      const from = `uid ${process.geteuid?.()}`;
      await eventually("the stranger in the audit log", () => {
        const lines = pools
          .audited()
          .filter(
            ({ target, caller, decision }) =>
              decision === "denied" &&
              target.startsWith(`/pools/one/nodes/${node.id} `) &&
              caller.from === from,
          );
        const has = (text: string) => lines.some(({ missing }) => missing.includes(text));
        return has("holds a secret") && has("X-IDENTITY-HEADER is missing or wrong");
      });
      const line = readFileSync(join(pools.service.folder, "audit", "audit.jsonl"), "utf8");
      expect(line).not.toContain(pathname.slice(1));
      // With the secret it is as good as a task: that is what the name of the option says.
      const known = await run(words(endpoint, own));
      expect(thefts(known), told(known)).toContain("ask by client_id");
    } finally {
      await pools.close();
    }
  });
});
