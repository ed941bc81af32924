/**
 * Properties of directory objects that are kept and shown, by choice: nothing here decides by them. Source: Microsoft Graph's resource types
 * "user", "application" and "servicePrincipal", which also say how long each may be.
 */

export type KeptType =
  /** At most so many characters. */
  | { readonly text: number }
  /** A list of at most so many texts. */
  | { readonly texts: number }
  | { readonly words: readonly string[] }
  | { readonly members: KeptProperties }
  | "flag"
  | "instant";

export type KeptProperties = Readonly<Record<string, KeptType>>;

/** By property, as they were given; what was never given is absent. */
export type KeptValues = Readonly<Record<string, unknown>>;

const extensionAttributes = Object.fromEntries(
  Array.from({ length: 15 }, (_, index) => [`extensionAttribute${index + 1}`, { text: 1_024 }] as const),
);

export const USER_KEPT: KeptProperties = {
  ageGroup: { words: ["Minor", "NotAdult", "Adult"] },
  businessPhones: { texts: 1 },
  city: { text: 128 },
  companyName: { text: 64 },
  consentProvidedForMinor: { words: ["Granted", "Denied", "NotRequired"] },
  country: { text: 128 },
  department: { text: 64 },
  employeeHireDate: "instant",
  employeeId: { text: 16 },
  employeeLeaveDateTime: "instant",
  employeeOrgData: { members: { costCenter: { text: 256 }, division: { text: 256 } } },
  employeeType: { text: 256 },
  faxNumber: { text: 64 },
  jobTitle: { text: 128 },
  mobilePhone: { text: 64 },
  officeLocation: { text: 128 },
  onPremisesExtensionAttributes: { members: extensionAttributes },
  onPremisesImmutableId: { text: 256 },
  otherMails: { texts: 250 },
  // Passwords here do not expire, and no word of a policy makes one weaker or stronger.
  passwordPolicies: {
    words: [
      "None",
      "DisableStrongPassword",
      "DisablePasswordExpiration",
      "DisablePasswordExpiration, DisableStrongPassword",
    ],
  },
  postalCode: { text: 40 },
  preferredDataLocation: { text: 16 },
  showInAddressList: "flag",
  state: { text: 128 },
  streetAddress: { text: 1_024 },
  usageLocation: { text: 2 },
};

export const APPLICATION_KEPT: KeptProperties = {
  defaultRedirectUri: { text: 256 },
  info: {
    members: {
      marketingUrl: { text: 2_048 },
      privacyStatementUrl: { text: 2_048 },
      supportUrl: { text: 2_048 },
      termsOfServiceUrl: { text: 2_048 },
    },
  },
  isDeviceOnlyAuthSupported: "flag",
  parentalControlSettings: {
    members: {
      countriesBlockedForMinors: { texts: 250 },
      legalAgeGroupRule: {
        words: [
          "Allow",
          "RequireConsentForPrivacyServices",
          "RequireConsentForMinors",
          "RequireConsentForKids",
          "BlockMinors",
        ],
      },
    },
  },
  samlMetadataUrl: { text: 2_048 },
  serviceManagementReference: { text: 256 },
};

export const SERVICE_PRINCIPAL_KEPT: KeptProperties = {
  alternativeNames: { texts: 250 },
  description: { text: 1_024 },
  loginUrl: { text: 2_048 },
  notes: { text: 1_024 },
  notificationEmailAddresses: { texts: 5 },
};

/** These say what the registration says until they say otherwise. */
export const SERVICE_PRINCIPAL_OWN: KeptProperties = { homepage: { text: 2_048 }, tags: { texts: 1_200 } };
