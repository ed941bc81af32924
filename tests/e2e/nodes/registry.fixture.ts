/** Registries on loopback, Debian's docker-registry, with the images that the tests push to them, and one that takes tokens as Azure's do. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";

const BUSYBOX = "/bin/busybox";
/** A blob of this size is no manifest and no configuration. */
const LAYER_BYTES = 2 ** 16;

export const hasRegistryTools =
  ["skopeo", "umoci", "docker-registry"].every((program) => spawnSync(program, ["--version"]).status === 0) &&
  existsSync(BUSYBOX);

export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface TokenAuthority {
  readonly realm: string;
  readonly service: string;
  readonly certificate: string;
}

export class TestRegistry {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = child;
  }

  /** @param auth in docker-registry's own words */
  static async start(folder: string, port: number, auth?: object): Promise<TestRegistry> {
    mkdirSync(folder, { recursive: true });
    const configuration = {
      version: "0.1",
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: `127.0.0.1:${port}` },
      ...(auth && { auth }),
    };
    const file = join(folder, "config.yml");
    writeFileSync(file, JSON.stringify(configuration)); // JSON is YAML
    const child = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
    for (let tries = 0; tries < 200; tries++) {
      const there = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
      if (there) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return new TestRegistry(port, folder, child);
  }

  /** Of one user. */
  static passwordFile(folder: string, user: string, password: string): object {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "htpasswd");
    const script =
      "import crypt,sys; print(sys.argv[1]+':'+crypt.crypt(sys.argv[2],crypt.mksalt(crypt.METHOD_BLOWFISH,rounds=16)))";
    writeFileSync(path, execFileSync("python3", ["-W", "ignore", "-c", script, user, password]));
    return { htpasswd: { realm: "test", path } };
  }

  push(layout: string, name: string, credentials?: string): void {
    const to = `docker://127.0.0.1:${this.port}/${name}`;
    const words = ["--quiet", "--insecure-policy", "--dest-tls-verify=false"];
    // Otherwise it looks for those of whoever runs this, in a folder that another engine may have closed.
    words.push(...(credentials === undefined ? ["--dest-no-creds"] : ["--dest-creds", credentials]));
    execFileSync("skopeo", ["copy", ...words, `oci:${layout}:image`, to], { stdio: "pipe" });
  }

  /** Cuts what is stored of the biggest blob of a repository. */
  breakLayers(): void {
    const blobs = join(this.#folder, "data/docker/registry/v2/blobs/sha256");
    const files = readdirSync(blobs, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("/data"))
      .map((name) => join(blobs, name));
    files.sort((one, other) => statSync(other).size - statSync(one).size);
    truncateSync(files[0] ?? "", 1000);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
  }
}

export interface ImageOptions {
  readonly architecture?: string;
  /** Size of a file in it, in bytes. */
  readonly zeros?: number;
}

/** An OCI layout with one image of busybox, which says `text` when it is run without a command. */
export function makeImage(folder: string, text: string, { architecture, zeros }: ImageOptions = {}): string {
  const layout = join(folder, "layout");
  const umoci = (...words: string[]) => execFileSync("umoci", words, { stdio: "pipe" });
  mkdirSync(join(folder, "bin"), { recursive: true });
  execFileSync("sh", [
    "-c",
    `cp ${BUSYBOX} ${folder}/bin/busybox; for name in sh cat grep ls id echo mount sleep true wget; do ln -sf busybox ${folder}/bin/$name; done`,
  ]);
  writeFileSync(join(folder, "text"), `${text}\n`);
  umoci("init", "--layout", layout);
  umoci("new", "--image", `${layout}:image`);
  umoci("insert", "--image", `${layout}:image`, join(folder, "bin"), "/bin");
  umoci("insert", "--image", `${layout}:image`, join(folder, "text"), "/text");
  if (zeros !== undefined) {
    writeFileSync(join(folder, "zeros"), Buffer.alloc(zeros));
    umoci("insert", "--image", `${layout}:image`, join(folder, "zeros"), "/zeros");
  }
  const own = ["--config.cmd", "cat", "--config.cmd", "/text"];
  if (architecture !== undefined) own.push("--architecture", architecture);
  umoci("config", "--image", `${layout}:image`, ...own);
  return layout;
}

