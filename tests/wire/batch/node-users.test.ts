/** Users of nodes: what is refused, and that the others really log in by SSH, with a real client and a real server. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loginObstacle, namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { IdentityPools } from "../arm/identity-pools.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { clockedService, poolOf } from "../clocked-service.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { noSshClient, SshClient, type SshWho } from "./ssh-client.fixture.ts";

if (loginObstacle !== undefined) console.warn(`SKIPPED: nobody logs in to nodes here: ${loginObstacle}`);

const TOKEN_LINE =
  "curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://batch.core.windows.net/' -H Metadata:true";
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDgwmhnYBFAHGaa9Zq2c1WmgLZQ1cBOaHNoCIHbDMPr/";
/** The newest that still has pools of cloud services. */
const HAS_CLOUD_SERVICES = "2022-10-01.16.0";
const HOUR = 3_600_000;
const PASSWORD = "correct horse battery staple";

describe.skipIf(noSshClient || loginObstacle !== undefined)("on namespace nodes", () => {
  let pools: IdentityPools;
  let batch: BatchClient;
  let ssh: SshClient;
  let node: string;
  let port: number;
  let ahead = 0;

  beforeAll(async () => {
    pools = await IdentityPools.open("namespace", [], { clock: () => Date.now() + ahead });
    batch = pools.batch;
    ssh = new SshClient();
    node = await nodeOf("one");
    port = await portOf(node);
  });
  afterAll(async () => {
    ssh?.close();
    await pools?.close();
  });

  const nodeOf = async (pool: string): Promise<string> => {
    const { value } = await batch.until(`/pools/${pool}/nodes`, (list) => list.value[0]?.state === "idle");
    return `/pools/${pool}/nodes/${value[0].id}`;
  };
  const portOf = async (of: string): Promise<number> => {
    const { status, json, text } = await batch.send("GET", `${of}/remoteloginsettings`);
    expect(status, text).toBe(200);
    expect(json.remoteLoginIPAddress).toBe("127.0.0.1");
    return json.remoteLoginPort;
  };
  const add = async (name: string, more: object = { password: PASSWORD }, of = node) => {
    const { status, text } = await batch.send("POST", `${of}/users`, { body: { name, ...more } });
    expect(status, text).toBe(201);
    return { port, user: name, password: PASSWORD };
  };
  const remove = async (name: string, of = node) =>
    (await batch.send("DELETE", `${of}/users/${name}`)).status;
  const printed = async (who: SshWho, command: string): Promise<string> => {
    const { code, stdout, stderr } = await ssh.run(who, command);
    expect(code, stderr).toBe(0);
    return stdout.trim();
  };
  const expectRefused = async (who: SshWho) => {
    const { code, stdout, stderr } = await ssh.run(who, "echo in");
    expect([code, stdout]).toEqual([255, ""]);
    expect(stderr).toMatch(/Permission denied|Connection (closed|reset)/);
  };
  /** A session that stays, after it has printed its first line. */
  const stayIn = async (who: SshWho, command: string) => {
    const session = ssh.start("ssh", [`${who.user}@127.0.0.1`, command], who);
    if (!session.child.stdout) throw new Error("no stdout");
    await once(session.child.stdout, "data");
    return session;
  };

  test("a user with a password logs in, and gets a token of the pool's identity there", async () => {
    const alice = await add("alice");
    const token = JSON.parse(await printed(alice, TOKEN_LINE));
    expect(token.client_id).toBe(pools.identities.alpha.clientId);
    expect(token.access_token.split(".")).toHaveLength(3);
    expect(await printed(alice, "id -un; pwd; hostname")).toBe(
      `alice\n/home/alice\n${node.split("/").at(-1)}`,
    );
    await expectRefused({ ...alice, password: `${PASSWORD}!` });
    await expectRefused({ ...alice, user: "bob" });
    await expectRefused({ ...alice, user: "root" });
    expect(await remove("alice")).toBe(200);
    await expectRefused(alice);
  });

  test("a user with a key logs in with that key alone", async () => {
    const [mine, others] = [ssh.makeKey("mine"), ssh.makeKey("others")];
    const keeper = { ...(await add("keeper", { sshPublicKey: mine.publicKey })), key: mine.file };
    expect(await printed(keeper, "whoami")).toBe("keeper");
    await expectRefused({ ...keeper, key: others.file });
    const { key: _, ...byPassword } = keeper;
    await expectRefused({ ...byPassword, password: "" });
    await remove("keeper");
  });

  test("files are copied both ways", async () => {
    const copier = await add("copier");
    const [sent, back] = [join(ssh.folder, "sent"), join(ssh.folder, "back")];
    writeFileSync(sent, Buffer.alloc(3_000_000, "content "));
    expect((await ssh.copy(copier, sent, "remote:there")).code).toBe(0);
    expect((await ssh.copy(copier, "remote:there", back)).code).toBe(0);
    expect(readFileSync(back).equals(readFileSync(sent))).toBe(true);
    await remove("copier");
  });

  test("an administrator is the node's root, anybody else is nobody in particular; both see the node's tasks", async () => {
    await batch.post("/jobs/one/tasks", { id: "seen", commandLine: "sleep 98765" });
    await batch.until("/jobs/one/tasks/seen", ({ state }) => state === "running");
    const boss = await add("boss", { password: PASSWORD, isAdmin: true });
    const user = await add("user");
    expect(await printed(boss, "id -u; echo $HOME; ps -ef | grep -c '[s]leep 98765'")).toBe(
      "0\n/home/boss\n1",
    );
    expect(await printed(user, "id -u; ps -ef | grep -c '[s]leep 98765'")).toMatch(/^10\d\d\n1$/);
    const shut = await printed(
      user,
      "for f in /etc/shadow /run/login/host_key /run/login/sshd_config /home/boss; do cat $f >/dev/null 2>&1 || ls $f/ >/dev/null 2>&1 || echo shut; done",
    );
    expect(shut).toBe("shut\nshut\nshut\nshut");
    // Whatever the machine has, an administrator of a node has none of it.
    expect(await printed(boss, `ls ${pools.service.folder} 2>&1 | grep -c 'state.db' || true`)).toBe("0");
    await printed(boss, "mount -o remount,rw /usr 2>/dev/null; touch /usr/x 2>/dev/null || true");
    expect(existsSync("/usr/x")).toBe(false);
    expect(await printed(boss, "ip addr add 10.9.9.9/32 dev lo 2>/dev/null || echo no")).toBe("no");
    await batch.send("POST", "/jobs/one/tasks/seen/terminate");
    await remove("boss");
    await remove("user");
  });

  test("a terminal is one", async () => {
    const typist = await add("typist");
    const { code, stdout } = await ssh.run(typist, "tty; stty size >/dev/null && echo sized", ["-tt"]);
    expect([code, stdout]).toEqual([0, "/dev/pts/0\r\nsized\r\n"]);
    await remove("typist");
  });

  test("forwarding reaches what the node reaches, and not the machine's loopback", async () => {
    const tunneler = await add("tunneler");
    const server = createServer((socket) => socket.end("the machine's")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port: own } = server.address() as { port: number };
    const through = (...words: string[]) => ssh.run(tunneler, undefined, words);
    const refused = await through("-W", `127.0.0.1:${own}`);
    expect([refused.code, refused.stdout]).toEqual([255, ""]);
    expect(refused.stderr).toMatch(/open failed/);
    // Nothing is sent to it, but it is reached: the session ends well.
    expect(await through("-W", "169.254.169.254:80")).toMatchObject({ code: 0 });
    for (const listening of [`127.0.0.1:0:127.0.0.1:${own}`, `/tmp/sock:127.0.0.1:${own}`]) {
      expect((await through("-N", "-R", listening)).code).toBe(255);
    }
    server.close();
    await remove("tunneler");
  });

  test("an update replaces password, key and expiry; the name and the rest stay", async () => {
    const { file: key, publicKey } = ssh.makeKey("replaced");
    const changing = await add("changing", { password: PASSWORD, sshPublicKey: publicKey, isAdmin: true });
    expect(await printed({ ...changing, key }, "id -u")).toBe("0");
    const { status } = await batch.send("PUT", `${node}/users/changing`, {
      body: { password: "its-successor" },
    });
    expect(status).toBe(200);
    await expectRefused(changing);
    await expectRefused({ ...changing, key });
    expect(await printed({ ...changing, password: "its-successor" }, "id -u")).toBe("0");
    const absent = await batch.send("PUT", `${node}/users/absent`, { body: { password: "x" } });
    expect([absent.status, absent.json.code]).toEqual([404, "NodeUserNotFound"]);
    await remove("changing");
    const gone = await batch.send("DELETE", `${node}/users/changing`);
    expect([gone.status, gone.json.code]).toEqual([404, "NodeUserNotFound"]);
  });

  test("who is deleted is logged out, with all that was left running; who is not, stays", async () => {
    const [going, staying] = [await add("going"), await add("staying")];
    await printed(going, "setsid sleep 54321 >/dev/null 2>&1 </dev/null & sleep 0.1");
    const sleepers = () => printed(staying, "ps -ef | grep -c '[s]leep 54321' || true");
    expect(await sleepers()).toBe("1");
    const [session, other] = [
      await stayIn(going, "echo in; sleep 1000"),
      await stayIn(staying, "echo in; sleep 1"),
    ];
    expect(await remove("going")).toBe(200);
    expect((await session.ended).code).not.toBe(0);
    expect(await sleepers()).toBe("0");
    expect((await other.ended).code).toBe(0);
    await expectRefused(going);
    await remove("staying");
  });

  test("expiry is honoured: no login after it, and the sessions end", async () => {
    const expiryTime = new Date(Date.now() + ahead + HOUR).toISOString();
    const guest = await add("guest", { password: PASSWORD, expiryTime });
    const session = await stayIn(guest, "echo in; sleep 1000");
    ahead += HOUR;
    expect((await session.ended).code).not.toBe(0);
    await expectRefused(guest);
    batch.close();
    batch = await BatchClient.connect(pools.service);
    const again = await batch.send("POST", `${node}/users`, { body: { name: "guest", password: PASSWORD } });
    expect([again.status, again.json.code]).toEqual([409, "NodeUserExists"]);
    // Without one it is a day.
    expect((await batch.send("PUT", `${node}/users/guest`, { body: { password: PASSWORD } })).status).toBe(
      200,
    );
    ahead += 23 * HOUR;
    expect(await printed(guest, "whoami")).toBe("guest");
    ahead += HOUR;
    await eventually("the end of the day", async () => (await ssh.run(guest, "true")).code === 255);
    batch.close();
    batch = await BatchClient.connect(pools.service);
    await remove("guest");
  });

  test("a node's own clock ends what the service has told it", async () => {
    const expiryTime = new Date(Date.now() + ahead + 1_500).toISOString();
    const brief = await add("brief", { password: PASSWORD, expiryTime });
    const session = ssh.start("ssh", ["brief@127.0.0.1", "sleep 1000"], brief);
    expect((await session.ended).code).not.toBe(0);
    await expectRefused(brief);
    await remove("brief");
  });

  test("two nodes have each their own user of a name", async () => {
    const other = await nodeOf("two");
    const here = await add("same", { password: "the password here" });
    const there = {
      ...(await add("same", { password: "the password there" }, other)),
      port: await portOf(other),
    };
    const [mine, theirs] = [
      { ...here, password: "the password here" },
      { ...there, password: "the password there" },
    ];
    expect(theirs.port).not.toBe(mine.port);
    await printed(mine, "echo mine > note");
    expect(await printed(theirs, "ls; ps -ef | grep -c '[s]shd: same' ")).toBe("2");
    expect(ssh.knownHost(theirs.port)).not.toBe(ssh.knownHost(mine.port));
    await expectRefused({ ...mine, password: theirs.password });
    await expectRefused({ ...theirs, password: mine.password });
    expect(await remove("same", other)).toBe(200);
    expect(await printed(mine, "cat note")).toBe("mine");
    await remove("same");
  });

  test("users outlive a reboot of their node, with their homes and its key; a new image has none of them", async () => {
    const two = await nodeOf("two");
    const who = { ...(await add("resident", { password: PASSWORD }, two)), port: await portOf(two) };
    await printed(who, "echo kept > note");
    const back = async (action: string) => {
      expect((await batch.send("POST", `${two}/${action}`)).status).toBe(202);
      await batch.until(two, ({ state }) => state === "idle");
    };
    await back("reboot");
    // Under a key that is not the one it was known by, the client would refuse.
    const rebooted = { ...who, port: await portOf(two) };
    expect(rebooted.port).toBe(who.port);
    expect(await eventually("the user", async () => (await ssh.run(rebooted, "cat note")).stdout)).toBe(
      "kept\n",
    );
    await back("reimage");
    ssh.forgetHosts();
    await expectRefused({ ...who, port: await portOf(two) });
    await add("resident", { password: PASSWORD }, two);
    expect(await printed({ ...who, port: await portOf(two) }, "ls -A")).toBe("");
    await remove("resident", two);
  });

  test("sessions end with the agent, and users are there again when their node is", async () => {
    const survivor = await add("survivor");
    const session = await stayIn(survivor, "echo in; sleep 1000");
    const { pid } = JSON.parse(readFileSync(join(pools.service.folder, "agent", "agent.json"), "utf8"));
    process.kill(pid, "SIGKILL");
    expect((await session.ended).code).not.toBe(0);
    await eventually("the node and its user", async () => {
      const { status, json } = await batch.send("GET", `${node}/remoteloginsettings`);
      return (
        status === 200 && (await ssh.run({ ...survivor, port: json.remoteLoginPort }, "true")).code === 0
      );
    });
    port = await portOf(node);
    await remove("survivor");
    await eventually("the end of the last server", () => serversHere() === 0);
  });

  test("what has a name already, or none that may be, is no user", async () => {
    await add("taken");
    const outcome = async (body: object) => {
      const { status, json } = await batch.send("POST", `${node}/users`, { body });
      return [status, json.code, json.values?.find(({ key }: Json) => key === "PropertyName")?.value];
    };
    expect(await outcome({ name: "taken", password: "x" })).toEqual([409, "NodeUserExists", undefined]);
    for (const name of ["root", "daemon", "sshd", "_azbatch"])
      expect(await outcome({ name, password: "x" })).toEqual([409, "NodeUserExists", undefined]);
    for (const name of ["", "a b", "a:b", "../x", "1st", "-x", "é", "a\nb", "x".repeat(33)])
      expect(await outcome({ name, password: "x" }), name).toEqual([400, "InvalidPropertyValue", "name"]);
    for (const password of ["", "a\0b", "x".repeat(257)])
      expect(await outcome({ name: "new", password })).toEqual([400, "InvalidPropertyValue", "password"]);
    expect(await outcome({ name: "new" })).toEqual([400, "MissingRequiredProperty", "password"]);
    expect(await outcome({ password: "x" })).toEqual([400, "MissingRequiredProperty", "name"]);
    const key = { name: "new", sshPublicKey: 'command="id" ssh-ed25519 AAAA' };
    expect(await outcome(key)).toEqual([400, "InvalidPropertyValue", "sshPublicKey"]);
    const past = { name: "new", password: "x", expiryTime: "2001-01-01T00:00:00Z" };
    expect(await outcome(past)).toEqual([400, "InvalidPropertyValue", "expiryTime"]);
    expect(await remove("new")).toBe(404);
    expect(await remove("taken")).toBe(200);
    const nowhere = await batch.send("POST", "/pools/one/nodes/absent/users", {
      body: { name: "a", password: "x" },
    });
    expect([nowhere.status, nowhere.json.code]).toEqual([404, "NodeNotFound"]);
  });

  test("no password is written anywhere, and no server runs when nobody is there", async () => {
    const secret = "never-written-down-7391";
    const writer = { ...(await add("writer", { password: secret })), password: secret };
    expect(await printed(writer, "whoami")).toBe("writer");
    await expectRefused({ ...writer, password: `${secret}-wrong` });
    expect(filesHolding(secret, pools.service.folder)).toEqual([]);
    expect(pools.service.log.join("\n")).not.toContain(secret);
    await remove("writer");
    await eventually("the end of the last server", () => serversHere() === 0);
  });
});

