/**
 * The audiences that Resource Manager takes beside its own address, in the order in which the real service names them to a
 * caller that sends another one.
 */
export const ARM_AUDIENCES: readonly string[] = [
  "https://management.core.windows.net/",
  "https://management.core.windows.net",
  "https://management.azure.com/",
  "https://management.azure.com",
];
