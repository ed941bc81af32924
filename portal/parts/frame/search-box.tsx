/** Finds whatever has a page, by id or name; `/` leads to it. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { type Found, searchAll } from "../../api/search.ts";
import { SERVICES } from "../services.ts";

const keyOf = ({ to, name, kind }: Found) => [to, kind, name].join(" ");

const placesNamed = (words: string): Found[] =>
  SERVICES.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase())).map(({ to, name }) => ({
    to,
    name,
    kind: "Service",
  }));

export default function SearchBox() {
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const words = text.trim();
  const { data = [] } = useQuery({
    queryKey: ["search", words],
    queryFn: () => searchAll(words),
    enabled: words.length > 1,
    placeholderData: (before: Found[] | undefined) => before,
  });
  const found = words.length > 1 ? [...placesNamed(words), ...data] : [];
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  return (
    <ComboBox
      className="search-box"
      aria-label="Search everything by name or id"
      items={found.map((each) => ({ ...each, id: keyOf(each) }))}
      inputValue={text}
      onInputChange={setText}
      allowsEmptyCollection={words.length > 1}
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = found.find((each) => keyOf(each) === key);
        if (chosen === undefined) return;
        setText("");
        void navigate({ to: chosen.to, search: chosen.text === undefined ? {} : { text: chosen.text } });
      }}
      menuTrigger="input"
    >
      <Input ref={input} className="search-input" placeholder="Search by name or id ( / )" maxLength={200} />
      <Popover className="popover search-results">
        <ListBox
          className="list-box"
          renderEmptyState={() => <p className="nothing">Nothing is named so.</p>}
        >
          {({ id, name, kind }: Found & { readonly id: string }) => (
            <ListBoxItem id={id} className="list-item" textValue={name}>
              <span>{name}</span>
              <span className="kind">{kind}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
