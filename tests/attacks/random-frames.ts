/** Frames that no peer of the agents' link would send: random ones, torn ones, and true ones with something wrong in them. */
import { readFileSync } from "node:fs";
import type { SeededRandom } from "../e2e/chaos/seeded-random.ts";

const FIXTURE = new URL("../guards/agent-messages.fixture.json", import.meta.url);
type Messages = readonly [object, ...object[]];

/** As they are spoken. */
export function trueMessages(direction: "fromAgent" | "toAgent"): Messages {
  return JSON.parse(readFileSync(FIXTURE, "utf8"))["1"][direction];
}

const ODD_TEXTS: readonly [string, ...string[]] = [
  "null",
  "[]",
  "{}",
  "-1",
  "1e999",
  "9007199254740993",
  '""',
  '"../../etc/passwd"',
  '"__proto__"',
  '"constructor"',
  '"\\u0000"',
  '"\\ud800"',
  `"${"x".repeat(70_000)}"`,
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  '{"__proto__":{"t":"shutdown"}}',
  `[${"0,".repeat(30_000)}0]`,
];

export function randomFrame(random: SeededRandom, messages: Messages): string | Buffer {
  const frame = JSON.stringify([random.pick(messages), random.pick(messages)]);
  const at = Math.floor(random.upTo(frame.length));
  switch (random.pick(["bytes", "binary", "torn", "flipped", "value", "value", "value", "deep"])) {
    case "bytes":
      return randomBytes(random).toString("latin1");
    case "binary":
      return randomBytes(random);
    case "torn":
      return frame.slice(0, at);
    case "flipped":
      return frame.slice(0, at) + String.fromCharCode(random.upTo(256)) + frame.slice(at + 1);
    case "value":
      return withOddValue(random, frame);
    default:
      return random.chance(0.02) ? "[".repeat(1024 * 1024) : "[".repeat(random.upTo(3_000));
  }
}

function randomBytes(random: SeededRandom): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.upTo(300) }, () => random.upTo(256)));
}

/** Of one property, or of one entry. */
function withOddValue(random: SeededRandom, frame: string): string {
  const values = [...frame.matchAll(/[:[,]("[^"]*"|-?\d+|true|false|\[\]|\{\})/g)];
  const value = values[Math.floor(random.upTo(values.length))];
  if (value?.[1] === undefined) return frame;
  const start = value.index + 1;
  return frame.slice(0, start) + random.pick(ODD_TEXTS) + frame.slice(start + value[1].length);
}
