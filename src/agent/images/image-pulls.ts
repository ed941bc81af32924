/**
 * Pulls images from registries, once for all nodes of this agent that ask for the same as the same. What has been pulled stays in the
 * store by digest; whether somebody may have it, its registry is asked each time, as who they are: another pool's private image is not to be
 * had because it is there. Speaking with registries is skopeo's work, unpacking umoci's.
 */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ImageReference, isLoopback } from "../../core/containers/image-name.ts";
import { pullProblem } from "../../core/containers/pull-problem.ts";
import type { RegistryAccess } from "../../wire/agent/messages.ts";
import { removeTree } from "../files/remove-tree.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import { NodeFault } from "../node-fault.ts";
import type { TransferNetwork } from "../transfer/outbound-request.ts";
import { Turns } from "../turns.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";
import { keepLayout } from "./load-image.ts";
import { PullSandbox, type SandboxOptions } from "./pull-sandbox.ts";
import { PullWatch, ShareTaken } from "./pull-watch.ts";
import { registryToken } from "./registry-token.ts";

/** The pool and account for which an image is pulled. */
export interface Puller {
  readonly access: RegistryAccess | undefined;
  readonly tokens: IdentityTokens;
  readonly tenantId: string | undefined;
  readonly isOffline: boolean;
  /** Whose room it takes. */
  readonly account: string;
  /** Tells apart whom identities belong to. */
  readonly poolId: string;
}

export interface ImagePullsOptions {
  readonly store: ImageStore;
  /** The folder in which the sandboxes of pulls lie. */
  readonly folder: string;
  readonly startSandbox: SandboxOptions["startSandbox"];
  readonly removeSandbox: (root: string) => Promise<void>;
  readonly localRegistries: () => readonly string[];
  readonly environment: () => SandboxOptions["environment"];
  readonly network: (sandbox: PullSandbox, tokens: IdentityTokens) => TransferNetwork;
}

/** At a time, for this agent's nodes; each is a sandbox and its programs, beside what nodes may use. The others wait. */
const PULLS_MAX = 4;
/** Folders of pulls' sandboxes begin with it; a number follows. */
const SANDBOX = "pull-";
const LEFT = new RegExp(`^${SANDBOX}\\d+`);
/** The user name by which registries of Azure know tokens. */
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

export class ImagePulls {
  readonly #options: ImagePullsOptions;
  readonly #going = new Map<string, Promise<StoredImage>>();
  readonly #turns = new Turns(PULLS_MAX);
  readonly #watches = new Set<PullWatch>();
  #sandboxes = 0;
  #isCleared: Promise<void> | undefined;

  constructor(options: ImagePullsOptions) {
    this.#options = options;
  }

