import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TransferNetwork } from "../transfer/outbound-request.ts";
import { NodeJournal } from "./node-journal.ts";
import { sendJournal } from "./send-journal.ts";

test("a container that never says whether it has taken a file is given up when nobody waits any longer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "batchyard-journal-"));
  const journal = new NodeJournal(join(folder, "7"));
  journal.note("something");
  await journal.written();
  // Something moves all the time, so that it is no idle connection; an answer does not come.
  const server = createServer((request, response) => {
    request.resume();
    const drip = setInterval(() => response.writeProcessing(), 20);
    response.once("close", () => clearInterval(drip));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = { trustedOrigins: [origin], reach: undefined, idleMs: 5_000 } as unknown as TransferNetwork;
  const ask = { url: `${origin}/logs`, folder: "p/n/1", from: new Date(0).toISOString() };
  try {
    await expect(sendJournal(journal, ask, network, new AbortController().signal, 300)).rejects.toThrow(
      /timeout/,
    );
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
