/**
 * The logins of one node: who may log in, the port on this machine's loopback at which they do, and a server for each
 * connection, which is the node's own process and ends with it. Users exist only in the view of these servers.
 */
import { existsSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { NodeUserSpec } from "../../wire/agent/messages.ts";
import { type LoopbackHost, loopbackServers } from "../endpoints/loopback-servers.ts";
import type { NodeInit } from "../node-init.ts";
import { joinStreams } from "../sandbox/joined-streams.ts";
import type { SandboxAccount } from "../sandbox/sandbox-accounts.ts";
import { sandboxGroup, sandboxPasswd, TASK_USER } from "../sandbox/sandbox-files.ts";
import { type LoginUser, loginFiles, SERVER_ID } from "./login-files.ts";
import { LOGS, type LoginFolder } from "./login-folder.ts";
import { LoginObstacle, NO_SERVER, sshServerProgram } from "./ssh-server.ts";

export interface NodeLoginsOptions {
  readonly init: NodeInit;
  readonly folder: LoginFolder;
  /** At which users log in. */
  readonly hosts: readonly LoopbackHost[];
  /** On this machine, of whoever administers the node. */
  readonly firstId: number;
  /** As whom tasks run. */
  readonly accounts: readonly SandboxAccount[];
  /** What users find in their environment. */
  readonly environment: () => readonly (readonly [name: string, value: string])[];
  readonly log: (line: string) => void;
}

export interface LoginAddress {
  readonly port: number;
  /** Names of those users that cannot be, for the node's system has them. */
  readonly taken: readonly string[];
}

type Listening = Awaited<ReturnType<typeof loopbackServers>>;

interface Connection {
  readonly id: number;
  readonly ended: Promise<void>;
}

type Known = Omit<LoginUser, "expiresInMs"> & { readonly expiresAt: number };

/** Of one node at once, such as have not said who they are included. */
const MAX_CONNECTIONS = 64;
/** How long the rest of a connection may take to its client. Milliseconds. */
const LINGER_MS = 5_000;
/** What a timer can wait. Milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;
/** Below it are the system's accounts; the others are people, who may have the same name on a node. */
const PEOPLE_ID = 1000;

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export class NodeLogins {
  readonly #options: NodeLoginsOptions;
  #users: readonly Known[] = [];
  readonly #connections = new Map<number, Connection>();
  readonly #sockets = new Set<Socket>();
  #servers: Promise<Listening> | undefined;
  #hostKey = "";
  #expiry: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #lastConnection = 0;

  constructor(options: NodeLoginsOptions) {
    this.#options = options;
  }

  /**
   * Opens the port when it is not open yet.
   * @param users all there are; those who are not among them any more are logged out. Undefined leaves them
   * @throws LoginObstacle
   */
  admit(users: readonly NodeUserSpec[] | undefined): Promise<LoginAddress> {
    const admitted = this.#turn.then(() => this.#admit(users));
    this.#turn = admitted.catch(() => {});
    return admitted;
  }

  /** The port is open from then on; until somebody is admitted, whoever comes is turned away. @throws LoginObstacle */
  async open(): Promise<number> {
    if (sshServerProgram() === undefined) throw new LoginObstacle(NO_SERVER);
    this.#servers ??= this.#listen().catch((error: unknown) => {
      this.#servers = undefined;
      throw error;
    });
    return (await this.#servers).port;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#expiry);
    void this.#servers?.then(closeAll).catch(() => {});
    for (const socket of this.#sockets) socket.destroy();
  }

  async #admit(users: readonly NodeUserSpec[] | undefined): Promise<LoginAddress> {
    const port = await this.open();
    if (users === undefined) return { port, taken: [] };
    if (users.length > 0) await this.#haveHostKey();
    const system = systemNames(this.#options.accounts);
    const taken = users.map(({ name }) => name).filter((name) => system.has(name));
    await this.#replace(this.#withIds(users.filter(({ name }) => !system.has(name))));
    return { port, taken };
  }

  /** Gives users their ids: one who has a home keeps its id, also over a restart of the node. */
  #withIds(users: readonly NodeUserSpec[]): Known[] {
    const owners = this.#options.folder.homeOwners(this.#options.firstId);
    for (const { name, uid } of this.#users) owners.set(name, uid);
    const taken = new Set(owners.values());
    for (const { uidOffset, gidOffset } of this.#options.accounts) taken.add(uidOffset).add(gidOffset);
    let last = SERVER_ID;
    return users.map(({ expiresInMs, ...user }) => {
      const owner = owners.get(user.name) ?? 0;
      if (owner <= SERVER_ID) while (taken.has(++last));
      return { ...user, uid: owner > SERVER_ID ? owner : last, expiresAt: Date.now() + expiresInMs };
    });
  }

  async #replace(users: readonly Known[]): Promise<void> {
    const before = this.#active();
    const isSame = identity(before) === identity(active(users));
    this.#users = users;
    this.#expireInTime();
    if (isSame) return;
    const staying = new Set(this.#active().map(({ name }) => name));
    await this.#logOut((name) => name === undefined || !staying.has(name));
  }

  #active(): readonly Known[] {
    return active(this.#users);
  }

  #expireInTime(): void {
    clearTimeout(this.#expiry);
    const next = Math.min(...this.#active().map(({ expiresAt }) => expiresAt));
    if (this.#isClosed || next === Infinity) return;
    this.#expiry = setTimeout(
      () => {
        const staying = new Set(this.#active().map(({ name }) => name));
        void this.#logOut((name) => name === undefined || !staying.has(name));
        this.#expireInTime();
      },
      Math.min(Math.max(next - Date.now() + 1, 1), MAX_DELAY),
    );
    this.#expiry.unref();
  }

  /** Kills the connections of those whom it concerns, and of whoever has not said yet who they are: their server sees old files. */
  async #logOut(concerns: (name: string | undefined) => boolean): Promise<void> {
    const ending: Promise<void>[] = [];
    for (const [number, { id, ended }] of this.#connections) {
      if (!concerns(this.#loggedIn(number)?.name)) continue;
      this.#options.init.kill(id);
      ending.push(ended);
    }
    await Promise.all(ending);
  }

  async #haveHostKey(): Promise<void> {
    if (this.#hostKey !== "") return;
    this.#hostKey = await this.#options.folder.hostKey().catch((error: Error) => {
      throw new LoginObstacle(`The node has no key by which it would be known: ${error.message}`);
    });
  }

  async #listen(): Promise<Listening> {
    const { folder, hosts } = this.#options;
    const server = (): Server => createServer({ allowHalfOpen: true }, (outer) => this.#serve(outer));
    const listening = await loopbackServers(hosts, folder.port, server);
    folder.port = listening.port;
    if (this.#isClosed) closeAll(listening);
    return listening;
  }

  #serve(outer: Socket): void {
    const program = sshServerProgram();
    const users = this.#active();
    if (program === undefined || users.length === 0 || this.#connections.size >= MAX_CONNECTIONS) {
      outer.destroy();
      return;
    }
    outer.on("error", () => {}); // before it is joined
    const number = ++this.#lastConnection;
    let over = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const files = loginFiles({
      users: users.map(({ expiresAt, ...user }) => ({ ...user, expiresInMs: expiresAt - Date.now() })),
      passwd: sandboxPasswd(this.#options.accounts),
      group: sandboxGroup(this.#options.accounts),
      hostKey: this.#hostKey,
      shell: existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh",
      environment: this.#options.environment(),
    });
    const argv = [program, "-i", "-f", "/run/login/sshd_config", "-E", `${LOGS}/${number}`] as const;
    const { id, stream } = this.#options.init.login(
      { files, argv: [...argv], environment: new Map([["PATH", PATH]]) },
      {
        started: () => {},
        failed: (step, errno) => this.#options.log(`a login did not start: ${step} ${errno}`),
        ended: () => {
          this.#tell(number);
          this.#connections.delete(number);
          this.#options.folder.removeLog(number);
          // By then it is empty, unless an administrator has killed what keeps the login, to stay when it ends.
          setTimeout(() => outer.destroy(), LINGER_MS).unref();
          over();
        },
      },
    );
    this.#connections.set(number, { id, ended });
    stream.then(
      (inner) => joinStreams(outer, inner, this.#sockets),
      () => outer.destroy(),
    );
  }

  #tell(number: number): void {
    const login = this.#loggedIn(number);
    this.#options.log(login ? `${login.name} was logged in by ${login.method}` : "a login was refused");
  }

  /** The user who has been authenticated, by the server's log. Users' names hold nothing that could look like more of its line. */
  #loggedIn(number: number): { readonly name: string; readonly method: string } | undefined {
    const accepted = /^Accepted (\S+) for (\S+) from /m.exec(this.#options.folder.logHead(number));
    const [, method = "", name = ""] = accepted ?? [];
    return accepted ? { name, method } : undefined;
  }
}

function active(users: readonly Known[]): readonly Known[] {
  const now = Date.now();
  return users.filter(({ expiresAt }) => expiresAt > now);
}

/** Two lists of users who log in by the same means have the same. */
function identity(users: readonly Known[]): string {
  const words = users.map(({ name, isAdmin, passwordHash, sshPublicKey }) =>
    JSON.stringify([name, isAdmin, passwordHash, sshPublicKey]),
  );
  return words.sort().join("\n");
}

/** What `passwd` has of a node whose accounts have taken the place of whoever had their names or numbers. */
function systemNames(accounts: readonly SandboxAccount[]): Set<string> {
  const names = sandboxPasswd(accounts)
    .map((line) => line.split(":"))
    .filter(([, , id]) => Number(id) < PEOPLE_ID || Number(id) === 65_534)
    .map(([name = ""]) => name);
  return new Set([...names, ...accounts.map(({ name }) => name), TASK_USER, "sshd"]);
}

function closeAll({ all }: Listening): void {
  for (const server of all) server.close();
}