/** What Azure's registries do in front of another: tokens of identities for tokens of its own, and nothing without one. */
export class TokenRegistry {
  readonly port: number;
  /** Identities' tokens that it was shown. */
  readonly shown: string[] = [];
  readonly #server: Server;

  private constructor(port: number, server: Server, shown: string[]) {
    this.port = port;
    this.#server = server;
    this.shown = shown;
  }

  /** @param behind port of the registry that it guards */
  static async start(port: number, behind: number): Promise<TokenRegistry> {
    const shown: string[] = [];
    const here = `127.0.0.1:${port}`;
    const [refresh, access] = ["refresh-of-the-registry", "access-of-the-registry"];
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? "", `http://${here}`);
      let body = "";
      for await (const piece of request) body += piece;
      const form = new URLSearchParams(body);
      const reply = (status: number, content: object, headers = {}) =>
        response
          .writeHead(status, { "content-type": "application/json", ...headers })
          .end(JSON.stringify(content));
      if (
        pathname === "/oauth2/exchange" &&
        form.get("service") === here &&
        form.get("grant_type") === "access_token"
      ) {
        shown.push(form.get("access_token") ?? "");
        reply(200, { refresh_token: refresh });
      } else if (pathname === "/oauth2/token" && form.get("refresh_token") === refresh)
        reply(200, { access_token: access });
      else if (pathname.startsWith("/v2/") && request.headers.authorization === `Bearer ${access}`) {
        const { authorization: _, ...headers } = request.headers;
        const from = await fetch(`http://127.0.0.1:${behind}${request.url}`, {
          headers: headers as Record<string, string>,
        });
        response
          .writeHead(from.status, Object.fromEntries(from.headers))
          .end(Buffer.from(await from.arrayBuffer()));
      } else {
        const challenge = `Bearer realm="http://${here}/oauth2/token",service="${here}"`;
        reply(401, { errors: [{ code: "UNAUTHORIZED" }] }, { "www-authenticate": challenge });
      }
    }).listen(port, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    return new TokenRegistry(port, server, shown);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** In front of a registry: gives half of each layer, and the rest when it is let go. */
export class HoldingFront {
  readonly #server: Server;
  readonly #held = new Map<string, number>();
  #gate = Promise.withResolvers<void>();

  private constructor(behind: number) {
    this.#server = createServer(async ({ url = "", headers }, response) => {
      const from = await fetch(`http://127.0.0.1:${behind}${url}`, {
        headers: { accept: headers.accept ?? "" },
      });
      const body = Buffer.from(await from.arrayBuffer());
      response.writeHead(from.status, Object.fromEntries(from.headers));
      const [, repository = ""] = /^\/v2\/(.+)\/blobs\//.exec(url) ?? [];
      if (body.length < LAYER_BYTES) return response.end(body);
      response.write(body.subarray(0, body.length / 2), () =>
        this.#held.set(repository, this.heldOf(repository) + 1),
      );
      await this.#gate.promise;
      response.end(body.subarray(body.length / 2));
    });
  }

  /** @param behind the registry's port */
  static async start(behind: number): Promise<HoldingFront> {
    const front = new HoldingFront(behind);
    front.#server.listen(0, "127.0.0.1");
    await new Promise((resolve) => front.#server.once("listening", resolve));
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How often a layer of the repository has been half given. */
  heldOf(repository: string): number {
    return this.#held.get(repository) ?? 0;
  }

  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  letGo(): void {
    this.#gate.resolve();
  }

  stop(): void {
    this.letGo();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
