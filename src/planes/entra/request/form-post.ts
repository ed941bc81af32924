/** The one script that a page has: it sends the form that carries the answer on. Without scripts there is a button. */
import type { Endpoint } from "./endpoint.ts";

export const FORM_POST_SCRIPT_PATH = "oauth2/form-post.js";

const SCRIPT = `document.getElementById("answer").submit();\n`;

export const formPostScript: Endpoint = {
  methods: ["GET"],
  paths: [FORM_POST_SCRIPT_PATH],
  isPage: true,
  handle({ exchange }) {
    const headers = ["content-type", "text/javascript; charset=utf-8", "x-content-type-options", "nosniff"];
    exchange.reply(200, [...headers, "cache-control", "max-age=86400"], SCRIPT);
  },
};
