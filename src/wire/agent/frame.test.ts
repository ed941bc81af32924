import { describe, expect, test } from "vitest";
import { FrameFault, readChunk, readFrame, writeChunk, writeFrames } from "./frame.ts";
import { fromAgent } from "./from-agent.ts";
import type { FromAgent } from "./messages.ts";
import { toAgent } from "./to-agent.ts";

const STOPPED: FromAgent = { t: "node.stopped", nodeKey: "1" };

function faultOf(read: () => unknown): FrameFault {
  try {
    read();
  } catch (error) {
    if (error instanceof FrameFault) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("a frame that does not fit", () => {
  test("a long one is refused for its depth before anybody reads it, brackets in texts aside", () => {
    expect(faultOf(() => readFrame("[".repeat(1024 * 1024), fromAgent)).message).toMatch(/too deep/);
    const message = `${"[{".repeat(50_000)}\\"`;
    const failed: FromAgent = { t: "login.refused", id: 1, message: message.slice(0, 10_000) };
    const frames = writeFrames(Array.from({ length: 20 }, () => failed));
    expect(frames.some(({ length }) => length > 100_000)).toBe(true);
    expect(frames.flatMap((frame) => readFrame(frame, fromAgent))).toHaveLength(20);
  });

  test.each(["", "not json", "[", '[{"t":"node.stopped"', "\u0000"])("%j is no data", (frame) => {
    expect(faultOf(() => readFrame(frame, fromAgent)).closeCode).toBe(1007);
  });

  test.each([
    ["{}", "The frame is no list of messages."],
    ["null", "The frame is no list of messages."],
    ["[null]", "A message is no object."],
    ["[[]]", "A message is no object."],
    ["[{}]", 'A message has no "t" that is known.'],
    ['[{"t":"constructor"}]', 'A message has no "t" that is known.'],
    ['[{"t":"__proto__"}]', 'A message has no "t" that is known.'],
    ['[{"t":["node.stopped"],"nodeKey":"1"}]', 'A message has no "t" that is known.'],
    ['[{"t":"node.stopped"}]', 'A message is no node.stopped: it has a "nodeKey" that is no text.'],
    [
      '[{"t":"node.stopped","__proto__":{"nodeKey":"1"}}]',
      'A message is no node.stopped: it has a "nodeKey" that is no text.',
    ],
    [
      '[{"t":"node.stopped","nodeKey":"../1"}]',
      'A message is no node.stopped: it has a "nodeKey" that has not the form that is asked for.',
    ],
    [
      '[{"t":"run.ended","report":{"run":"t:1:1","nodeKey":"1","endTime":"tomorrow","end":{"kind":"stopped"}}}]',
      'A message is no run.ended: it has a "report" that has a "endTime" that is no instant.',
    ],
    [
      '[{"t":"run.ended","report":{"run":"t:1:1","nodeKey":"1","endTime":"2026-11-30T00:00:00Z","end":{"kind":"exited","exitCode":1e400}}}]',
      'A message is no run.ended: it has a "report" that has a "end" that is no exited: it has a "exitCode" that is no whole number from -2147483648 to 2147483647.',
    ],
  ])("%s says so", (frame, message) => {
    expect(faultOf(() => readFrame(frame, fromAgent))).toMatchObject({ closeCode: 1008, message });
  });

  test("is refused whole, whatever else is in it", () => {
    const frame = JSON.stringify([STOPPED, { t: "no such thing" }]);
    expect(faultOf(() => readFrame(frame, fromAgent)).closeCode).toBe(1008);
  });

  test("names no more than twenty thousand messages", () => {
    const frame = JSON.stringify(new Array(20_001).fill(STOPPED));
    expect(faultOf(() => readFrame(frame, fromAgent)).message).toMatch(/20000 messages/);
  });
});

test("what a later version adds is passed over", () => {
  const frame = '[{"t":"run.stop","run":"t:1:1","graceMs":0,"politely":true}]';
  expect(readFrame(frame, toAgent)).toHaveLength(1);
});

test("many messages become several frames, in order, and the same messages again", () => {
  const messages = Array.from({ length: 9_000 }, (_, i) => ({
    t: "login.refused" as const,
    id: i,
    message: "é".repeat(100),
  }));
  const frames = writeFrames(messages);
  expect(frames.length).toBeGreaterThan(3);
  for (const frame of frames) expect(Buffer.byteLength(frame)).toBeLessThan(1024 * 1024);
  expect(frames.flatMap((frame) => readFrame(frame, fromAgent))).toEqual(messages);
});

test("a piece of a file names the question that it answers", () => {
  const bytes = Buffer.from("bytes");
  expect(readChunk(writeChunk(4_294_967_297, bytes))).toEqual({ id: 4_294_967_297, bytes });
  for (const frame of [Buffer.alloc(0), Buffer.alloc(8), Buffer.alloc(9, 0xff)])
    expect(faultOf(() => readChunk(frame)).closeCode).toBe(1008);
});
