/** The part of Swagger 2.0 that the generators read. Prose fields are left out on purpose: none of it may be copied. */

export interface SwaggerSchema {
  readonly $ref?: string;
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly format?: string;
  readonly items?: SwaggerSchema;
  readonly properties?: Readonly<Record<string, SwaggerSchema>>;
  readonly additionalProperties?: SwaggerSchema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly "x-ms-enum"?: { readonly name: string };
  readonly "x-nullable"?: boolean;
  readonly readOnly?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly allOf?: readonly SwaggerSchema[];
}

export interface SwaggerParameter extends Omit<SwaggerSchema, "required"> {
  readonly name: string;
  readonly in: "query" | "header" | "path" | "body";
  readonly required?: boolean;
  readonly schema?: SwaggerSchema;
}

export interface SwaggerOperation {
  readonly operationId: string;
  readonly parameters?: readonly SwaggerParameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: SwaggerSchema }>>;
  readonly "x-ms-examples"?: Readonly<Record<string, { readonly $ref: string }>>;
}

type PathTable = Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;

export interface Swagger {
  readonly info: { readonly version: string };
  readonly paths: PathTable;
  readonly "x-ms-paths"?: PathTable;
  readonly definitions: Readonly<Record<string, SwaggerSchema>>;
}

const METHODS = new Set(["get", "put", "post", "patch", "delete", "head"]);

export interface LocatedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: SwaggerOperation;
}

export function operationsOf(swagger: Swagger): LocatedOperation[] {
  const found: LocatedOperation[] = [];
  for (const [path, methods] of Object.entries({ ...swagger.paths, ...swagger["x-ms-paths"] })) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!METHODS.has(method)) continue;
      found.push({ method: method.toUpperCase(), path: path.replace(/\?.*$/, ""), operation });
    }
  }
  return found;
}

/** The definition a schema points to, or undefined for an inline one. */
export function referredName(schema: SwaggerSchema | undefined): string | undefined {
  return schema?.$ref?.replace(/^.*#\/definitions\//, "");
}
