/** The platforms by the property of an application that holds their redirect URIs. */
export const PLATFORMS = [
  ["publicClient", "Public client/native (mobile & desktop)"],
  ["web", "Web"],
  ["spa", "Single-page application (SPA)"],
] as const;
