/** Opens an address in the user's browser, which outlives this process and whose output is not ours. */
import { spawn } from "node:child_process";

/** @param otherwise called when no browser could be started */
export function openBrowser(url: string, otherwise: () => void, environment = process.env): void {
  const [program, ...parameters] = browserCommand(url, environment);
  if (program === undefined) {
    otherwise();
    return;
  }
  const browser = spawn(program, parameters, { stdio: "ignore", detached: true });
  browser.once("error", otherwise);
  browser.once("exit", (code) => {
    if (code !== 0) otherwise();
  });
  browser.unref();
}

/**
 * `$BROWSER` is a list of commands, `%s` in one being the address; the first is taken, and no shell reads it. Without one
 * the desktop's own opener, if there is a desktop.
 */
function browserCommand(url: string, { BROWSER, DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): string[] {
  const [first = ""] = (BROWSER ?? "").split(":");
  const words = first.split(" ").filter(Boolean);
  if (words.some((word) => word.includes("%s"))) return words.map((word) => word.replaceAll("%s", () => url));
  if (words.length > 0) return [...words, url];
  if (process.platform === "darwin") return ["open", url];
  return DISPLAY || WAYLAND_DISPLAY ? ["xdg-open", url] : [];
}
