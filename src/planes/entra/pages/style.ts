/** The pages' one style sheet: inside the page, allowed by its hash. Readable from 320 pixels on, light and dark. */
import { hash } from "node:crypto";

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --ground: #f1f3f6; --line: #c9d0d9; --quiet: #57606a;
  --act: #0b5cad; --act-ink: #fff; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #1d2127; --ground: #12151a; --line: #444c56;
  --quiet: #a3adb8; --act: #6cb2f5; --act-ink: #0b1a2a; --wrong: #ff9a92; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { width: 100%; max-width: 440px; padding: 32px; background: var(--paper); border: 1px solid var(--line);
  border-radius: 10px; overflow-wrap: anywhere; }
header { display: flex; align-items: center; gap: 8px; margin-bottom: 20px; color: var(--quiet); font-size: 14px;
  font-weight: 600; }
header::before { content: ""; width: 14px; height: 14px; border-radius: 3px; background: var(--act); }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 1.25; font-weight: 600; }
p { margin: 8px 0; }
.quiet { color: var(--quiet); font-size: 14px; }
.wrong { margin: 16px 0; padding: 10px 12px; border-left: 4px solid var(--wrong); background: var(--ground); }
label { display: block; margin: 16px 0 4px; font-weight: 600; font-size: 14px; }
label.check { display: flex; gap: 8px; align-items: flex-start; font-weight: 400; }
input[type=text], input[type=password] { width: 100%; padding: 9px 10px; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--quiet); border-radius: 6px; }
input.code { font-family: ui-monospace, Menlo, Consolas, monospace; letter-spacing: .12em; text-transform: uppercase; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px; justify-content: flex-end; }
button { font: inherit; padding: 9px 22px; border-radius: 6px; border: 1px solid var(--line); background: none;
  color: inherit; cursor: pointer; }
button.main { background: var(--act); border-color: var(--act); color: var(--act-ink); font-weight: 600; }
button.account { display: block; width: 100%; margin-top: 12px; padding: 12px; text-align: left; }
button.account b, button.account span { display: block; }
ul.permissions { list-style: none; margin: 16px 0; padding: 0; border-top: 1px solid var(--line); }
ul.permissions li { padding: 12px 0; border-bottom: 1px solid var(--line); }
ul.permissions b { display: block; }
dl { margin: 20px 0 0; font-size: 14px; }
dt { color: var(--quiet); }
dd { margin: 0 0 8px; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px; }
@media (max-width: 420px) { body { padding: 0; place-items: stretch; } main { border: 0; border-radius: 0; padding: 24px 20px; }
  .row button { flex: 1; } }
`;

export const STYLE_SOURCE = `'sha256-${hash("sha256", STYLE, "base64")}'`;
