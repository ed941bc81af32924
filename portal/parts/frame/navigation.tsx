/** The portal's places, at the left. */
import { Link } from "@tanstack/react-router";

export const PLACES = [
  ["/", "Home"],
  ["/all-services", "All services"],
  ["/accounts", "Batch accounts"],
] as const;

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