describe("where nobody can log in", () => {
  test("the operations say why, and what to do", async () => {
    // Whatever is shown to nodes under this name makes pools of Windows have some.
    const commandPrompt = join(mkdtempSync(join(tmpdir(), "windows-")), "cmd");
    writeFileSync(commandPrompt, "#!/bin/sh\n", { mode: 0o755 });
    const nodePaths = [{ path: commandPrompt, isWritable: false }];
    const service = await clockedService("process", { nodePaths });
    try {
      const pathOf = async (id: string, more: object = {}) => {
        const added = await service.batch(
          "POST",
          "/pools",
          { ...poolOf(id, 1), ...more },
          HAS_CLOUD_SERVICES,
        );
        expect(added.status, JSON.stringify(added.body)).toBe(201);
        const nodes = await eventually("an idle node", async () => {
          const { body } = await service.batch("GET", `/pools/${id}/nodes`);
          return body.value?.[0]?.state === "idle" && body;
        });
        return `/pools/${id}/nodes/${nodes.value[0].id}`;
      };
      const path = await pathOf("p");
      for (const { status, body } of [
        await service.batch("GET", `${path}/remoteloginsettings`),
        await service.batch("POST", `${path}/users`, { name: "a", password: "x" }),
      ]) {
        expect([status, body.code]).toEqual([409, "OperationNotValidOnNode"]);
        expect(body.message.value).toContain("--isolation namespace");
      }
      expect((await service.batch("DELETE", `${path}/users/a`)).body.code).toBe("NodeUserNotFound");
      const key = { name: "a", password: "x", sshPublicKey: PUBLIC_KEY };
      const windows = await pathOf("w", {
        virtualMachineConfiguration: undefined,
        cloudServiceConfiguration: { osFamily: "6" },
      });
      const refused = await service.batch("POST", `${windows}/users`, key);
      expect([refused.status, refused.body.code]).toEqual([400, "InvalidPropertyValue"]);
      const settings = await service.batch("GET", `${windows}/remoteloginsettings`);
      expect([settings.status, settings.body.code]).toEqual([409, "OperationNotValidOnPool"]);
    } finally {
      await service.close();
    }
  });

  test.skipIf(namespaceObstacle !== undefined || loginObstacle === undefined)(
    "on namespace nodes, too",
    async () => {
      const pools = await IdentityPools.open("namespace");
      try {
        const { value } = await pools.batch.until(
          "/pools/one/nodes",
          (list) => list.value[0]?.state === "idle",
        );
        const { status, json } = await pools.batch.send(
          "GET",
          `/pools/one/nodes/${value[0].id}/remoteloginsettings`,
        );
        expect([status, json.code]).toEqual([409, "OperationNotValidOnNode"]);
        expect(json.message.value).toContain(loginObstacle);
      } finally {
        await pools.close();
      }
    },
  );
});

/** What nodes' users own only their agent's ids may read. */
function filesHolding(text: string, folder: string): string[] {
  const among = process.geteuid?.() === 0 ? [] : ["unshare", "--map-auto", "--map-root-user"];
  const [program = "", ...words] = [...among, "grep", "-rlF", "--", text, folder];
  const { stdout, stderr, error } = spawnSync(program, words, {
    encoding: "utf8",
    env: { ...process.env, LANG: "C" },
  });
  // Logs go with their connections.
  const complaints = stderr.split("\n").filter((line) => line !== "" && !line.includes("No such file"));
  if (error || complaints.length > 0) throw error ?? new Error(complaints.join("\n"));
  return stdout.split("\n").filter((line) => line !== "");
}

/** Processes of OpenSSH's server for connections of nodes. */
function serversHere(): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/usr/sbin/sshd\0-i")
      );
    } catch {
      return false;
    }
  }).length;
}
