import { expect, test } from "vitest";
import { computedMs } from "../computed-time.fixture.ts";
import { parseRunOptions } from "./run-options.ts";

const nothing = { environment: [], environmentFiles: [], mounts: [], limits: [], hasNoNetwork: false };
const bind = (source: string, target: string, isReadOnly = false) => ({
  kind: "bind",
  source,
  target,
  isReadOnly,
});

test.each<[string, object]>([
  ["", {}],
  ["--rm --rm=true --init --privileged=false", {}],
  [
    "-e A=1 --env B=2=3 --env=C -eD=x",
    {
      environment: [
        ["A", "1"],
        ["B", "2=3"],
        ["C", undefined],
        ["D", "x"],
      ],
    },
  ],
  ["--env 'A=two words'", { environment: [["A", "two words"]] }],
  ["--env-file /e", { environmentFiles: ["/e"] }],
  [
    "-v /a:/b --volume=/c/../d:/e/:ro -v=/f:/g:rw,Z",
    { mounts: [bind("/a", "/b"), bind("/d", "/e", true), bind("/f", "/g")] },
  ],
  ["--mount type=bind,src=/a,dst=/b,readonly", { mounts: [bind("/a", "/b", true)] }],
  ["--mount type=bind,source=/a,target=/b,ro=false", { mounts: [bind("/a", "/b")] }],
  [
    "--tmpfs /t --tmpfs /u:size=64m,mode=700,rw --mount type=tmpfs,destination=/v,tmpfs-size=1k",
    {
      mounts: [
        { kind: "tmpfs", target: "/t", options: "mode=1777" },
        { kind: "tmpfs", target: "/u", options: "mode=700,size=67108864" },
        { kind: "tmpfs", target: "/v", options: "mode=1777,size=1024" },
      ],
    },
  ],
  ["-w /w --workdir=/x", { workingFolder: "/x" }],
  ["-u 1000:1000", { user: "1000:1000" }],
  ["--entrypoint= ", { entrypoint: "" }],
  ["--entrypoint /bin/sh -h box", { entrypoint: "/bin/sh", hostname: "box" }],
  [
    "--shm-size 1g --cpus 1.5 -m512M --memory=1.5g",
    { sharedMemoryBytes: 2 ** 30, cpus: 1.5, memoryBytes: 1.5 * 2 ** 30 },
  ],
  [
    "--ulimit nofile=1024:2048 --ulimit core=0 --ulimit cpu=-1",
    {
      limits: [
        { resource: 7, soft: 1024n, hard: 2048n },
        { resource: 4, soft: 0n, hard: 0n },
        { resource: 0, soft: 2n ** 64n - 1n, hard: 2n ** 64n - 1n },
      ],
    },
  ],
  ["--network host", {}],
  ["--net=none", { hasNoNetwork: true }],
  ["--privileged --cap-add SYS_PTRACE", { powerAskedBy: "--privileged" }],
  ["--cap-add=ALL", { powerAskedBy: "--cap-add" }],
])("%s is understood", (text, expected) => {
  expect(parseRunOptions(text)).toEqual({ ...nothing, ...expected });
});

test.each([
  ["--pid host", "--pid is not done here"],
  ["--device /dev/fuse", "--device is not done here"],
  ["--constructor x", "--constructor is not done here"],
  ["-it", "-i is not done here"],
  ["-d", "-d is not done here"],
  ["image:1", '"image:1" is no option'],
  ["--", '"--" is no option'],
  ["-", '"-" is no option'],
  ["--env", "--env needs a value"],
  ["--rm=maybe", "--rm takes true or false"],
  ["--env =x", "--env takes NAME=VALUE"],
  ["--env-file e", "--env-file takes an absolute path"],
  ["-v data:/data", "--volume takes an absolute path of the node; there are no named volumes"],
  ["-v /a", "--volume takes SOURCE:TARGET, or SOURCE:TARGET:ro"],
  ["-v /a:/b:shared", "--volume: shared is not done here"],
  ["-v /a:/", "--volume takes an absolute path in the container that is not its root"],
  ["-v /a:/b/..", "--volume takes an absolute path in the container that is not its root"],
  ["-v /a:/proc/sys", "--volume: /proc/sys is the container's own"],
  ["-v /a:/x/../dev", "--volume: /dev is the container's own"],
  ["--mount type=volume,src=x,dst=/y", "--mount takes type=bind or type=tmpfs with what belongs to it"],
  ["--mount type=bind,src=/x,dst=/y,bind-propagation=shared", "--mount: bind-propagation is not done here"],
  ["--tmpfs /t:size=lots", "--tmpfs: size takes a size, such as 64m"],
  ["--tmpfs /t:uid=0", "--tmpfs: uid=0 is not done here"],
  ["--shm-size 0", "--shm-size takes a size, such as 64m"],
  ["--cpus 0", "--cpus takes a number of processors above 0"],
  ["--ulimit nofile=2:1", "--ulimit: the soft limit of nofile is above its hard one"],
  ["--hostname a_b", "--hostname takes a name of letters, digits, dots and hyphens"],
  ["--network bridge", "--network takes none, or host for the node's own; there is no bridge"],
  ["--gpus all", "--gpus: nodes here have no GPUs"],
  ["--env 'A", "ends inside a quote or after a backslash"],
  ["--env A=\0", "must not contain a NUL"],
])("%s is refused", (text, reason) => {
  expect(() => parseRunOptions(text)).toThrow(new Error(reason));
});

test("long options are read once, whatever they hold", () => {
  for (const text of ["-", "--env=A", "'", "-v /a:/b ", "--tmpfs /t:size=", "--mount a=,", "--ulimit a="]) {
    const long = text.repeat(32_768 / text.length);
    const read = () => {
      try {
        parseRunOptions(long);
      } catch {}
    };
    expect(computedMs(read), text).toBeLessThan(200);
  }
  expect(() => parseRunOptions(" ".repeat(32_769))).toThrow("32768 characters");
});
