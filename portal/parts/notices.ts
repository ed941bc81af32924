/**
 * What the user has set going from this tab: it goes on, is done, or was refused. Whoever makes a mutation says so in its `meta`:
 * `notice` is what is being done, in words. Nothing of it is kept beyond the page.
 */
import { MutationCache } from "@tanstack/react-query";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly state: "running" | "completed" | "failed";
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error?: unknown;
}

/** So many are kept, the newest. */
const KEPT_MAX = 50;

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

export const currentNotices = (): readonly Notice[] => notices;

export function onNotices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(notice: Notice): void {
  notices = [notice, ...notices.filter(({ id }) => id !== notice.id)].slice(0, KEPT_MAX);
  for (const listener of listeners) listener();
}

const textOf = (meta: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  typeof meta?.notice === "string" ? meta.notice : undefined;

export function noticingMutations(): MutationCache {
  const running = new Map<number, number>();
  const end = (
    mutation: { readonly mutationId: number; readonly meta?: Record<string, unknown> | undefined },
    error?: unknown,
  ) => {
    const text = textOf(mutation.meta);
    const id = running.get(mutation.mutationId);
    if (text === undefined || id === undefined) return;
    running.delete(mutation.mutationId);
    const state = error === undefined ? "completed" : "failed";
    put({ id, text, state, at: Date.now(), ...(error !== undefined && { error }) });
  };
  return new MutationCache({
    onMutate: (_, mutation) => {
      const text = textOf(mutation.meta);
      if (text === undefined) return;
      running.set(mutation.mutationId, ++last);
      put({ id: last, text, state: "running", at: Date.now() });
    },
    onSuccess: (_data, _given, _before, mutation) => end(mutation),
    onError: (error, _given, _before, mutation) => end(mutation, error),
  });
}
