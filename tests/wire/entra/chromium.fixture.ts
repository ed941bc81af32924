/** Chromium as Debian packages it, without a window, on a profile of its own, trusting one server more. */
import { hash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type BrowserContext, chromium } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Chromium {
  /** Cookies, storage and pages that share them. */
  readonly context: BrowserContext;
  close(): Promise<void>;
}

interface MoreOptions {
  /** Further names under which the server is reached, each with a key of its own. */
  readonly names?: readonly string[];
  /** Of the command line. */
  readonly options?: readonly string[];
}

/** @param port of an HTTPS server on localhost, whose certificate `ca` (PEM) must vouch for */
export async function openChromium(
  port: number,
  ca: string,
  { names = [], options = [] }: MoreOptions = {},
): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const keys = await Promise.all(["localhost", ...names].map((name) => serverKeyHash(port, ca, name)));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [...QUIET, ...options, `--ignore-certificate-errors-spki-list=${keys.join(",")}`],
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Chromium has no option to trust an authority; a key that its server sends it can be told. */
async function serverKeyHash(port: number, ca: string, servername: string): Promise<string> {
  const socket = connect({ port, host: "localhost", servername, ca });
  await once(socket, "secureConnect");
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  if (key === undefined) throw new Error("the server sent no certificate");
  return hash("sha256", key, "base64");
}
