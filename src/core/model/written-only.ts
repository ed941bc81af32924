/**
 * Properties that are written and never read back. Nothing here acts on them (nobody logs in as a user account of a pool; registries and
 * mounts are not built), so they are not kept either: what is not stored cannot leak. Source: API description, "UserAccount",
 * "ContainerRegistry", mounts.
 */
const WRITTEN_ONLY = new Set(["password", "sshPrivateKey", "accountKey", "sasKey", "protectedSettings"]);

const replaced = (name: string, value: unknown): unknown => (WRITTEN_ONLY.has(name) ? undefined : value);

/** The text in which a description of a pool, job or schedule is stored. */
export const specText = (spec: object): string => JSON.stringify(spec, replaced);

/** As it will be read back. */
export const asStored = <T extends object>(spec: T): T => JSON.parse(specText(spec)) as T;

/**
 * For texts of before `specText`, which kept them.
 * @param stored JSON
 */
export const parseWithoutSecrets = <T>(stored: string): T => JSON.parse(stored, replaced) as T;
