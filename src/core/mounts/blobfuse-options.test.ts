import { expect, test } from "vitest";
import { blobfuseOptions } from "./blobfuse-options.ts";
import { MountOptionsProblem } from "./mount-options-problem.ts";

test.each([
  ["", { isReadOnly: false }],
  // The example of the page "Mount a virtual file system on a Batch pool".
  ["-o attr_timeout=240 -o entry_timeout=240 -o negative_timeout=120 ", { attributeSeconds: 240 }],
  ["-o ro,allow_other -oumask=022", { isReadOnly: true, umask: "022" }],
  ["--read-only --allow-other", { isReadOnly: true }],
  ["--read-only=false", { isReadOnly: false }],
  ["--file-cache-timeout-in-seconds=7 --cache-size-mb 500", { cacheSeconds: 7, cacheMegabytes: 500 }],
  ["--subdirectory=/a/b/ --log-level=log_debug", { subdirectory: "a/b", logLevel: "DEBUG" }],
  ["--use-attr-cache true --use-https=true", {}],
])("%s", (text, meant) => {
  expect(blobfuseOptions(text)).toMatchObject(meant);
});

test.each([
  ["--tmp-path=/etc", "--tmp-path"],
  ["-o uid=0", "uid"],
  ["-o suid", "suid"],
  ["-o", "-o"],
  ["word", "word"],
  ["-o attr_timeout=soon", "attr_timeout"],
  ["--cache-size-mb=99999999", "--cache-size-mb"],
  ["--subdirectory=../other", "--subdirectory"],
  ["--subdirectory=a:b", "--subdirectory"],
  ["--log-level=LOUD", "--log-level"],
  ["-o umask=999", "umask"],
])("%s is refused by its name", (text, name) => {
  expect(() => blobfuseOptions(text)).toThrow(MountOptionsProblem);
  expect(() => blobfuseOptions(text)).toThrow(name);
});
