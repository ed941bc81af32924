/** `batchyard login`: signs a user in at the service, as the Azure CLI would, and says who it was. Stores nothing. */
import { readFile } from "node:fs/promises";
import { parseOptions } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { table } from "./connect/endpoint-table.ts";
import { browserSignIn } from "./login/browser-sign-in.ts";
import { deviceSignIn } from "./login/device-sign-in.ts";
import type { SignInRequest, TokenReply } from "./login/token-request.ts";
import { dataFolder } from "./service/data-folder.ts";
import { runningService } from "./service/running-service.ts";
import { holdStopSignals } from "./service/stop-signal.ts";
import { spanSeconds } from "./time-span.ts";

export const help = `Sign a user in at the service, in the browser, and say who it was.

Usage: batchyard login [--device]

  --device      print a code to type into a page on any device
  --scope S     what the token is for; default: the Batch API
  --tenant T    id or domain; default: the service's first tenant
  --timeout T   how long to wait for the user: 90s, 5m (default: 15m)
  --data DIR    the service's state folder
  --json        the token reply as one JSON object

The browser is $BROWSER or the desktop's; without one the address is printed.
Nothing is stored: --json gives the token to scripts, and it is a secret.
`;

/** What the service gives a device's user; nobody need keep a browser's user waiting longer. */
const DEFAULT_TIMEOUT = "15m";
const MAX_TIMEOUT_SECONDS = 86_400;
const BATCH_SCOPE = "https://batch.core.windows.net//.default";

interface Person {
  readonly preferred_username: string;
  readonly tid: string;
}

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    device: { type: "boolean", default: false },
    scope: { type: "string", default: BATCH_SCOPE },
    tenant: { type: "string" },
    timeout: { type: "string", default: DEFAULT_TIMEOUT },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const timeout = timeoutMilliseconds(options.timeout);
  const { login, caFile, tenantId } = await runningService(dataFolder(options.data));
  const interruption = new AbortController();
  const signals = holdStopSignals();
  signals.listen(() => interruption.abort(new CommandError("interrupted; nobody has signed in")));
  const timer = setTimeout(
    () => interruption.abort(new CommandError(`nobody has signed in within ${options.timeout}`)),
    timeout,
  );
  const request: SignInRequest = {
    login,
    tenant: encodeURIComponent(options.tenant ?? tenantId),
    scope: `${options.scope} openid profile`,
    ca: await readFile(caFile, "utf8"),
    tell: (line) => void process.stderr.write(`${line}\n`),
    signal: interruption.signal,
  };
  try {
    const reply = await (options.device ? deviceSignIn : browserSignIn)(request);
    process.stdout.write(options.json ? `${JSON.stringify(reply)}\n` : summary(reply));
    return exitCode.ok;
  } catch (error) {
    throw interruption.signal.aborted ? interruption.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signals.release();
  }
}

/** @throws CommandError (usage) */
function timeoutMilliseconds(text: string): number {
  const seconds = spanSeconds(text) ?? 0;
  if (seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1_000;
  throw new CommandError("--timeout takes a span from 1s to 24h, like 90s or 5m", exitCode.usage);
}

function summary({ id_token, scope, expires_on }: TokenReply): string {
  const { preferred_username, tid } = idTokenClaims(id_token);
  return table([
    ["Signed in", preferred_username],
    ["Tenant", tid],
    ["Scope", scope],
    ["Valid until", new Date(expires_on * 1000).toISOString()],
  ]);
}

/** The token endpoint gave it over TLS, which vouches for it (OpenID Connect Core 1.0 section 3.1.3.7, step 6). */
function idTokenClaims(token: string): Person {
  const [, claims = ""] = token.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString());
}
