/** The two scripts that pages have. Without scripts there are a button and a link. */
import type { Endpoint } from "./endpoint.ts";

export const FORM_POST_SCRIPT_PATH = "oauth2/form-post.js";
export const SIGNED_OUT_SCRIPT_PATH = "oauth2/signed-out.js";

/** Sends the form that carries the answer on. */
export const formPostScript = script(FORM_POST_SCRIPT_PATH, `document.getElementById("answer").submit();\n`);

/** Goes on once all frames have loaded, or after some seconds: an application may be away. */
export const signedOutScript = script(
  SIGNED_OUT_SCRIPT_PATH,
  `const onward = () => location.replace(document.getElementById("onward").href);
addEventListener("load", onward);
setTimeout(onward, 5000);
`,
);

function script(path: string, text: string): Endpoint {
  return {
    methods: ["GET"],
    paths: [path],
    isPage: true,
    handle({ exchange }) {
      const headers = ["content-type", "text/javascript; charset=utf-8", "x-content-type-options", "nosniff"];
      exchange.reply(200, [...headers, "cache-control", "max-age=86400"], text);
    },
  };
}
