/** What a row of the bench is compared with. */

export interface Peer {
  readonly name: string;
  /** Why it cannot be measured here. */
  missing(): Promise<string | undefined>;
  /** @param folder for what it writes */
  rate(count: number, folder: string): Promise<number>;
}
