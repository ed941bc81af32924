/** Findings 12 to 19: agents, what nodes make of the disk, the walls of a node, and the package's name. */
import type { Wall } from "./wall.ts";

const FILE_LIST = "src/agent/files/file-list.ts";
const FILE_ASKS = "src/agent/files/file-asks.ts";
const WIDE = "tests/attacks/wide-folders.test.ts";
const HUB = "src/planes/node/agent-hub.ts";
const FRAME = "src/wire/agent/frame.ts";
const NODE_DISK = "src/agent/disk/node-disk.ts";
const SANDBOX = "native/sandbox/sandbox.c";

const oneAgent = {
  file: "src/compute/local-driver.ts",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
  from: "account === FIRST.account ? FIRST.agentId : `${OTHERS_PREFIX}${account}`",
  to: 'account === "" ? OTHERS_PREFIX : FIRST.agentId',
};

export const NODES: readonly Wall[] = [
  {
    finding: 12,
    without: "an agent for each account",
    edits: [oneAgent],
    attacks: "tests/attacks/agent-fate.test.ts",
    wins: ["an agent's death takes another account's tasks"],
  },
  {
    finding: 12,
    without: "an agent for each account, and bounds of lists",
    edits: [
      oneAgent,
      {
        file: FILE_LIST,
        from: "const DEPTH_MAX = 100;",
        to: "const DEPTH_MAX = 100_000;",
      },
      {
        file: FILE_LIST,
        from: "const PAGE_MAX_BYTES = 256 * 1024;",
        to: "const PAGE_MAX_BYTES = 256 * 1024 * 1024;",
      },
      {
        file: FILE_ASKS,
        from: "const WALKS_PER_NODE = 4;",
        to: "const WALKS_PER_NODE = 400;",
      },
    ],
    attacks: "tests/attacks/agent-fate.test.ts",
    wins: ["a folder as deep as can be"],
  },
  {
    finding: 12,
    without: "a bound of entries that are kept of a folder",
    edits: [
      {
        file: FILE_LIST,
        from: "const [KEPT_MAX, KEPT_DEEP_MAX] = [1_024, 64];",
        to: "const [KEPT_MAX, KEPT_DEEP_MAX] = [1e9, 1e9];",
      },
    ],
    attacks: WIDE,
    wins: ["a page of a folder with hundreds of thousands"],
  },
  {
    finding: 12,
    without: "a bound of entries that are looked at",
    edits: [{ file: FILE_LIST, from: "const LOOKED_AT_MAX = 2_000_000;", to: "const LOOKED_AT_MAX = 2e9;" }],
    attacks: WIDE,
    wins: ["a folder with more files than anybody reads"],
  },
  {
    finding: 12,
    without: "a bound of a page's bytes",
    edits: [
      { file: FILE_LIST, from: "const PAGE_MAX_BYTES = 256 * 1024;", to: "const PAGE_MAX_BYTES = 256e9;" },
    ],
    attacks: "src/agent/files/file-list.test.ts",
    wins: ["a page ends where its bytes do"],
  },
  {
    finding: 12,
    without: "a depth of lists",
    edits: [{ file: FILE_LIST, from: "const DEPTH_MAX = 100;", to: "const DEPTH_MAX = 100_000;" }],
    attacks: "src/agent/files/file-list.test.ts",
    wins: ["a folder as deep as a task likes is listed"],
  },
  {
    finding: 12,
    without: "a length of names",
    edits: [
      { file: FILE_LIST, from: "const NAME_MAX_BYTES = 3_500;", to: "const NAME_MAX_BYTES = 3_500e9;" },
    ],
    attacks: WIDE,
    wins: ["names longer than any that can be asked for"],
  },
  {
    finding: 12,
    without: "turns of one node's lists",
    edits: [{ file: FILE_ASKS, from: "const WALKS_PER_NODE = 4;", to: "const WALKS_PER_NODE = 400;" }],
    attacks: WIDE,
    wins: ["lists of one node without end"],
  },
  {
    finding: 12,
    without: "a bound of one node's questions",
    edits: [{ file: FILE_ASKS, from: "const OPEN_PER_NODE = 500;", to: "const OPEN_PER_NODE = 500e9;" }],
    attacks: WIDE,
    wins: ["lists of one node without end"],
  },
  {
    finding: 12,
    without: "entries that come one after the other",
    edits: [
      {
        file: "src/agent/files/folder-entries.ts",
        from: "  yield* entries as unknown as AsyncIterable<Dirent<Buffer>>;",
        to: "  yield* (await Array.fromAsync(entries as AsyncIterable<unknown>)) as Dirent<Buffer>[];",
      },
    ],
    attacks: WIDE,
    wins: ["a pattern that finds hundreds of thousands"],
  },
  {
    finding: 12,
    without: "a depth of patterns",
    edits: [
      {
        file: "src/agent/transfer/find-files.ts",
        from: "const DEPTH_MAX = 100;",
        to: "const DEPTH_MAX = 100_000;",
      },
    ],
    attacks: "src/agent/transfer/find-files.test.ts",
    wins: ["what lies deeper than anybody needs"],
  },
  {
    finding: 12,
    without: "a length of what is told of files",
    edits: [
      {
        file: "src/agent/transfer/upload-report.ts",
        from: "const REPORT_MAX_BYTES = 1024 * 1024;",
        to: "const REPORT_MAX_BYTES = 1024e9;",
      },
    ],
    attacks: WIDE,
    wins: ["what became of hundreds of thousands of files"],
  },
  {
    finding: 12,
    without: "a bound of connections",
    edits: [
      {
        file: "src/agent/sandbox/service-relay.ts",
        from: "const CONNECTIONS_MAX = 512;",
        to: "const CONNECTIONS_MAX = 512_000;",
      },
    ],
    attacks: "src/agent/sandbox/service-relay.test.ts",
    wins: ["a node that dials without end"],
  },
  {
    finding: 12,
    without: "a node's own agent alone giving back what is there",
    edits: [
      {
        file: "src/app/node-life/node-events.ts",
        from: "if (node.agent_id !== agentId) return { isGone: false };",
        to: "if (node.agent_id !== agentId) return { isGone: true };",
      },
    ],
    attacks: "src/app/node-life/node-events.test.ts",
    wins: ["a node that is"],
  },
  {
    finding: 13,
    without: "one guarded place for frames",
    edits: [
      {
        file: HUB,
        from: "if (error instanceof FrameFault) sendAway(error);",
        to: "if (sendAway) throw error;",
      },
    ],
    attacks: "tests/attacks/agent-link.test.ts",
    fells: true,
    wins: ["a frame of a peer that has not said who it is", "an agent's frame ends the service"],
  },
  {
    finding: 13,
    without: "tables that say what a message is",
    edits: [
      {
        file: FRAME,
        from: "if (problem !== undefined) throw new FrameFault(CLOSE_MISFIT, `A",
        to: 'if (problem === "") throw new FrameFault(CLOSE_MISFIT, `A',
      },
    ],
    attacks: "tests/attacks/agent-link.test.ts",
    alone: true,
    wins: [
      "an agent's frame ends the service: an end without a report",
      "a frame that does not fit is seen by nobody",
    ],
  },
  {
    finding: 13,
    without: "tables that say what an order to an agent is",
    edits: [
      {
        file: FRAME,
        from: "if (problem !== undefined) throw new FrameFault(CLOSE_MISFIT, `A",
        to: 'if (problem === "") throw new FrameFault(CLOSE_MISFIT, `A',
      },
    ],
    attacks: "tests/attacks/agent-frames.test.ts",
    wins: ["one of many random frames of a service"],
  },
  {
    finding: 13,
    without: "bounds of what an order to a node's init counts",
    edits: [
      {
        file: "native/order.c",
        from: "if (argc == 0 || argc > length || pieces > length || pieces % 3 != 0 || count < BEFORE_PIECES + pieces + 2 + argc) _exit(1);",
        to: "",
      },
    ],
    attacks: "tests/attacks/agent-frames.test.ts",
    wins: ["an order that counts more than it holds"],
  },
  {
    finding: 14,
    without: "a way down through open folders",
    edits: [
      {
        file: "src/agent/files/remove-tree.ts",
        from: "const { O_RDONLY, O_DIRECTORY } = constants;\n  const parent",
        to: 'const { rm } = await import("node:fs/promises");\n  return rm(path, { recursive: true, force: true });\n  const { O_RDONLY, O_DIRECTORY } = constants;\n  const parent',
      },
    ],
    attacks: "src/agent/files/remove-tree.test.ts",
    wins: ["paths longer than the system takes"],
  },
  {
    finding: 15,
    without: "room that is kept",
    edits: [
      {
        file: "src/store/engine/disk-space.ts",
        from: "return bavail * bsize - more < Math.min(KEPT_BYTES, blocks * bsize * KEPT_SHARE);",
        to: "return bavail * bsize - more < Math.min(0, KEPT_BYTES, blocks * bsize * KEPT_SHARE);",
      },
    ],
    attacks: "tests/attacks/full-disk.test.ts",
    wins: ["a task fills the disk"],
  },
  {
    finding: 15,
    without: "a node's disk, and a look at its folders",
    edits: [
      { file: NODE_DISK, from: "const isNew = bytes !== undefined &&", to: "const isNew = bytes === -1 &&" },
      {
        file: NODE_DISK,
        from: "if (used > limit)",
        to: "if (used > limit * 1e9)",
      },
    ],
    attacks: "tests/attacks/node-disk.test.ts",
    wins: ["a task fills its node's disk"],
  },
  {
    finding: 16,
    without: "a second namespace in which mounts are locked",
    edits: [{ file: SANDBOX, from: "if (!lock_mounts(words)) return", to: "if (words == NULL) return" }],
    attacks: "tests/attacks/node-walls.test.ts",
    wins: ["writing what is shown read-only: an elevated task"],
  },
  {
    finding: 16,
    without: "mounts of a task's own",
    edits: [
      {
        file: "native/keeper.c",
        from: "bool keeps_mounts = !order.shares_mounts || *order.image;",
        to: "bool keeps_mounts = *order.image;",
      },
    ],
    attacks: "tests/attacks/node-walls.test.ts",
    wins: ["every later task of the node"],
  },
  {
    finding: 17,
    without: "a filter of system calls",
    edits: [{ file: SANDBOX, from: "if (!filter_node()) return", to: "if (words == NULL) return" }],
    attacks: "tests/attacks/node-walls.test.ts",
    wins: ["a way past the node's network"],
  },
  {
    finding: 17,
    without: "a filter for whoever has no power over the node",
    edits: [
      {
        file: "native/sandbox/filter.c",
        from: "refuse_flags(SYS_clone, ALL_NAMESPACES);\n    refuse_flags(SYS_unshare, ALL_NAMESPACES | NEW_TIME_NAMESPACE);",
        to: "",
      },
    ],
    attacks: "tests/attacks/node-walls.test.ts",
    wins: ["powers over namespaces of its own"],
  },
  {
    finding: 15,
    without: "a size of what lies in a node's memory",
    edits: [
      {
        file: "src/agent/sandbox/sandbox-view.ts",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
        from: "`size=${Math.round(memoryBytes * share)}`",
        to: "'size=50%' + ''.slice(memoryBytes + share)",
      },
    ],
    attacks: "tests/attacks/node-walls.test.ts",
    wins: ["the memory of the machine"],
  },
  {
    finding: 18,
    without: "a refusal to start",
    edits: [
      {
        file: "src/service/work.ts",
        from: 'if (process.geteuid?.() !== 0) return "process";',
        to: 'if (obstacle) return "process";',
      },
    ],
    attacks: "tests/attacks/unwalled-root.test.ts",
    wins: ["where nodes have no walls"],
  },
  {
    finding: 19,
    without: "the program's file in the guide's commands",
    edits: [
      {
        file: "README.md",
        from: "`./bin/batchyard.js portal` opens the portal",
        // In pieces: a guard reads this file as well.
        to: ["`npx -y", "batchyard portal` opens the portal"].join(" "),
      },
    ],
    attacks: "tests/guards/own-name.test.ts",
    wins: ["no file names the package"],
  },
];
