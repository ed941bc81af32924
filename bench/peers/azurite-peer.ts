/** Azurite by itself, over TLS or in clear, as people run it who have no service before it. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openCertificateAuthority } from "../../src/http/certificate-authority.ts";
import { endsWithBench } from "../ends-with-bench.ts";

const ACCOUNT = "bench";

export interface AzuritePeer {
  readonly pid: number;
  readonly account: string;
  readonly key: Uint8Array;
  /** Of the account. */
  readonly url: string;
  readonly caFile: string;
  stop(): Promise<void>;
}

export async function startAzurite(parent: string, scheme: "https" | "http"): Promise<AzuritePeer> {
  const folder = join(parent, `azurite-${scheme}`);
  await mkdir(folder, { recursive: true });
  const authority = openCertificateAuthority(folder, Date.now());
  const { cert, key: leafKey } = authority.mintLeaf(["localhost"], Date.now());
  const [certFile, keyFile] = [join(folder, "leaf.pem"), join(folder, "leaf-key.pem")];
  await writeFile(certFile, cert);
  await writeFile(keyFile, leafKey, { mode: 0o600 });
  const program = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const key = randomBytes(64);
  const words = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder, "--silent"];
  const tls = scheme === "https" ? ["--cert", certFile, "--key", keyFile] : [];
  const child = endsWithBench(
    spawn(process.execPath, [program, ...words, ...tls, "--disableTelemetry", "--skipApiVersionCheck"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        AZURITE_ACCOUNTS: `${ACCOUNT}:${key.toString("base64")}`,
      },
    }),
  );
  const ended = once(child, "exit");
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /successfully listens on https?:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(([code]) => reject(new Error(`azurite ended with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    account: ACCOUNT,
    key,
    url: `${scheme}://localhost:${port}/${ACCOUNT}`,
    caFile: authority.caFile,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
