import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import {
  binaryDialect,
  type InitEvent,
  type InitStart,
  initEventReader,
  loginFrame,
  shellDialect,
} from "./init-frames.ts";

const start: InitStart = {
  id: 7,
  user: "",
  mark: "/n#r#",
  folder: "/n/it's",
  sharesMounts: false,
  argv: ["prog", "a b", "", "line\nbreak"],
  environment: new Map([
    ["PATH", "/bin"],
    ["X", "è=1"],
  ]),
};

test("a login for the C init is three lists, each with its length before it", () => {
  const frame = loginFrame(9, {
    files: [["0600", "line\nè", "/etc/shadow"]],
    argv: ["/sbin/sshd", "-i"],
    environment: new Map([["PATH", "/bin"]]),
  });
  const header = frame.subarray(0, frame.indexOf("\n")).toString();
  const payload = frame.subarray(frame.indexOf("\n") + 1);
  expect(header).toBe(`login 9 ${payload.length}`);
  const words = ["3", "0600", "line\nè", "/etc/shadow", "2", "/sbin/sshd", "-i", "1", "PATH=/bin", ""];
  expect(payload.toString().split("\0")).toEqual(words);
});

test("a container's pieces stand before its command, three words each", () => {
  const container = { image: "/i", workingFolder: "/w", pieces: [["ro", "/a", "/b"]] as const };
  const text = binaryDialect.start({ ...start, container, argv: ["p"] }).toString();
  const words = ["", "own", "/i", "/w", "3", "1", "ro", "/a", "/b", "p", "PATH=/bin", "X=è=1", ""];
  expect(text.split("\0").slice(1)).toEqual(words);
});

test("a start for the C init is a length in bytes and NUL-terminated fields", () => {
  const frame = binaryDialect.start(start);
  const header = frame.subarray(0, frame.indexOf("\n")).toString();
  const payload = frame.subarray(frame.indexOf("\n") + 1);
  expect(header).toBe(`start 7 ${payload.length}`);
  expect(payload.toString().split("\0")).toEqual([
    "/n/it's",
    "",
    "own",
    "",
    "",
    "0",
    "4",
    "prog",
    "a b",
    "",
    "line\nbreak",
    "PATH=/bin",
    "X=è=1",
    "",
  ]);
});

test.each([
  ["nonadmin", "nonadmin"],
  [{ uid: 1002, gid: 98_765, isAdmin: false }, "nonadmin 1002 98765"],
  [{ uid: 1002, gid: 98_765, isAdmin: true }, "admin 1002 98765"],
] as const)("the C init is told of the user %j as %s", (user, word) => {
  const payload = binaryDialect
    .start({ ...start, user })
    .toString()
    .split("\n")
    .slice(1)
    .join("\n");
  expect(payload.split("\0")[1]).toBe(word);
});

test("a start for the shell init is one line whose words a shell reads back as they were", () => {
  const line = shellDialect.start(start).toString();
  expect(line.indexOf("\n")).toBe(line.length - 1);
  const script = `newline='\n'; start() { printf '%s\\0' "$@"; }; ${line}`;
  expect(execFileSync("/bin/sh", ["-c", script]).toString().split("\0")).toEqual([
    "7",
    "/n#r#",
    "/n/it's",
    "/bin",
    "prog",
    "PATH=/bin",
    "X=è=1",
    "prog",
    "a b",
    "",
    "line\nbreak",
    "",
  ]);
});

test("events are read whatever pieces they come in, unknown lines are passed over", () => {
  const events: InitEvent[] = [];
  const read = initEventReader((event) => events.push(event));
  for (const piece of [
    "ready pid+pr",
    "oc\nstarted 1\nno",
    "ise\nfailed 2 program 2\n",
    "ended 1 137\nsignalled 3 9\nended 3 137 1500 20 8 16 4096\nended 4 0 1 2 3 4\nended",
  ])
    read(piece);
  expect(events).toEqual([
    { event: "ready", containment: "pidNamespace" },
    { event: "started", id: 1, since: 0 },
    { event: "failed", id: 2, step: "program", errno: 2 },
    { event: "ended", id: 1, exitCode: 137 },
    { event: "signalled", id: 3, signal: 9 },
    {
      event: "ended",
      id: 3,
      exitCode: 137,
      usage: { userTime: 1500, kernelTime: 20, blocksRead: 8, blocksWritten: 16, memory: 4096 },
    },
    { event: "ended", id: 4, exitCode: 0 },
  ]);
});

test("whatever an init says, nothing but events comes of it, and nothing is kept", () => {
  const events: InitEvent[] = [];
  const read = initEventReader((event) => void events.push(event));
  const odd = [
    "ended",
    "ended 1",
    "ended x 1",
    "ended 1 x",
    "ended -1 0",
    "ended 1e9 0",
    "ended 99999999999999999999 0",
    "failed 1 program",
    "failed 1 program NaN",
    "constructor 1 2",
    `started ${"1".repeat(2_000)}`,
    `started 1${" ".repeat(100_000)}`,
    "\u0000\ufffd",
  ];
  for (const line of odd) read(`${line}\n`);
  for (let piece = 0; piece < 1_000; piece++) read("started 1 ".repeat(1_000));
  read("\nstarted 5\nended 5 137\n");
  expect(events).toEqual([
    { event: "started", id: 5, since: 0 },
    { event: "ended", id: 5, exitCode: 137 },
  ]);
});
