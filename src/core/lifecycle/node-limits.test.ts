import { describe, expect, test } from "vitest";
import {
  type CgroupFacts,
  cgroupMountPoint,
  cgroupObstacle,
  cgroupPath,
  limitFiles,
  limitsOfSize,
  limitsWithin,
} from "./node-limits.ts";

const GIB = 2 ** 30;
const MACHINE = { memoryBytes: 20 * GIB, cpus: 8, threads: 100_000 };

describe("a node's limits", () => {
  test.each([
    ["those of its size", 2, 8, 1, { memoryBytes: 8 * GIB, cpus: 2, processes: 4_096 }],
    [
      "memory by the core where the size is not known",
      4,
      undefined,
      1,
      { memoryBytes: 16 * GIB, cpus: 4, processes: 4_096 },
    ],
    ["processes by slots", 16, 64, 64, { memoryBytes: 64 * GIB, cpus: 16, processes: 32_768 }],
    ["half a gibibyte, half a core", 0.5, 0.5, 1, { memoryBytes: GIB / 2, cpus: 0.5, processes: 4_096 }],
  ])("%s", (_, cores, memoryGib, slots, limits) => {
    expect(limitsOfSize(cores, memoryGib, slots)).toEqual(limits);
  });

  test("no more than the machine has, a tenth of its memory left to others", () => {
    const limits = limitsOfSize(64, 256, 256);
    expect(limitsWithin(limits, MACHINE)).toEqual({ memoryBytes: 18 * GIB, cpus: 8, processes: 25_000 });
  });

  test("half a gibibyte is left to others on a small machine", () => {
    const small = { memoryBytes: GIB, cpus: 1, threads: 8_000 };
    expect(limitsWithin(limitsOfSize(2, 8, 1), small)).toEqual({
      memoryBytes: GIB / 2,
      cpus: 1,
      processes: 2_000,
    });
  });

  test("as the kernel takes them", () => {
    expect(limitFiles({ memoryBytes: 1_000_000, cpus: 1.5, processes: 4_096 })).toEqual([
      ["memory.max", "1000000"],
      ["cpu.max", "150000 100000"],
      ["pids.max", "4096"],
    ]);
  });
});

describe("an agent's own control group", () => {
  const good: CgroupFacts = {
    mountPoint: "/sys/fs/cgroup",
    path: "/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope",
    controllers: ["cpu", "memory", "pids", "io"],
    isWritable: true,
    strangers: 0,
  };

  test("can be divided when it is delegated and nobody else's", () => {
    expect(cgroupObstacle(good)).toBeUndefined();
  });

  test.each<[string, Partial<CgroupFacts>, string]>([
    ["version 1 alone", { mountPoint: undefined }, "no version 2"],
    ["a hybrid hierarchy", { controllers: ["hugetlb"] }, "no controllers for cpu, memory, pids"],
    [
      "systemd's delegation to users without cpu",
      { controllers: ["memory", "pids"] },
      "no controllers for cpu",
    ],
    ["another user's", { isWritable: false }, "not delegated"],
    ["root's login session", { path: "/user.slice/user-0.slice/session-3.scope" }, "a login session's"],
    ["one that others run in", { strangers: 2 }, "other programs are in its control group, with 2"],
  ])("cannot: %s", (_, change, why) => {
    expect(cgroupObstacle({ ...good, ...change })).toContain(why);
  });

  test("is found on systemd's hybrid and unified hierarchies, and on neither", () => {
    const tmpfs = "24 23 0:22 / /sys/fs/cgroup rw - tmpfs tmpfs rw";
    const first = "25 24 0:23 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids";
    const hybrid =
      "26 24 0:24 / /sys/fs/cgroup/unified rw,relatime shared:10 - cgroup2 cgroup2 rw,nsdelegate";
    const unified = "27 23 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw";
    expect(cgroupMountPoint([tmpfs, first, hybrid].join("\n"))).toBe("/sys/fs/cgroup/unified");
    expect(cgroupMountPoint(unified)).toBe("/sys/fs/cgroup");
    expect(cgroupMountPoint([tmpfs, first].join("\n"))).toBeUndefined();
    expect(cgroupPath("9:name=systemd:/x\n0::/user.slice/a b.scope\n")).toBe("/user.slice/a b.scope");
    expect(cgroupPath("9:pids:/\n")).toBeUndefined();
  });
});
