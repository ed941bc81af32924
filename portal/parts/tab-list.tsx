/** Views of one thing, of which one is shown; the address says which. */
import { Button } from "react-aria-components/Button";

interface Props {
  readonly label: string;
  readonly tabs: readonly (readonly [id: string, name: string])[];
  readonly chosen: string;
  onChoose(id: string): void;
}

export function TabList({ label, tabs, chosen, onChoose }: Props) {
  return (
    <nav aria-label={label}>
      <ul className="tab-list">
        {tabs.map(([id, name]) => (
          <li key={id}>
            <Button
              className="tab"
              aria-current={id === chosen ? "page" : false}
              onPress={() => onChoose(id)}
            >
              {name}
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
