/** Finds applications, accounts, pools and jobs by id or name; `/` leads to it. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { type Found, searchAll } from "../../api/search.ts";

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
      aria-label="Search applications, accounts, pools and jobs"
      items={data}
      inputValue={text}
      onInputChange={setText}
      allowsEmptyCollection={words.length > 1}
      selectedKey={null}
      onSelectionChange={(key) => {
        const found = data.find(({ to }) => to === key);
        if (found === undefined) return;
        setText("");
        void navigate({ to: found.to });
      }}
      menuTrigger="input"
    >
      <Input ref={input} className="search-input" placeholder="Search by name or id ( / )" maxLength={200} />
      <Popover className="popover search-results">
        <ListBox
          className="list-box"
          renderEmptyState={() => <p className="nothing">Nothing is named so.</p>}
        >
          {({ to, name, kind }: Found) => (
            <ListBoxItem id={to} className="list-item" textValue={name}>
              <span>{name}</span>
              <span className="kind">{kind}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
