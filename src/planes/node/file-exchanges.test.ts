import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ToAgent } from "../../wire/agent/messages.ts";
import { FileExchanges } from "./file-exchanges.ts";

const FILE = { nodeKey: "1", path: "stdout.txt" };

const PROPERTIES = {
  name: "stdout.txt",
  isDirectory: false,
  contentLength: 10,
  creationTime: "2024-07-01T00:00:00Z",
  lastModified: "2024-07-01T00:00:00Z",
  fileMode: "0100644",
};

function exchanges() {
  const sent: ToAgent[] = [];
  return { files: new FileExchanges((message) => void sent.push(message)), sent };
}

test("a read that the agent refuses is the reader's error alone", async () => {
  const { files } = exchanges();
  const read = files.read(FILE, {});
  files.receive({ t: "file.error", id: 1, code: "FileNotFound", message: "It is not there." });
  await expect(read).rejects.toMatchObject({ code: "FileNotFound" });
  // An error that nobody listens for would end the process within this turn.
  await nextTurn();
});

test("an agent gets as much new credit as the reader has taken, however late it takes it", async () => {
  const { files, sent } = exchanges();
  const chunk = Buffer.alloc(64 * 1024, "x");
  const chunks = 100;
  const read = files.read(FILE, {});
  files.receive({
    t: "file.stat",
    id: 1,
    properties: { ...PROPERTIES, contentLength: chunk.length * chunks },
  });
  const { body } = await read;
  const credit = () =>
    sent.reduce((sum, message) => sum + (message.t === "file.credit" ? message.bytes : 0), 0);
  let given = 0;
  const giveAll = () => {
    for (; given < chunks && (given + 1) * chunk.length <= credit(); given++) {
      files.receive({ t: "file.chunk", id: 1, data: chunk.toString("base64") });
    }
    if (given === chunks) files.receive({ t: "file.end", id: 1 });
  };
  giveAll();
  expect(given).toBe(4);
  let taken = 0;
  for await (const bytes of body) {
    taken += bytes.length;
    if (given < chunks) giveAll();
  }
  expect(taken).toBe(chunk.length * chunks);
});

test("a read that is lost half-way fails for whoever reads on", async () => {
  const { files } = exchanges();
  const read = files.read(FILE, {});
  files.receive({ t: "file.stat", id: 1, properties: PROPERTIES });
  files.receive({ t: "file.chunk", id: 1, data: Buffer.from("half").toString("base64") });
  files.close();
  const { body } = await read;
  await nextTurn();
  await expect(body.toArray()).rejects.toThrow();
});
