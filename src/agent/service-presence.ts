/** Whether the service is there just now, for whoever would rather wait for it than fail. It ends with the agent's patience. */

export class ServicePresence {
  /** Resolved when the service comes; undefined while it is there. */
  #coming: PromiseWithResolvers<void> | undefined = Promise.withResolvers();

  get isThere(): boolean {
    return this.#coming === undefined;
  }

  came(): void {
    this.#coming?.resolve();
    this.#coming = undefined;
  }

  went(): void {
    this.#coming ??= Promise.withResolvers();
  }

  /** Resolves when the service is there, at once where it is. Rejects with the signal's reason. */
  async there(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#coming) return;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([this.#coming.promise, promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}
