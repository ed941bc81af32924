/** A wall of docs/security.md, and how it is taken out. */

export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

export interface Wall {
  /** Of the table in docs/security.md. */
  readonly finding: number;
  /** What the program is without, in a few words. */
  readonly without: string;
  /** Walls that stand behind each other are taken out together. */
  readonly edits: readonly Edit[];
  /** The file of tests that tries the attacks. */
  readonly attacks: string;
  /** The attack ends the process of the tests, or keeps it for good: then no title is told of, which is to win all the same. */
  readonly fells?: true;
  /** Only those that win are tried: the others of the file would wait, each for its whole time. */
  readonly alone?: true;
  /** How the titles begin of those that win then: each of them fails. */
  readonly wins: readonly string[];
}
