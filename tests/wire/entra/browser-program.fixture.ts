/** A program for `$BROWSER`, behind which a user signs in and agrees to everything. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { hiddenFields, TestBrowser } from "../browser.fixture.ts";

export interface BrowserProgram {
  /** What `$BROWSER` is to be. */
  readonly file: string;
  close(): void;
}

/** @param folder where the program is laid */
export async function browserProgram(
  trust: { readonly ca: string },
  account: { readonly username: string; readonly password: string },
  folder: string,
): Promise<BrowserProgram> {
  const visitor = createServer(async (request, response) => {
    response.end();
    const page = await new TestBrowser(trust).signIn(await text(request), account);
    if (page.left !== undefined) await fetch(page.left);
    else {
      // The page's script would post this form to the program.
      const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? "";
      await fetch(action, { method: "POST", body: new URLSearchParams(hiddenFields(page.text)) });
    }
  }).listen(0, "localhost");
  await once(visitor, "listening");
  const file = join(folder, "browser");
  const { port } = visitor.address() as AddressInfo;
  const say = `fetch("http://localhost:${port}", { method: "POST", body: process.argv[1] })`;
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' -e '${say}' "$1"\n`, { mode: 0o700 });
  return { file, close: () => void visitor.close() };
}