  /** Removes what the pulls of an agent that is no more have left: parts of images, and with whose password they were asked for. */
  removeLeft(): Promise<void> {
    this.#isCleared ??= this.#removeLeft().catch((error: unknown) => {
      this.#isCleared = undefined; // the next pull tries again
      throw error;
    });
    return this.#isCleared;
  }

  /**
   * @param name as it was given
   * @throws NodeFault `ContainerInvalidImage` or `DiskFull`, with what was said
   */
  pull(name: string, reference: ImageReference, puller: Puller): Promise<StoredImage> {
    const { access, account, poolId, isOffline } = puller;
    const own = access?.identity === undefined ? account : poolId;
    const key = createHash("sha256")
      .update(JSON.stringify([reference, access, own, isOffline]))
      .digest("hex");
    const known = this.#going.get(key);
    if (known) return known;
    const going = this.#pull(reference, puller)
      .catch((error: Error) => {
        throw faultOf(name, error);
      })
      .finally(() => this.#going.delete(key));
    this.#going.set(key, going);
    return going;
  }

  /** When the disk is short, or the account's share of it, images that nobody uses make room, one after the other. */
  async #pull(reference: ImageReference, puller: Puller): Promise<StoredImage> {
    const { store } = this.#options;
    for (;;) {
      await this.#turns.take();
      try {
        return await this.#pullOnce(reference, puller);
      } catch (error) {
        const { code } = pullProblem("", (error as Error).message);
        const whose = error instanceof ShareTaken ? puller.account : undefined;
        if (code !== "DiskFull" || !(await store.dropUnused(whose))) throw error;
      } finally {
        this.#turns.give();
      }
    }
  }

  async #pullOnce(reference: ImageReference, puller: Puller): Promise<StoredImage> {
    const { store, startSandbox, removeSandbox, folder, environment, localRegistries } = this.#options;
    const root = join(folder, `${SANDBOX}${++this.#sandboxes}`);
    await this.removeLeft();
    await store.removeLeft();
    const watch = new PullWatch({ store, account: puller.account, beside: () => this.#bytesBeside(watch) });
    this.#watches.add(watch);
    try {
      const sandbox = await PullSandbox.open({
        root,
        startSandbox,
        localRegistries: localRegistries(),
        isOffline: puller.isOffline,
        environment: environment(),
      });
      try {
        return await this.#pullIn(sandbox, reference, puller, watch);
      } finally {
        await sandbox.close();
        await removeSandbox(root);
      }
    } finally {
      this.#watches.delete(watch);
      watch.close();
    }
  }

  async #removeLeft(): Promise<void> {
    const { folder, removeSandbox } = this.#options;
    const names = await readdir(folder).catch(() => []); // of the first agent's, which is not there yet
    const roots = names.flatMap((name) => LEFT.exec(name)?.[0] ?? []);
    for (const root of new Set(roots)) await removeSandbox(join(folder, root));
  }

  /** An agent has the nodes of one account. */
  #bytesBeside(watch: PullWatch): number {
    return [...this.#watches].reduce((sum, other) => sum + (other === watch ? 0 : other.bytes), 0);
  }

  async #pullIn(
    sandbox: PullSandbox,
    reference: ImageReference,
    puller: Puller,
    watch: PullWatch,
  ): Promise<StoredImage> {
    const { registry, repository, version } = reference;
    const { store } = this.#options;
    const { signal } = watch;
    const repositoryName = `${registry}/${repository}`;
    const words = await this.#credentials(sandbox, registry, puller, signal);
    watch.comes(sandbox.root);
    const lax = isLoopback(registry);
    const raw = await this.#skopeo(sandbox, signal, [
      "inspect",
      "--raw",
      ...(lax ? ["--tls-verify=false"] : []),
      ...words,
      `docker://${repositoryName}${version}`,
    ]);
    const source = `${repositoryName}@sha256:${createHash("sha256").update(raw.said).digest("hex")}`;
    const known = store.findPulled(source);
    if (known) {
      store.noteAccount(known, puller.account);
      return known;
    }
    const { folder } = await this.#skopeo(sandbox, signal, [
      "copy",
      "--quiet",
      "--insecure-policy",
      ...(lax ? ["--src-tls-verify=false"] : []),
      ...words,
      `docker://${source}`,
      "oci:layout:image",
    ]);
    await sandbox.close();
    const stage = await store.makeStage();
    watch.unpacks(stage);
    try {
      const origin = { names: [], pulled: [source], accounts: [puller.account], signal };
      return await keepLayout(store, stage, join(folder, "layout"), origin);
    } finally {
      await removeTree(stage);
    }
  }

  async #skopeo(sandbox: PullSandbox, signal: AbortSignal, words: readonly string[]) {
    const ended = await sandbox.run(["skopeo", ...words], signal);
    signal.throwIfAborted();
    if (ended.exitCode === 0) return ended;
    const { obstacle } = sandbox;
    const why = obstacle === undefined ? "" : ` (nodes here reach no other machines: ${obstacle})`;
    throw new Error(`${ended.complaint.trim() || `skopeo ended with ${ended.exitCode}`}${why}`);
  }

  /** In a file, for a command line is everybody's to read. */
  async #credentials(
    sandbox: PullSandbox,
    registry: string,
    { access, tokens, tenantId }: Puller,
    signal: AbortSignal,
  ): Promise<string[]> {
    const { username, password = "", identity } = access ?? {};
    let entry: object = {};
    if (identity !== undefined) {
      const network = this.#options.network(sandbox, tokens);
      const identitytoken = await registryToken(registry, identity, tenantId, { tokens, network, signal });
      entry = { [registry]: { auth: base64(`${TOKEN_USER}:`), identitytoken } };
    } else if (username !== undefined) entry = { [registry]: { auth: base64(`${username}:${password}`) } };
    return ["--authfile", sandbox.writeSecret("auth.json", JSON.stringify({ auths: entry }))];
  }
}

function faultOf(name: string, error: Error): NodeFault {
  const { code, message } = pullProblem(name, error.message);
  return new NodeFault(code, message, [
    { name: "Image", value: name },
    { name: "Message", value: message },
  ]);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
