/** Lines of the audit log as Graph shows them: thousands for one request, each with names to be looked up, so in turns and each name once. */
import { Turns } from "../../../http/turns.ts";
import type { AuditEntry } from "../../../wire/access/access-api.ts";
import { auditId } from "./audit-id.ts";

export async function entryViews<View>(
  entries: readonly AuditEntry[],
  view: (entry: AuditEntry) => Promise<View>,
): Promise<View[]> {
  const turns = new Turns();
  const views: View[] = [];
  for (const entry of entries) {
    await turns.over();
    views.push(await view(entry));
  }
  return views;
}

/** @param id in any case */
export function entryWith(entries: readonly AuditEntry[], id: string): AuditEntry | undefined {
  const wanted = id.toLowerCase();
  return entries.find((entry) => auditId(entry) === wanted);
}

/** What is read once for a whole request. */
export class Remembered<Value> {
  readonly #known = new Map<string, Promise<Value>>();

  of(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key) ?? read();
    this.#known.set(key, known);
    return known;
  }
}
