/** Around every page: the bar at the top, the navigation at the left, and what there is to say about the service as a whole. */
import { useIsFetching } from "@tanstack/react-query";
import { Outlet, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Icon } from "../icon.tsx";
import { Navigation } from "./navigation.tsx";
import { ServiceBanner } from "./service-banner.tsx";

// What opens on demand comes after the first page.
const SearchBox = lazy(() => import("./search-box.tsx"));
const Notifications = lazy(() => import("./notifications.tsx"));
const AccountMenu = lazy(() => import("./account-menu.tsx"));

export function Frame() {
  const { user } = useRouter().options.context;
  const [isOpen, setOpen] = useState(false);
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const waiting = setTimeout(() => setIdle(true));
    return () => clearTimeout(waiting);
  }, []);
  // What is only looked at again is there already.
  const isLoading = useIsFetching({ predicate: ({ state }) => state.status === "pending" }) > 0;
  return (
    <div className="frame">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="top-bar">
        <Button
          className="top-button menu-button"
          aria-label="Navigation"
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          <Icon name="menu" />
        </Button>
        <span className="product">Batchyard</span>
        <Suspense fallback={<span className="search-box" />}>
          {isIdle ? <SearchBox /> : <span className="search-box" />}
        </Suspense>
        <Suspense fallback={<span className="account-name">{user.username}</span>}>
          {isIdle && (
            <>
              <Notifications />
              <AccountMenu user={user} />
            </>
          )}
        </Suspense>
      </header>
      <Navigation isOpen={isOpen} onChosen={() => setOpen(false)} />
      <main id="content" className="content" tabIndex={-1} aria-busy={isLoading}>
        <ServiceBanner />
        <Outlet />
      </main>
    </div>
  );
}
