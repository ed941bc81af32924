/** The places of one resource: beside the page, or in one line above it where there is no room, with the place that is shown in sight. */
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

interface Props {
  readonly label: string;
  /** The resource's own address. */
  readonly base: string;
  readonly places: readonly (readonly [path: string, name: string])[];
  /** Whether pages below a place are the place's too. */
  readonly isDeep?: boolean;
}

export function ResourceMenu({ label, base, places, isDeep = false }: Props) {
  const menu = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another place
  useEffect(() => {
    menu.current
      ?.querySelector("[aria-current=page]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  return (
    <nav className="resource-menu" aria-label={label} ref={menu}>
      <ul>
        {places.map(([path, name]) => (
          <li key={name}>
            <Link to={base + path} activeOptions={{ exact: !isDeep || path === "", includeSearch: false }}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
