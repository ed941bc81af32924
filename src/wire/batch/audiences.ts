/** The audiences that the data plane takes. Source: "Authenticate Azure Batch services with Microsoft Entra ID". */

/** Slash and all: the real service compares it letter by letter. */
export const BATCH_AUDIENCE = "https://batch.core.windows.net/";

/** Under `--lenient-audience`: what official clients ask for when left to themselves, too. */
export const LENIENT_BATCH_AUDIENCES: readonly string[] = [
  BATCH_AUDIENCE,
  "https://batch.core.windows.net",
  "https://management.azure.com/",
  "https://management.azure.com",
  "https://management.core.windows.net/",
  "https://management.core.windows.net",
];

/** What a user's token for the audience carries in `scp`: "Access Azure Batch Service". */
export const BATCH_DELEGATED_PERMISSION = "user_impersonation";
