import { expect, test } from "vitest";
import { parseForm, requireParameter } from "./form.ts";

test.each([
  ["", {}],
  ["a=1&b=2", { a: "1", b: "2" }],
  ["a=b=c&&d&e=", { a: "b=c", d: "", e: "" }],
  ["s=a+b%20c%2B%C3%A9", { s: "a b c+é" }],
  ["%63lient=x&bad=%zz", { client: "x", bad: "%zz" }],
  ["__proto__=x&toString=y", { ["__proto__"]: "x", toString: "y" }],
])("%s", (body, form) => {
  expect(Object.entries(parseForm(body))).toEqual(Object.entries(form));
});

test("a name given twice is refused, however it is spelt", () => {
  expect(() => parseForm("scope=a&sc%6Fpe=b")).toThrow(expect.objectContaining({ code: "AADSTS9000411" }));
});

test("an empty parameter is a missing one", () => {
  expect(() => requireParameter(parseForm("scope="), "scope")).toThrow(
    expect.objectContaining({ code: "AADSTS900144" }),
  );
  expect(() => requireParameter(parseForm(""), "toString")).toThrow();
});
