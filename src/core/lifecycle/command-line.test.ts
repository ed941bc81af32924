import { expect, test } from "vitest";
import { splitCommandLine } from "./command-line.ts";

test.each([
  ["", []],
  ["   ", []],
  ["true", ["true"]],
  ["  echo  a\tb\r\nc ", ["echo", "a", "b", "c"]],
  [`/bin/bash -c 'set -e; echo "$HOME" | wc'`, ["/bin/bash", "-c", `set -e; echo "$HOME" | wc`]],
  [`/bin/sh -c "printenv | grep AZ; exit 3"`, ["/bin/sh", "-c", "printenv | grep AZ; exit 3"]],
  [`a"b c"'d e'f`, ["ab cd ef"]],
  [`'' ""`, ["", ""]],
  [`"say \\"hi\\" \\\\ \\$HOME"`, [`say "hi" \\ \\$HOME`]],
  [`'no \\ escape'`, ["no \\ escape"]],
  [`a\\ b \\'c`, ["a b", "'c"]],
  ["echo $HOME *.txt # no comment", ["echo", "$HOME", "*.txt", "#", "no", "comment"]],
  ["è 日本 🎉", ["è", "日本", "🎉"]],
])("%j is %j", (commandLine, words) => {
  expect(splitCommandLine(commandLine)).toEqual(words);
});

test.each([`echo "a`, `echo 'a`, `echo "a\\`, "echo \\"])("%j is refused", (commandLine) => {
  expect(() => splitCommandLine(commandLine)).toThrow(SyntaxError);
});
