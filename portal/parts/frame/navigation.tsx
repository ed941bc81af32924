/** The portal's places, at the left. */
import { Link } from "@tanstack/react-router";
import { SERVICES } from "../services.ts";

const PLACES: readonly (readonly [to: string, name: string])[] = [
  ["/", "Home"],
  ["/all-services", "All services"],
  ...SERVICES.map(({ to, name }) => [to, name] as const),
];

interface Props {
  readonly isOpen: boolean;
  readonly onChosen: () => void;
}

export function Navigation({ isOpen, onChosen }: Props) {
  return (
    <nav className="navigation" data-open={isOpen} aria-label="Services">
      <ul>
        {PLACES.map(([to, name]) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === "/" }} onClick={onChosen}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
