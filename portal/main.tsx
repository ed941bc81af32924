/** Starts the portal in the browser: signs the user in, then shows the page that the address names. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { beginSession } from "./api/session.ts";
import "virtual:design-tokens.css";
import "./main.css";
import { StartFailure } from "./parts/frame/start-failure.tsx";
import { applyTheme } from "./parts/frame/theme.ts";
import { queries } from "./queries.ts";
import { portalRouter } from "./routes.tsx";

applyTheme();
const place = document.getElementById("root");
if (place === null) throw new Error("the page has no place for the portal");
const root = createRoot(place);

try {
  const user = await beginSession();
  if (user !== undefined)
    root.render(
      <StrictMode>
        <QueryClientProvider client={queries}>
          <RouterProvider router={portalRouter(user)} />
        </QueryClientProvider>
      </StrictMode>,
    );
} catch (error) {
  root.render(<StartFailure error={error} />);
}
