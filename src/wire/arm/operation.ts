/** The shape of a row of the generated table of management operations. */

export interface ArmOperation {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "HEAD";
  /** `{scope}` and the `{…Id}` of the by-id operations stand for several segments. Literals compare without case. */
  readonly path: string;
  readonly success: readonly number[];
  /** Accepted values of `api-version`, oldest first. */
  readonly apiVersions: readonly string[];
  /** The last of them is not answered to who asks for a newer one: the provider goes on without this. */
  readonly isDropped?: boolean;
}
