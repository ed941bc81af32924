/**
 * The options by which an application is registered and changed: where it may be answered, on which kind of platform, and whose accounts may
 * sign in. The words are the portal's, shortened. Source: "Quickstart: Register an application with the Microsoft identity platform".
 */
import { CommandError, exitCode } from "../command/exit-code.ts";

export const registrationOptions = {
  "redirect-uri": { type: "string", multiple: true },
  platform: { type: "string" },
  accounts: { type: "string" },
} as const;

export const registrationHelp = `  --redirect-uri URI   where sign-in answers; it need not exist for --platform
                       native; may be given again
  --platform P         what the URIs are of: native (the default: programs on a
                       device), web, spa (a page that signs in by itself)
  --accounts WHOSE     who may sign in: single (this tenant; the default),
                       multiple (any tenant), all (personal accounts too),
                       personal (those alone)
`;

/** Microsoft Graph's property for the redirect URIs of each platform. */
const PLATFORMS = { native: "publicClient", web: "web", spa: "spa" } as const;

const ACCOUNTS = {
  single: "AzureADMyOrg",
  multiple: "AzureADMultipleOrgs",
  all: "AzureADandPersonalMicrosoftAccount",
  personal: "PersonalMicrosoftAccount",
} as const;

export interface RegistrationValues {
  readonly "redirect-uri"?: readonly string[] | undefined;
  readonly platform?: string | undefined;
  readonly accounts?: string | undefined;
}

/** What of an application's body the options say; nothing for an option that was not given. @throws CommandError (usage) */
export function registrationBody(values: RegistrationValues): Readonly<Record<string, unknown>> {
  const uris = values["redirect-uri"];
  if (values.platform !== undefined && uris === undefined)
    throw new CommandError("--platform is of --redirect-uri, which is missing", exitCode.usage);
  const platform = chosen(PLATFORMS, values.platform ?? "native", "--platform");
  return {
    ...(uris !== undefined && { [platform]: { redirectUris: uris } }),
    ...(values.accounts !== undefined && {
      signInAudience: chosen(ACCOUNTS, values.accounts, "--accounts"),
    }),
  };
}

function chosen<T>(choices: Readonly<Record<string, T>>, word: string, option: string): T {
  const choice = Object.hasOwn(choices, word) ? choices[word] : undefined;
  if (choice !== undefined) return choice;
  throw new CommandError(`${option} takes ${Object.keys(choices).join(", ")}`, exitCode.usage);
}
