/**
 * Properties that are written and never read back. Nothing here acts on them as they are (nobody logs in as a user account of
 * a pool), so they are not kept either: what is not stored cannot leak. Those of registries and mounts are sealed before they come here
 * (app/secrets). Source: API description, "UserAccount", "ContainerRegistry", mounts.
 */
const WRITTEN_ONLY = new Set(["password", "sshPrivateKey", "accountKey", "sasKey", "protectedSettings"]);

const SEALED: ReadonlySet<string> = new Set(["sealedPassword", "sealedAccountKey", "sealedSasKey"]);

const replaced = (name: string, value: unknown): unknown => (WRITTEN_ONLY.has(name) ? undefined : value);

/** The text in which a description of a pool, job or schedule is stored. */
export const specText = (spec: object): string => JSON.stringify(spec, replaced);

/** By which two are compared: a secret that is sealed twice is two texts. */
export const comparableText = (spec: object): string =>
  JSON.stringify(spec, (name, value) => (SEALED.has(name) ? undefined : replaced(name, value)));

/** The document as it will be read back. */
export const asStored = <T extends object>(spec: T): T => JSON.parse(specText(spec)) as T;

/**
 * Without what is sealed, and for texts of before `specText`, which kept others.
 * @param stored JSON
 */
export const parseWithoutSecrets = <T>(stored: string): T =>
  JSON.parse(stored, (name, value) => (SEALED.has(name) ? undefined : replaced(name, value))) as T;
