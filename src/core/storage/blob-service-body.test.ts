import { expect, test } from "vitest";
import { blobServiceBodyOf, requireNothingSet, servicePropertiesXml } from "./blob-service-body.ts";

const rule = {
  allowedOrigins: ["https://a.example"],
  allowedMethods: ["get"],
  allowedHeaders: ["x-<1>"],
  exposedHeaders: [],
  maxAgeInSeconds: 5,
};
const of = (properties: object) => blobServiceBodyOf({ properties });

test("rules for scripts become the service's own document", () => {
  const body = of({ cors: { corsRules: [rule] }, deleteRetentionPolicy: { enabled: false } });
  expect(servicePropertiesXml(body)).toContain(
    "<Cors><CorsRule><AllowedOrigins>https://a.example</AllowedOrigins><AllowedMethods>GET</AllowedMethods><AllowedHeaders>x-&lt;1&gt;</AllowedHeaders>",
  );
});

test("what is not said of the service stays as it is", () => {
  expect(servicePropertiesXml(of({}))).not.toMatch(/Cors|Default/);
  expect(servicePropertiesXml(of({ cors: { corsRules: [] } }))).toContain("<Cors></Cors>");
});

test.each([
  ["deleteRetentionPolicy.enabled", { deleteRetentionPolicy: { enabled: true, days: 7 } }],
  ["containerDeleteRetentionPolicy.enabled", { containerDeleteRetentionPolicy: { enabled: true } }],
  ["isVersioningEnabled", { isVersioningEnabled: true }],
  ["changeFeed.enabled", { changeFeed: { enabled: true } }],
  ["restorePolicy.enabled", { restorePolicy: { enabled: true, days: 1 } }],
  ["lastAccessTimeTrackingPolicy.enable", { lastAccessTimeTrackingPolicy: { enable: true } }],
  ["corsRules", { cors: { corsRules: Array(6).fill(rule) } }],
  ["corsRules[0].allowedMethods", { cors: { corsRules: [{ ...rule, allowedMethods: ["FETCH"] }] } }],
  ["corsRules[0].allowedOrigins", { cors: { corsRules: [{ ...rule, allowedOrigins: "*" }] } }],
  ["defaultServiceVersion", { defaultServiceVersion: "new" }],
])("%s that cannot be is refused by its name", (name, properties) => {
  expect(() => of(properties)).toThrow(name);
});

test("nothing can be set of a service that no account has", () => {
  expect(() => requireNothingSet({ properties: { cors: { corsRules: [] } } })).not.toThrow();
  expect(() => requireNothingSet({ properties: { cors: { corsRules: [rule] } } })).toThrow("properties.cors");
});
