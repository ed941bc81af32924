/** Who a request to the Blob service comes from, once that is known. */
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import type { SasKind } from "../../core/storage/sas.ts";

/** What a right signature grants its holder. */
export interface SasGrant {
  readonly kind: SasKind;
  /** Of the permissions. */
  readonly letters: string;
  /** Of an account's signature: letters of `sco`. */
  readonly resourceTypes: string;
}

export type BlobCaller =
  | { readonly kind: "principal"; readonly principal: TokenPrincipal }
  /** Holds a SAS that this principal signed. */
  | { readonly kind: "delegate"; readonly objectId: string; readonly grant: SasGrant }
  | { readonly kind: "sharedKey" }
  | { readonly kind: "sas"; readonly grant: SasGrant };
