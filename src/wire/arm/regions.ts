/** Azure's public regions: their names, how they are shown, and the geography of each. Source: "List of Azure regions". */
export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly geographyGroup: string;
}

const BY_GEOGRAPHY: Readonly<Record<string, readonly string[]>> = {
  US: [
    ..."Central US,East US,East US 2,North Central US,South Central US,West Central US".split(","),
    ..."West US,West US 2,West US 3".split(","),
  ],
  Canada: ["Canada Central", "Canada East"],
  "South America": ["Brazil South", "Brazil Southeast", "Chile Central"],
  Mexico: ["Mexico Central"],
  Europe: [
    ..."Austria East,Belgium Central,Denmark East,France Central,France South,Germany North".split(","),
    ..."Germany West Central,Italy North,North Europe,Norway East,Norway West,Poland Central".split(","),
    ..."Spain Central,Sweden Central,Sweden South,Switzerland North,Switzerland West".split(","),
    ..."UK South,UK West,West Europe".split(","),
  ],
  "Middle East": ["Israel Central", "Qatar Central", "UAE Central", "UAE North"],
  Africa: ["South Africa North", "South Africa West"],
  "Asia Pacific": [
    ..."Australia Central,Australia Central 2,Australia East,Australia Southeast,Central India".split(","),
    ..."East Asia,Indonesia Central,Japan East,Japan West,Korea Central,Korea South".split(","),
    ..."Malaysia West,New Zealand North,South India,Southeast Asia,West India".split(","),
  ],
};

export const REGIONS: readonly Region[] = Object.entries(BY_GEOGRAPHY).flatMap(([geographyGroup, names]) =>
  names.map((displayName) => ({
    name: displayName.replaceAll(" ", "").toLowerCase(),
    displayName,
    geographyGroup,
  })),
);

/** The location that the documentation's addresses have: no region. Each account answers under it too. */
export const DOCUMENTED_LOCATION = "mylocation";
