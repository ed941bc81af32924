/** A line or a field of text to be filled in. */
import { useId } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField } from "react-aria-components/TextField";

interface Props {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  readonly description?: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isLong?: boolean;
  /** A long one of a few lines. */
  readonly isLow?: boolean;
  readonly isFirst?: boolean;
  readonly type?: "text" | "number" | "password" | "url";
  /** Offered; anything else may be typed, too. */
  readonly list?: readonly string[] | undefined;
}

export function TextBox(props: Props) {
  const {
    label,
    value,
    onChange,
    description,
    placeholder = "",
    isRequired,
    isLong,
    isLow = false,
    isFirst,
    type = "text",
    list,
  } = props;
  const listId = useId();
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isRequired={isRequired ?? false}
      autoFocus={isFirst ?? false}
      type={type}
    >
      <Label className="label">{label}</Label>
      {isLong ? (
        <TextArea className="text-area" data-low={isLow} placeholder={placeholder} spellCheck={false} />
      ) : (
        <Input
          className="input"
          placeholder={placeholder}
          autoComplete="off"
          {...(list && { list: listId })}
        />
      )}
      {list && (
        <datalist id={listId}>
          {list.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {description && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      <FieldError className="description" />
    </TextField>
  );
}
