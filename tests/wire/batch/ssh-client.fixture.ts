/** OpenSSH's own client, with nothing of the user's who runs the tests: no configuration, no keys, no agent, no known hosts. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { missing } from "../client-program.fixture.ts";

export const noSshClient = missing("OpenSSH's client", "ssh", ["-V"]);

export interface SshEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SshWho {
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  /** A file of `SshClient.makeKey`. */
  readonly key?: string;
}

export class SshClient {
  readonly folder = mkdtempSync(join(tmpdir(), "batchyard-ssh-"));
  readonly #asks: string;
  readonly #running = new Set<ChildProcess>();

  constructor() {
    this.#asks = join(this.folder, "ask");
    writeFileSync(this.#asks, '#!/bin/sh\nprintf "%s\\n" "$LOGIN_PASSWORD"\n', { mode: 0o700 });
  }

  /** @returns the file of the private key, and the public one as its file has it */
  makeKey(name: string): { readonly file: string; readonly publicKey: string } {
    const file = join(this.folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${name} of a test`, "-f", file]);
    return { file, publicKey: readFileSync(`${file}.pub`, "utf8") };
  }

  /** Runs a command on the node, to its end. @param options of ssh, before the host */
  run(who: SshWho, command: string | undefined, options: readonly string[] = []): Promise<SshEnd> {
    return this.start("ssh", [...options, `${who.user}@127.0.0.1`, ...(command ? [command] : [])], who).ended;
  }

  /** Copies between files here and `remote:PATH` on the node. */
  copy(who: SshWho, from: string, to: string): Promise<SshEnd> {
    const paths = [from, to].map((path) => path.replace(/^remote:/, `${who.user}@127.0.0.1:`));
    return this.start("scp", paths, who).ended;
  }

  start(program: "ssh" | "scp", words: readonly string[], { port, password = "", key }: SshWho) {
    const means = key ? "publickey" : "password";
    const options = {
      StrictHostKeyChecking: "accept-new",
      UserKnownHostsFile: join(this.folder, "known_hosts"),
      NumberOfPasswordPrompts: "1",
      IdentitiesOnly: "yes",
      IdentityAgent: "none",
      PreferredAuthentications: means,
      ExitOnForwardFailure: "yes",
    };
    const child = spawn(
      program,
      [
        ...["-F", "/dev/null", program === "scp" ? "-P" : "-p", String(port)],
        ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
        ...(key ? ["-i", key] : []),
        ...words,
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          HOME: this.folder,
          SSH_ASKPASS: this.#asks,
          SSH_ASKPASS_REQUIRE: "force",
          LOGIN_PASSWORD: password,
        },
      },
    );
    this.#running.add(child);
    return { child, ended: this.#end(child) };
  }

  /** The key by which a server is known since it was first seen; undefined when it was not. */
  knownHost(port: number): string | undefined {
    const lines = readFileSync(join(this.folder, "known_hosts"), "utf8").split("\n");
    return lines.find((line) => line.startsWith(`[127.0.0.1]:${port} `))?.split(" ")[2];
  }

  /** As after a node has been made anew. */
  forgetHosts(): void {
    rmSync(join(this.folder, "known_hosts"), { force: true });
  }

  close(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(child: ChildProcess): Promise<SshEnd> {
    if (!child.stdout || !child.stderr) throw new Error("streams must be pipes");
    const closed = once(child, "close") as Promise<[number | null]>;
    const [[code], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    this.#running.delete(child);
    return { code, stdout, stderr };
  }
}
