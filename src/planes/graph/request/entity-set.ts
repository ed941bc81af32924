/** What a list of Graph is a list of. */
export interface GraphEntity {
  readonly id: string;
}

export interface EntitySet {
  /** As it stands in `@odata.context`: `users`. */
  readonly name: string;
  /** Properties that a filter may name; `x/any` for those of a list's elements. */
  readonly filterable: ReadonlySet<string>;
  /** What is sent where nothing is selected; absent: everything. */
  readonly shownByDefault?: ReadonlySet<string>;
}
