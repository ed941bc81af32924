/** Something that can be done. Where the user may not, it is grey and says which permission is missing and which role would give it. */
import { Button } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { type Missing, missingReason } from "./may.ts";

interface Props {
  readonly name: string;
  onPress(): void;
  readonly missing?: Missing;
  /** Nothing is selected, or it is being done. */
  readonly isDisabled?: boolean;
  readonly isPrimary?: boolean;
  readonly isDangerous?: boolean;
}

export function ActionButton({ name, onPress, missing, isDisabled = false, isPrimary, isDangerous }: Props) {
  const look = ["button", isPrimary && "primary", isDangerous && "dangerous"].filter(Boolean).join(" ");
  if (missing === undefined)
    return (
      <Button className={look} isDisabled={isDisabled} onPress={onPress}>
        {name}
      </Button>
    );
  // Not disabled for the browser: who comes here by keyboard is to hear why.
  return (
    <TooltipTrigger delay={200}>
      <Button
        className={`${look} not-allowed`}
        aria-disabled="true"
        aria-label={`${name}. ${missingReason(missing)}`}
      >
        {name}
      </Button>
      <Tooltip className="tooltip">{missingReason(missing)}</Tooltip>
    </TooltipTrigger>
  );
}
