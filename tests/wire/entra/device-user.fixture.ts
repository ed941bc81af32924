/** The user beside a program that signs a device in: reads page and code from the message that clients print, and goes there with a browser. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { TestBrowser } from "../browser.fixture.ts";
import type { ProgramEnd } from "../client-program.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";

interface DevicePrompt {
  readonly page: string;
  readonly code: string;
}

/** Runs a program that prints the service's message when a user is to sign it in. @throws Error when the user could not */
export async function programWithDeviceUser(
  service: RunningService,
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProgramEnd> {
  const child = spawn(program, words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let failure: unknown;
  const closed = once(child, "close") as Promise<[number | null]>;
  const stderr = text(child.stderr);
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const prompt = devicePrompt(line);
    if (prompt === undefined) continue;
    void signIn(service, prompt).catch((error: unknown) => {
      failure = error;
      // It would wait for its user in vain.
      child.kill();
    });
  }
  const [code] = await closed;
  if (failure !== undefined) throw failure;
  return { code, stdout: lines.join("\n"), stderr: await stderr };
}

function devicePrompt(line: string): DevicePrompt | undefined {
  const [, page, code] = /page (\S+) and enter the code (\S+)/.exec(line) ?? [];
  return page === undefined || code === undefined ? undefined : { page, code };
}

/** @throws Error when the page does not say that it is done */
async function signIn(service: RunningService, { page, code }: DevicePrompt): Promise<void> {
  const browser = new TestBrowser(service);
  const [username, password] = [service.ready.username ?? "", service.ready.password ?? ""];
  const asked = await browser.submit(await browser.open(page), "code", { user_code: code });
  const done = await browser.agree(asked, { username, password });
  if (done.status !== 200 || !done.text.includes("You have signed in"))
    throw new Error(`the device's user was not done:\n${done.text}`);
}
