/** What axe finds on a page that is shown, serious and worse. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function seriousProblems(page: Page): Promise<string[]> {
  // What a page asks for at first is there; those that are live never fall silent.
  await page.waitForLoadState("networkidle", { timeout: 300 }).catch(() => {});
  await page.evaluate(AXE);
  return page.evaluate(problems);
}

/** Runs in the page. */
async function problems(): Promise<string[]> {
  interface Violation {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }
  const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } };
  const { violations } = await axe.run();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 200)}`);
}
