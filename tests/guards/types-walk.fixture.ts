/** The types of management by api-version, as `types/Batch.json` beside the API descriptions has them. */
import { readJson } from "../../tools/specs-folder.ts";

export interface TypeProperty {
  readonly type?: string;
  readonly flags?: string;
  readonly enum?: readonly string[] | { readonly open?: boolean };
  readonly model?: string;
  readonly items?: TypeProperty;
  readonly min?: number;
}

interface Types {
  readonly resources: Readonly<Record<string, readonly { readonly apiVersions: readonly string[] }[]>>;
  readonly models: Readonly<
    Record<
      string,
      readonly {
        readonly apiVersions: readonly string[];
        readonly properties: Readonly<Record<string, TypeProperty>>;
      }[]
    >
  >;
}

export type TypeModel = Readonly<Record<string, TypeProperty>>;

export class BatchTypes {
  readonly #types: Types;

  constructor(folder: string) {
    this.#types = readJson<Types>(folder, "types/Batch.json");
  }

  versionsOf(resource: string): readonly string[] {
    return this.#types.resources[resource]?.flatMap(({ apiVersions }) => apiVersions) ?? [];
  }

  /** Undefined where the api-version has no such model. */
  model(name: string, version: string): TypeModel | undefined {
    return this.#types.models[name]?.find(({ apiVersions }) => apiVersions.includes(version))?.properties;
  }
}

export const isReadOnly = ({ flags = "" }: TypeProperty): boolean => flags.split(" ").includes("readOnly");
export const isWriteOnly = ({ flags = "" }: TypeProperty): boolean => flags.split(" ").includes("writeOnly");
export const modelOf = ({ model, items }: TypeProperty): string | undefined => model ?? items?.model;
