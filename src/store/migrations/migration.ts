/** What a numbered migration is: statements of data definition, in the words of the dialect that they are for. */

/** The words in which the dialects' data definition differs. */
export interface DialectWords {
  /** A key that is never used twice, also after its row is deleted. */
  readonly identity: string;
  /** A 64-bit integer. */
  readonly integer: string;
}

export type Migration = (words: DialectWords) => readonly string[];
