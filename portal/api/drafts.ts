/**
 * What is being typed into a form, kept in the tab's session storage until it is sent or thrown away: a reload, a session that ended and a
 * service that went do not lose it. One user's drafts are not another's, and signing out forgets them all. Passwords and keys are not kept.
 */
const PREFIX = "batchyard-draft:";
/** Characters of one draft; of a longer one nothing is kept. */
const DRAFT_MAX = 500_000;
const SECRETS = new Set(["password", "sshPrivateKey", "accountKey", "sasKey"]);

const keyOf = (userId: string, name: string): string => `${PREFIX}${userId}:${name}`;

/** @returns undefined where none is kept, or what is kept is no draft */
export function keptDraft(userId: string, name: string): object | undefined {
  const text = sessionStorage.getItem(keyOf(userId, name));
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(userId: string, name: string, draft: object): void {
  const text = JSON.stringify(draft, (property, value) => (SECRETS.has(property) ? undefined : value));
  try {
    if (text.length <= DRAFT_MAX) sessionStorage.setItem(keyOf(userId, name), text);
  } catch {
    // The storage is full: what is typed stays on the page alone.
  }
}

export function dropDraft(userId: string, name: string): void {
  sessionStorage.removeItem(keyOf(userId, name));
}

export function forgetDrafts(): void {
  const names = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  for (const name of names) sessionStorage.removeItem(name);
}
