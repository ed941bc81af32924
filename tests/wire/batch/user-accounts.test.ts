/** Named users of pools: how they are described, and that tasks of every kind run as them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { haveOwnIds, loginObstacle, namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { ACCOUNT, VERSION } from "../arm/identity-pools.fixture.ts";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { applications, contosoSeed } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { FileOrigin } from "./file-origin.fixture.ts";
import { noSshClient, SshClient } from "./ssh-client.fixture.ts";

const PYTHON = "/usr/bin/python3";
const hasUsers = namespaceObstacle === undefined && haveOwnIds;
if (!hasUsers) console.warn("SKIPPED: nodes here have no ids for named users");

const SECRETS = { password: "a password of ann's", sshPrivateKey: "a private key of ann's" };
const ann = {
  name: "ann",
  password: SECRETS.password,
  linuxUserConfiguration: { sshPrivateKey: SECRETS.sshPrivateKey },
};
const boss = {
  name: "boss",
  password: SECRETS.password,
  elevationLevel: "admin",
  linuxUserConfiguration: { uid: 3001, gid: 3002 },
};
const userAccounts = [ann, boss];
const SHOWN = [
  { name: "ann", linuxUserConfiguration: {} },
  { name: "boss", elevationLevel: "admin", linuxUserConfiguration: { uid: 3001, gid: 3002 } },
];
const as = (username: string) => ({ userIdentity: { username } });

let origin: FileOrigin;
let service: RunningService;
let batch: BatchClient;

beforeAll(async () => {
  origin = await FileOrigin.listen();
  service = await runningService({ seed: contosoSeed, trustedOrigins: [origin.origin] });
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
  origin?.close();
});

const withoutSecrets = (text: string) => {
  for (const [what, secret] of Object.entries(SECRETS)) expect(text, what).not.toContain(secret);
  return text;
};
const completed = (path: string): Promise<Json> => batch.until(path, ({ state }) => state === "completed");
const output = async (task: string) => (await batch.send("GET", `${task}/files/stdout.txt`)).text;

describe("a pool", () => {
  test("tells of its users all but the secrets, wherever it is described", async () => {
    const { id, ...pool } = poolBody("shown", { targetDedicatedNodes: 0, userAccounts });
    const poolInfo = { autoPoolSpecification: { poolLifetimeOption: "job", pool } };
    await batch.post("/pools", { id, ...pool });
    await batch.post("/jobs", { id: "shown", poolInfo });
    await batch.post("/jobschedules", {
      id: "shown-by-schedule",
      schedule: {},
      jobSpecification: { poolInfo },
    });
    const { json, text } = await batch.must("GET", "/pools/shown");
    withoutSecrets(text);
    expect(json.userAccounts).toMatchObject(SHOWN);
    for (const path of ["/pools", "/jobs", "/jobschedules"]) {
      expect(withoutSecrets((await batch.must("GET", path)).text)).toContain('"boss"');
    }
    const { executionInfo } = await batch.get("/jobs/shown");
    expect((await batch.get(`/pools/${executionInfo.poolId}`)).userAccounts).toMatchObject(SHOWN);
  });

  test("is refused with users that cannot be, by the property", async () => {
    const refused = async (account: object, more: object = {}) => {
      const body = poolBody("refused", { userAccounts: [account], ...more });
      const { status, json, text } = await batch.send("POST", "/pools", { body });
      withoutSecrets(text);
      const path = json.values.find(({ key }: Json) => key === "PropertyPath")?.value;
      return [status, json.code, path];
    };
    const wrong = (name: string) => [400, "InvalidPropertyValue", `userAccounts[0].${name}`];
    expect(await refused({ ...ann, name: "root" })).toEqual(wrong("name"));
    expect(await refused({ ...ann, linuxUserConfiguration: { uid: 5000 } })).toEqual(
      wrong("linuxUserConfiguration.gid"),
    );
    expect(await refused({ ...ann, windowsUserConfiguration: { loginMode: "batch" } })).toEqual(
      wrong("windowsUserConfiguration"),
    );
    expect(await refused(ann, { enableInterNodeCommunication: true })).toEqual([
      501,
      "NotImplemented",
      "userAccounts[0].linuxUserConfiguration.sshPrivateKey",
    ]);
    expect((await batch.send("GET", "/pools/refused")).status).toBe(404);
  });

  test("changes its users only while it has no nodes", async () => {
    const version = "2024-07-01.20.0";
    const patch = async (id: string, accounts: object[]) => {
      const body = { userAccounts: accounts };
      const { status, json } = await batch.send("PATCH", `/pools/${id}`, { body, version });
      return [status, json?.code];
    };
    await batch.post("/pools", poolBody("empty", { targetDedicatedNodes: 0, userAccounts }));
    expect(await patch("empty", [boss])).toEqual([200, undefined]);
    expect((await batch.get("/pools/empty")).userAccounts).toMatchObject([{ name: "boss" }]);
    expect(await patch("empty", [{ ...boss, windowsUserConfiguration: {} }])).toEqual([
      400,
      "InvalidPropertyValue",
    ]);
    await batch.post("/pools", poolBody("taken", { userAccounts }));
    await batch.until("/pools/taken", ({ currentDedicatedNodes }) => currentDedicatedNodes === 1);
    expect(await patch("taken", userAccounts)).toEqual([200, undefined]);
    expect(await patch("taken", [boss])).toEqual([409, "OperationNotValidOnPool"]);
  });

  test("of management has the same users, and one may say so twice", async () => {
    const arm = await ArmClient.signIn(service, applications.contributor);
    const body = {
      properties: {
        vmSize: "STANDARD_D2S_V3",
        scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
        deploymentConfiguration: {
          virtualMachineConfiguration: {
            imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
            nodeAgentSkuId: "batch.node.debian 12",
          },
        },
        userAccounts: [
          { ...ann, elevationLevel: "NonAdmin" },
          { ...boss, elevationLevel: "Admin" },
        ],
        startTask: { commandLine: "/bin/true", userIdentity: { userName: "ann" } },
      },
    };
    const put = (change: object = {}, version = VERSION) =>
      arm.send("PUT", `${ACCOUNT}/pools/managed`, {
        version,
        body: { properties: { ...body.properties, ...change } },
      });
    const made = await put();
    expect(outcome(made)).toBe(200);
    withoutSecrets(made.text);
    expect(made.json.properties).toMatchObject({
      userAccounts: [{ name: "ann" }, { name: "boss", elevationLevel: "Admin" }],
      startTask: { userIdentity: { userName: "ann" } },
    });
    await batch.until("/pools/managed/nodes", ({ value }) => value[0]?.state === "idle");
    // The first is of a time when nobody could change them.
    for (const version of ["2022-10-01", VERSION]) expect(outcome(await put({}, version)), version).toBe(200);
    expect((await put({ userAccounts: [ann] })).status).toBe(409);
    const both = { userName: "ann", autoUser: { scope: "Pool" } };
    const refused = await put({ startTask: { commandLine: "/bin/true", userIdentity: both } });
    expect([refused.status, refused.text.includes("userIdentity.userName")]).toEqual([400, true]);
  });
});

test("a task that names a user whom its pool has not got fails before it runs; so does a start task", async () => {
  await batch.post("/pools", poolBody("unknown", { userAccounts }));
  await batch.post("/jobs", jobBody("unknown", "unknown"));
  await batch.post("/jobs/unknown/tasks", taskBody("t", "true", as("carl")));
  const { executionInfo, userIdentity } = await completed("/jobs/unknown/tasks/t");
  expect(userIdentity).toEqual({ username: "carl" });
  expect(executionInfo).toMatchObject({
    result: "failure",
    failureInfo: {
      category: "UserError",
      code: "CommandLaunchFailed",
      message: "The pool has no user account named carl.",
    },
  });
  const startTask = { commandLine: "/bin/true", waitForSuccess: true, ...as("carl") };
  await batch.post("/pools", poolBody("unknown-start", { userAccounts, startTask }));
  const { value } = await batch.until(
    "/pools/unknown-start/nodes",
    (list) => list.value[0]?.state === "starttaskfailed",
  );
  expect(value[0].startTaskInfo.failureInfo).toMatchObject({ code: "CommandLaunchFailed" });
});

describe.skipIf(!hasUsers)("as a named user", () => {
  beforeAll(async () => {
    const startTask = { commandLine: "/bin/sh -c 'id -un; id -u; id -g; touch mine'", ...as("boss") };
    await batch.post("/pools", poolBody("users", { taskSlotsPerNode: 4, userAccounts, startTask }));
    const hook = (id: string, username: string) =>
      taskBody(id, "id -un; touch mine; ls -l mine", as(username));
    const job = {
      jobPreparationTask: hook("prepare", "ann"),
      jobReleaseTask: hook("release", "boss"),
      jobManagerTask: { ...hook("manager", "ann"), killJobOnCompletion: false, runExclusive: false },
    };
    await batch.post("/jobs", jobBody("users", "users", job));
  });

  const run = async (id: string, script: string, change: object, job = "users"): Promise<string> => {
    await batch.post(`/jobs/${job}/tasks`, taskBody(id, `exec 2>&1; ${script}`, change));
    await completed(`/jobs/${job}/tasks/${id}`);
    return output(`/jobs/${job}/tasks/${id}`);
  };

  test("a start task, a preparation and a manager run; a task reads what they left and changes what is its user's", async () => {
    const { value } = await batch.until("/pools/users/nodes", (list) => list.value[0]?.state === "idle");
    const node = `/pools/users/nodes/${value[0].id}`;
    expect((await batch.send("GET", `${node}/files/startup/stdout.txt`)).text).toBe("boss\n3001\n3002\n");
    await completed("/jobs/users/tasks/manager");
    expect(await output("/jobs/users/tasks/manager")).toMatch(/^ann\n-rw-r--r-- 1 ann ann /);
    const prepared = await batch.send("GET", `${node}/files/workitems/users/job-1/prepare/stdout.txt`);
    expect(prepared.text).toMatch(/^ann\n-rw-r--r-- 1 ann ann /);
    const script = [
      "cat $AZ_BATCH_NODE_STARTUP_DIR/stdout.txt | head -n1",
      "echo x >$AZ_BATCH_JOB_PREP_WORKING_DIR/new && echo prep",
      "echo x >$AZ_BATCH_NODE_STARTUP_WORKING_DIR/new && echo start",
    ].join("; ");
    expect(await run("reads", script, as("ann"))).toMatch(/^boss\nprep\n.*Permission denied\n$/);
    expect(await run("reads-too", script, {})).toMatch(/^boss\n(.*Permission denied\n){2}$/);
    expect(await run("changes", script, as("boss"))).toBe("boss\nprep\nstart\n");
  });

  test("a task finds its resource files its own, and its neighbours' folders shut", async () => {
    await batch.post("/jobs", jobBody("files", "users"));
    const here = (id: string, script: string, change: object) => run(id, script, change, "files");
    const resourceFiles = [
      { httpUrl: `${origin.origin}/hello`, filePath: "deep/er/hello", fileMode: "0600" },
    ];
    const given = "cat deep/er/hello; echo; stat -c %U:%G deep deep/er/hello .. ../..";
    expect(await here("given", given, { resourceFiles, ...as("ann") })).toBe(
      // The folder of the job, which the files' coming made, is all tasks'.
      "hello\nann:ann\nann:ann\nann:ann\n_azbatch:_azbatch\n",
    );
    const spied = "cat ../../given/wd/deep/er/hello; touch ../../given/wd/x; touch ../../given/x";
    expect(await here("spies", spied, {})).toMatch(/^(.*Permission denied\n){3}$/);
    expect(await here("spies-too", spied, as("boss"))).toBe("hello");
    expect(await here("own", "echo y >../../given/wd/y; cat ../../given/wd/y", as("ann"))).toBe("y\n");
  });

  test.skipIf(noSshClient || loginObstacle !== undefined)(
    "nobody logs in under its name or with its ids; whoever does sees who it is",
    async () => {
      const [node] = (await batch.get("/pools/users/nodes")).value;
      const users = `/pools/users/nodes/${node.id}/users`;
      const add = async (name: string) => {
        const { status, json } = await batch.send("POST", users, { body: { name, password: "of a guest" } });
        return [status, json?.code];
      };
      expect(await add("ann")).toEqual([409, "NodeUserExists"]);
      expect(await add("guest")).toEqual([201, undefined]);
      const settings = await batch.get(`/pools/users/nodes/${node.id}/remoteloginsettings`);
      const ssh = new SshClient();
      const who = { port: settings.remoteLoginPort, user: "guest", password: "of a guest" };
      const { stdout } = await ssh.run(
        who,
        "id -u; id -un ann; id -u ann; id -u boss; getent passwd 1002 3001 | cut -d: -f1",
      );
      expect(stdout).toMatch(/^100[35]\nann\n1002\n3001\nann\nboss\n$/);
      await batch.must("DELETE", `${users}/guest`);
      ssh.close();
    },
  );

  test("a node that starts again knows its users again, and what is theirs", async () => {
    const [{ id }] = (await batch.get("/pools/users/nodes")).value;
    await run("before", "umask 077; echo kept >$AZ_BATCH_NODE_SHARED_DIR/kept", as("boss"), "files");
    await batch.post(`/pools/users/nodes/${id}/reboot`);
    await batch.until(`/pools/users/nodes/${id}`, ({ state }) => state === "idle");
    const script = "cat $AZ_BATCH_NODE_SHARED_DIR/kept; stat -c %U:%u:%g $AZ_BATCH_NODE_SHARED_DIR/kept";
    expect(await run("after", script, as("boss"), "files")).toBe("kept\nboss:3001:3002\n");
    expect(await run("after-too", script, as("ann"), "files")).toMatch(
      /Permission denied\nboss:3001:3002\n$/,
    );
  });

  test("the release runs as its own user", async () => {
    await batch.post("/jobs/users/terminate");
    await completed("/jobs/users");
    const { value } = await batch.get("/jobs/users/jobpreparationandreleasetaskstatus");
    const { pathname } = new URL(`${value[0].jobReleaseTaskExecutionInfo.taskRootDirectoryUrl}/stdout.txt`);
    expect((await batch.send("GET", pathname)).text).toMatch(/^boss\n-rw-r--r-- 1 boss \w+ /);
  });

  test("an automatic pool has them as well", async () => {
    const { id: _, ...pool } = poolBody("", { userAccounts });
    const poolInfo = { autoPoolSpecification: { poolLifetimeOption: "job", pool } };
    await batch.post("/jobs", { id: "automatic", poolInfo });
    await batch.post("/jobs/automatic/tasks", taskBody("t", "id -un", as("ann")));
    await completed("/jobs/automatic/tasks/t");
    expect(await output("/jobs/automatic/tasks/t")).toBe("ann\n");
    await batch.must("DELETE", "/jobs/automatic");
  });

  const program = async (words: readonly string[], pool: string) =>
    printed(
      await batchyardRun(words, ["--data", service.folder], {
        ...process.env,
        ACCOUNT_URL: service.ready.batch,
        POOL_ID: pool,
      }),
    );
  const SEEN = {
    shown: [
      ["worker", "nonadmin", false],
      ["other", "nonadmin", false],
    ],
    worker: "worker 1002",
    other: "other 4321",
    theirs: "refused refused",
    both: [400, "InvalidPropertyValue"],
  };

  test("tasks of @azure/batch run", { timeout: 60_000 }, async () => {
    expect(await program([process.execPath, programFile("named-users.mjs")], "fromjs")).toEqual(SEEN);
  });

  test.skipIf(
    missing("azure-batch for Python", PYTHON, ["-c", "import azure.batch, azure.common.credentials"]),
  )("tasks of azure-batch for Python run", { timeout: 60_000 }, async () => {
    expect(await program([PYTHON, programFile("named_users.py")], "frompython")).toEqual(SEEN);
  });
});
