/** Finding 24: what stands between a container and its node, other containers and other pools' images. */
import type { Wall } from "./wall.ts";

const CONTAINER = "native/sandbox/container.c";
const CONTAINERS = "tests/e2e/nodes/containers.test.ts";

export const CONTAINER_WALLS: readonly Wall[] = [
  {
    finding: 24,
    without: "shared memory of a container's own",
    edits: [{ file: CONTAINER, from: "unshare(CLONE_NEWIPC) != 0 || ", to: "" }],
    attacks: "tests/e2e/nodes/container-escape.test.ts",
    wins: ["gets nothing of its node's, of another container's and of the machine"],
  },
  {
    finding: 24,
    without: "the user's own eyes for what is mounted",
    edits: [
      {
        file: CONTAINER,
        from: "    setfsgid(gid);\n    setfsuid(uid);\n",
        to: "    (void)uid;\n    (void)gid;\n",
      },
    ],
    attacks: CONTAINERS,
    wins: ["folders of the node are mounted as the task's user"],
  },
  {
    finding: 24,
    without: "asking whether the task may read a file of variables",
    edits: [
      {
        file: "src/agent/images/container-start.ts",
        from: 'user.init === "admin" || uid === user.owner || (mode & 0o4) !== 0;',
        to: 'user.init === "admin" || uid === user.owner || mode >= 0;',
      },
    ],
    attacks: CONTAINERS,
    wins: ["variables come from a file that the task may read"],
  },
  {
    finding: 24,
    without: "elevation for what takes the node's power",
    edits: [
      {
        file: "src/agent/images/container-start.ts",
        from: "if (powerAskedBy !== undefined && !isAdmin && other?.uid !== 0)",
        to: 'if (powerAskedBy === "")',
      },
    ],
    attacks: CONTAINERS,
    wins: ["folders of the node are mounted as the task's user"],
  },
  {
    finding: 24,
    without: "the registry's consent to each pool",
    edits: [
      {
        file: "src/agent/images/node-images.ts",
        from: "    const loaded = this.#store.find(name);\n",
        to: '    const loaded = this.#store.find(name) ?? this.#store.all().find(({ pulled = [] }) => pulled.some((source) => source.startsWith(name.split(":").slice(0, 2).join(":"))));\n',
      },
    ],
    attacks: "tests/e2e/nodes/registries.test.ts",
    wins: ["an image that is here for one pool is not for another"],
  },
  {
    finding: 24,
    without: "set-user-id programs of images that have no effect",
    edits: [
      { file: CONTAINER, from: '"overlay", MS_NOSUID | MS_NODEV, options', to: '"overlay", 0, options' },
    ],
    attacks: "tests/e2e/nodes/container-escape.test.ts",
    wins: ["gets nothing of its node's, of another container's and of the machine"],
  },
];
