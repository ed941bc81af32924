/** What the load generator is told and what it answers: the messages between `load.ts` and the process it starts. */

export interface LoadPlan {
  /** `https://localhost:<port>`. */
  readonly url: string;
  readonly caFile: string;
  readonly connections: number;
  /** Whole requests as `http-request.ts` writes them; sent in turn, and again from the first one. */
  readonly requests: readonly string[];
  /** So many requests are sent before the measurement begins. */
  readonly warmUp: number;
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** Keeps what was replied to each of `requests`, in their order. */
  readonly keepBodies?: boolean;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, from the request's first byte to the reply's last. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly bodies: readonly string[];
}

export type ToGenerator = { readonly t: "plan"; readonly plan: LoadPlan } | { readonly t: "go" };

export type FromGenerator =
  | { readonly t: "warm" }
  | { readonly t: "done"; readonly result: LoadResult }
  | { readonly t: "failed"; readonly message: string };
