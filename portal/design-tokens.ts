/**
 * Fluent's design tokens as a style sheet, made when the portal is built: the names and values that Azure's users know, light and dark,
 * without the package's code in the browser.
 */
import { webDarkTheme, webLightTheme } from "@fluentui/tokens";
import type { Plugin } from "vite";

const NAME = "virtual:design-tokens.css";

/** Those the sheets use; all of them would be 40 kB. */
const USED =
  /^(colorNeutral|colorBrand|colorSubtle|colorStatus|colorPalette(Red|Green|Yellow|Marigold|Blue|Berry|Teal|Purple|DarkOrange)|colorStroke|colorCompound|shadow|borderRadius|fontFamily|fontSize|fontWeight|lineHeight)/;

export function designTokens(): Plugin {
  return {
    name: "design-tokens",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? styleSheet() : undefined),
  };
}

function styleSheet(): string {
  const light = declarations(webLightTheme);
  const dark = declarations(webDarkTheme);
  return [
    `:root{color-scheme:light;${light}}`,
    `:root[data-theme=dark]{color-scheme:dark;${dark}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}`,
  ].join("\n");
}

function declarations(theme: object): string {
  return Object.entries(theme)
    .filter(([name]) => USED.test(name))
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");
}
