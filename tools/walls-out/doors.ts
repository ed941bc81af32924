/** What was found after the first attack: doors that were read as an enemy would (findings 20 and up), and siblings of earlier findings. */
import type { Wall } from "./wall.ts";

const ENDPOINT = "src/agent/endpoints/datagram-endpoint.ts";
const SHARE = "src/core/containers/image-share.ts";
const WATCH_ATTACKS = "src/agent/images/pull-watch.test.ts";

export const DOORS: readonly Wall[] = [
  {
    finding: 14,
    without: "a way down through open folders: images",
    edits: [
      {
        file: "src/agent/images/image-store.ts",
        from: "      await removeTree(stage);\n      if (!existsSync(folder)) return true;",
        to: '      const { rm } = await import("node:fs/promises");\n      await rm(stage, { recursive: true, force: true });\n      if (!existsSync(folder)) return true;',
      },
    ],
    attacks: "src/agent/images/image-store.test.ts",
    wins: ["an image with paths that are too long"],
  },
  {
    finding: 14,
    without: "a way down through open folders: homes",
    edits: [
      {
        file: "src/agent/login/login-folder.ts",
        from: "    return removeTree(this.#path);",
        to: '    return import("node:fs").then(({ rmSync }) => rmSync(this.#path, { recursive: true, force: true }));',
      },
    ],
    attacks: "src/agent/login/login-folder.test.ts",
    wins: ["folders of logins deeper than an agent has descriptors go: homes"],
  },
  {
    finding: 15,
    without: "a share of the machine's files",
    edits: [
      {
        file: "src/agent/disk/node-disk.ts",
        from: "if (files <= filesMax) return undefined;",
        to: "if (files <= filesMax * 1e9) return undefined;",
      },
    ],
    attacks: "src/agent/disk/node-disk.test.ts",
    wins: ["a node's empty files take"],
  },
  {
    finding: 20,
    without: "a memory of what has been passed on",
    edits: [{ file: ENDPOINT, from: "PASSED_ON.add(source);", to: "" }],
    attacks: "src/agent/endpoints/datagram-endpoint.test.ts",
    wins: ["one datagram goes round for ever"],
  },
  {
    finding: 20,
    without: "a look at a source's port",
    edits: [{ file: ENDPOINT, from: "if (port === 0 || ", to: "if (" }],
    attacks: "src/agent/endpoints/datagram-endpoint.test.ts",
    wins: ["who has no port to be answered at"],
  },
  {
    finding: 21,
    without: "a pace of pulls",
    edits: [
      {
        file: "src/core/containers/pull-pace.ts",
        from: "return elapsedMs >",
        to: "return elapsedMs / 1e9 >",
      },
    ],
    attacks: WATCH_ATTACKS,
    wins: ["a registry that gives its bytes one by one"],
  },
  {
    finding: 21,
    without: "an account's share of the room for images",
    edits: [{ file: SHARE, from: "const ACCOUNT_SHARE = 3 / 4;", to: "const ACCOUNT_SHARE = 3e9 / 4;" }],
    attacks: WATCH_ATTACKS,
    wins: ["an account's pulls and images fill the machine"],
  },
  {
    finding: 21,
    without: "a look at who has the most images",
    edits: [
      {
        file: SHARE,
        from: "least(other) - least(one) || one.usedAt - other.usedAt",
        to: "least(one) * 0 || one.usedAt - other.usedAt",
      },
    ],
    attacks: WATCH_ATTACKS,
    wins: ["an account that pulls without end"],
  },
  {
    finding: 21,
    without: "a bound for the number of an account's images",
    edits: [
      { file: SHARE, from: "const IMAGES_OF_ACCOUNT_MAX = 256;", to: "const IMAGES_OF_ACCOUNT_MAX = 256e9;" },
    ],
    attacks: "src/core/containers/image-share.test.ts",
    wins: ["a hundred thousand small images"],
  },
  {
    finding: 21,
    without: "a bound for what is remembered of an image",
    edits: [
      {
        file: "src/agent/images/image-store.ts",
        from: "const [PULLED_MAX, ACCOUNTS_MAX] = [32, 64];",
        to: "const [PULLED_MAX, ACCOUNTS_MAX] = [32e9, 64e9];",
      },
    ],
    attacks: WATCH_ATTACKS,
    wins: ["one image that many registries give"],
  },
  {
    finding: 21,
    without: "a bound for what an image says about itself",
    edits: [
      {
        file: "src/agent/images/load-image.ts",
        from: "const SETTINGS_MAX_CHARACTERS = 32_768;",
        to: "const SETTINGS_MAX_CHARACTERS = 32_768e9;",
      },
    ],
    attacks: "src/agent/images/load-image.test.ts",
    wins: ["what one image says about itself"],
  },
  {
    finding: 21,
    without: "files that images leave to the machine",
    edits: [
      {
        file: "src/core/lifecycle/disk-fullness.ts",
        from: "if (files > 0 && ffree < leaves)",
        to: "if (files > 0 && ffree < leaves * 0)",
      },
    ],
    attacks: "src/core/lifecycle/disk-fullness.test.ts",
    wins: ["images leave the machine half a gigabyte"],
  },
  {
    finding: 22,
    without: "a refusal to be a page",
    edits: [
      { file: "src/http/dispatch.ts", from: "if (isOthers && refusesToBePage(exchange)) return;", to: "" },
    ],
    attacks: "tests/attacks/portal-origin.test.ts",
    wins: ["a page that somebody has written", "whoever opens such a page"],
  },
  {
    finding: 23,
    without: "a look at the node before its user's password is hashed",
    edits: [
      {
        file: "src/app/nodes/node-users.ts",
        from: "  const { node } = await nodeFind(app.store.read, target);\n  standingAgent(node);\n  return app",
        to: "  return app",
      },
      {
        file: "src/app/sign-in/fair-turns.ts",
        from: "const WAITING_PER_ACCOUNT_AND_SOURCE = 12;",
        to: "const WAITING_PER_ACCOUNT_AND_SOURCE = 64;",
      },
    ],
    attacks: "tests/attacks/costly-hashes.test.ts",
    wins: ["a password for a node that is not there"],
  },
  {
    finding: 23,
    without: "pieces of a hash",
    edits: [
      {
        file: "src/app/sign-in/node-passwords.ts",
        from: "await setImmediate();",
        to: "if (done) await setImmediate();",
      },
    ],
    attacks: "tests/attacks/costly-hashes.test.ts",
    wins: ["dozens of passwords for nodes' users"],
  },
  {
    finding: 25,
    without: "the bound of links that are read in a second for all connections",
    edits: [
      {
        file: "src/agent/imds/connection-owner.ts",
        from: "return ++this.#links <= LINKS_MAX;",
        to: "return true;",
      },
    ],
    attacks: "src/agent/imds/connection-owner.test.ts",
    wins: ["connections without end make nobody look"],
  },
];
