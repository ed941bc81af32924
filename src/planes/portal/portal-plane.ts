/**
 * Serves the portal's files to browsers, under headers that let nothing run but these files and let nobody frame them. It knows no
 * resource and holds no right: what the portal shows, it asks the other planes for as its user.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange, Handler } from "../../http/exchange.ts";
import { refuse } from "../../http/request-listener.ts";
import { type PortalFile, type PortalFiles, readPortalFiles } from "./portal-files.ts";

export interface PortalPlane {
  /** Where the built files lie. */
  readonly folder: string;
  /** Builds them, where they are made from sources when they are first needed; undefined in the published package. */
  readonly build: (() => Promise<void>) | undefined;
  readonly log: (line: string) => void;
}

const ROOT = "/portal/";
const SECONDS_OF_A_YEAR = 31_536_000;
/** So long a browser waits for files that are being read, before it is shown that they are being built. */
const PATIENCE_MS = 1_000;

/** What react-aria puts into the page by itself, so that a press on a touch screen is not also a gesture. */
const TOUCH_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${TOUCH_STYLE}`,
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function portalPlane(plane: PortalPlane): Handler {
  const files = new BuiltPortal(plane);
  return async (exchange) => {
    const { method, path } = exchange;
    if (method !== "GET" && method !== "HEAD")
      return refuse(exchange.response, 405, "MethodNotAllowed", "The portal's files are only read.");
    if (!path.startsWith(ROOT)) return exchange.reply(302, [...securityHeaders(), "location", ROOT]);
    const built = await files.get();
    if (built === undefined) return replyPreparing(exchange, files.failure);
    const name = path.slice(ROOT.length);
    const file = built.get(name);
    if (file === undefined && name.startsWith("assets/"))
      return refuse(exchange.response, 404, "NotFound", "The portal has no such file.");
    // Every other path is one of the application's own pages.
    const served = file ?? built.get("index.html");
    if (served !== undefined) replyFile(exchange, served);
  };
}

/** The files, as soon as there are any. */
class BuiltPortal {
  readonly #plane: PortalPlane;
  #files: PortalFiles | undefined;
  #coming: Promise<void> | undefined;
  failure: string | undefined;

  constructor(plane: PortalPlane) {
    this.#plane = plane;
  }

  /** @returns undefined while they are being built, and where that failed */
  async get(): Promise<PortalFiles | undefined> {
    if (this.#files !== undefined) return this.#files;
    this.#coming ??= this.#prepare();
    await Promise.race([this.#coming, delay(PATIENCE_MS, undefined, { ref: false })]);
    return this.#files;
  }

  async #prepare(): Promise<void> {
    const { folder, build, log } = this.#plane;
    try {
      await build?.();
      this.#files = await readPortalFiles(folder);
      this.failure = this.#files === undefined ? "this installation holds no built portal" : undefined;
    } catch (error) {
      this.failure = (error as Error).message;
    }
    if (this.failure !== undefined) log(`portal: ${this.failure}`);
    // The next request tries again.
    this.#coming = undefined;
  }
}

function replyFile(exchange: Exchange, file: PortalFile): void {
  const accepted = new Set(
    (exchange.headers["accept-encoding"] ?? "").split(",").map((each) => each.split(";", 1)[0]?.trim()),
  );
  const encoding =
    file.br && accepted.has("br") ? "br" : file.gzip && accepted.has("gzip") ? "gzip" : undefined;
  const body = (encoding && file[encoding]) ?? file.plain;
  exchange.reply(
    200,
    [
      ...securityHeaders(),
      "content-type",
      file.type,
      "cache-control",
      file.isHashed ? `public, max-age=${SECONDS_OF_A_YEAR}, immutable` : "no-cache",
      "vary",
      "accept-encoding",
      ...(encoding ? ["content-encoding", encoding] : []),
    ],
    body,
  );
}

/** A page that asks again by itself, without a script. */
function replyPreparing(exchange: Exchange, failure: string | undefined): void {
  const text =
    failure === undefined
      ? "The portal is being built from its sources. This happens once, and takes some seconds."
      : "The portal cannot be shown: it could not be built. The log of the service says why.";
  const again = failure === undefined ? '<meta http-equiv="refresh" content="1">' : "";
  const headers = ["content-type", "text/html; charset=utf-8", "cache-control", "no-store"];
  exchange.reply(
    503,
    [...securityHeaders(), ...headers, "retry-after", "1"],
    `<!doctype html><html lang="en"><meta charset="utf-8">${again}<title>Batchyard</title><h1>Batchyard</h1><p>${text}</p>`,
  );
}

/** A fresh list: a reply takes its headers over. */
function securityHeaders(): string[] {
  return [
    "content-security-policy",
    POLICY,
    "x-content-type-options",
    "nosniff",
    "x-frame-options",
    "DENY",
    "referrer-policy",
    "no-referrer",
    "cross-origin-opener-policy",
    "same-origin",
    "permissions-policy",
    "camera=(), geolocation=(), microphone=()",
  ];
}
