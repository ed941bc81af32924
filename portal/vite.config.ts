/** How the portal becomes files: hashed names below /portal/assets, nothing inline, texts of the parts in English alone. */
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import { defineConfig } from "vite";
import { designTokens } from "./design-tokens.ts";

/* Built by tools/build-portal.ts, which says where to. */
export default defineConfig({
  base: "/portal/",
  plugins: [designTokens(), optimizeLocales.rollup({ locales: ["en-US"] })],
  build: {
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" means something to servers that render React, and nothing here.
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});
