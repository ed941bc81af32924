/**
 * Who is next when checking passwords: costly work that strangers can ask for. Sources take turns, and within one the accounts; an account
 * has one check at a time, so that each counts before the next. Accounts that nobody guesses at have a lane, and always a worker, of their own:
 *
 *   quiet ──┐ at least 1 of 3
 *           ├──▶ workers
 *   other ──┘ at most 2 of 3
 *
 * A lane that is full refuses whoever takes most of it, not whoever comes last.
 */

/** Of libuv's four threads; the fourth is the files'. */
const WORKERS = 3;
const WORKERS_PER_LANE_WHERE_BOTH_WAIT = 2;
/** Waiting in one lane. Ours: some seconds of work. */
const WAITING_MAX = 64;
const WAITING_PER_ACCOUNT_AND_SOURCE = 12;

export interface Turn {
  /** Where the request came from. */
  readonly source: string;
  readonly account: string;
  /** Nobody has lately tried wrong passwords on it. */
  readonly isQuiet: boolean;
}

interface Waiting extends Turn {
  readonly run: () => Promise<unknown>;
  readonly refuse: () => void;
}

export class FairTurns {
  readonly #lanes = { quiet: new Lane(), other: new Lane() };
  readonly #running = { quiet: 0, other: 0 };
  readonly #busy = new Set<string>();
  readonly #refusal: () => Error;

  /** @param refusal made for whoever finds no place */
  constructor(refusal: () => Error) {
    this.#refusal = refusal;
  }

  take<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const refuse = () => reject(this.#refusal());
      const run = () => work().then(resolve, reject);
      this.#lanes[turn.isQuiet ? "quiet" : "other"].add({ ...turn, run, refuse });
      this.#next();
    });
  }

  #next(): void {
    const { quiet, other } = this.#running;
    if (quiet + other >= WORKERS) return;
    const isOtherDue = quiet >= WORKERS_PER_LANE_WHERE_BOTH_WAIT;
    for (const lane of isOtherDue ? (["other", "quiet"] as const) : (["quiet", "other"] as const)) {
      if (lane === "other" && other >= WORKERS_PER_LANE_WHERE_BOTH_WAIT) continue;
      const waiting = this.#lanes[lane].take(this.#busy);
      if (waiting === undefined) continue;
      this.#start(lane, waiting);
      this.#next();
      return;
    }
  }

  #start(lane: "quiet" | "other", { account, run }: Waiting): void {
    this.#running[lane]++;
    this.#busy.add(account);
    void run().finally(() => {
      this.#running[lane]--;
      this.#busy.delete(account);
      this.#next();
    });
  }
}

class Lane {
  readonly #waiting: Waiting[] = [];
  /** When each source that waits, and each account of it, had its last turn. */
  #lastTurn = new Map<string, number>();
  #turns = 0;

  add(waiting: Waiting): void {
    const { source, account } = waiting;
    const own = this.#waiting.filter((each) => each.source === source && each.account === account);
    if (own.length >= WAITING_PER_ACCOUNT_AND_SOURCE) {
      waiting.refuse();
      return;
    }
    this.#waiting.push(waiting);
    if (this.#waiting.length > WAITING_MAX) this.#refuseGreediest();
  }

  take(busy: ReadonlySet<string>): Waiting | undefined {
    const last = (key: string) => this.#lastTurn.get(key) ?? 0;
    const order = (a: Turn, b: Turn) =>
      last(a.source) - last(b.source) || last(accountKey(a)) - last(accountKey(b));
    let next: Waiting | undefined;
    for (const each of this.#waiting)
      if (!busy.has(each.account) && (next === undefined || order(each, next) < 0)) next = each;
    if (next === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#turns++;
    this.#lastTurn.set(next.source, this.#turns).set(accountKey(next), this.#turns);
    if (this.#waiting.length === 0) this.#lastTurn = new Map();
    return next;
  }

  /** The newest of the account that waits most, of the source that waits most. */
  #refuseGreediest(): void {
    const source = mostFrequent(this.#waiting.map((each) => each.source));
    const ofSource = this.#waiting.filter((each) => each.source === source);
    const account = mostFrequent(ofSource.map((each) => each.account));
    const index = this.#waiting.findLastIndex((each) => each.source === source && each.account === account);
    this.#waiting.splice(index, 1)[0]?.refuse();
  }
}

const accountKey = ({ source, account }: Turn): string => `${source} ${account}`;

/** Of several the one that came last: so that a newcomer gives way among equals. */
function mostFrequent(keys: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return keys.findLast((key) => counts.get(key) === most);
}
