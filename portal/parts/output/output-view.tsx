/** A file's text as it grows: followed while it does, with its colours, searched, copied and saved. Only its last part is kept. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Input } from "react-aria-components/Input";
import { SearchField } from "react-aria-components/SearchField";
import type { FilePart } from "../../api/batch.ts";
import { livePause } from "../../queries.ts";
import { ActionButton } from "../action-button.tsx";
import { RefusalNotice } from "../refusal-notice.tsx";
import { saveAs } from "../save-as.ts";
import { ansiSpans } from "./ansi-text.ts";

interface Props {
  readonly name: string;
  /** @param from in bytes; negative counts from the end */
  read(from: number): Promise<FilePart>;
  content(): Promise<Blob>;
  readonly isGrowing: boolean;
}

/** Characters that are kept in the page, and bytes that are read at first. */
const KEPT = 400_000;
const FIRST_BYTES = 200_000;
/** Pixels from the end within which the reader counts as being there. */
const AT_END = 40;

export function OutputView({ name, read, content, isGrowing }: Props) {
  const { text, isCut, error } = useGrowingText(read, isGrowing);
  const [search, setSearch] = useState("");
  const place = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  const lines = useMemo(() => {
    const words = search.toLowerCase();
    if (words === "") return text;
    return text
      .split("\n")
      .filter((line) => line.toLowerCase().includes(words))
      .join("\n");
  }, [text, search]);
  const spans = useMemo(() => ansiSpans(lines), [lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the text has changed
  useEffect(() => {
    if (follows.current && place.current) place.current.scrollTop = place.current.scrollHeight;
  }, [spans]);
  const saving = useMutation({
    mutationFn: async () => saveAs(await content(), name),
  });
  return (
    <div className="section">
      <div className="section-bar">
        <SearchField
          aria-label={`Lines of ${name} with`}
          className="field"
          value={search}
          onChange={setSearch}
        >
          <Input className="input" placeholder="Lines with" maxLength={200} />
        </SearchField>
        <span className="section-actions">
          <ActionButton
            name="Jump to end"
            onPress={() => {
              follows.current = true;
              place.current?.scrollTo({ top: place.current.scrollHeight });
            }}
          />
          <ActionButton name="Download" onPress={() => saving.mutate()} />
        </span>
      </div>
      <RefusalNotice error={error ?? saving.error} />
      {isCut && <p className="kind">The beginning is not shown; the download has all of it.</p>}
      <pre
        ref={place}
        role="log"
        className="output"
        aria-label={name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it, too
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < AT_END;
        }}
      >
        {spans.map(({ text: part, look, start }) => (
          <span key={start} data-ansi={look || undefined}>
            {part}
          </span>
        ))}
        {text === "" && <span className="kind">{isGrowing ? "Nothing yet." : "It is empty."}</span>}
      </pre>
    </div>
  );
}

function useGrowingText(read: Props["read"], isGrowing: boolean) {
  const [state, setState] = useState<{ text: string; isCut: boolean; error: unknown }>({
    text: "",
    isCut: false,
    error: undefined,
  });
  const reading = useRef(read);
  reading.current = read;
  const end = useRef<number>(undefined);
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      let isMore = false;
      const startedAt = performance.now();
      try {
        if (document.visibilityState === "visible" || end.current === undefined) {
          const part = await reading.current(end.current ?? -FIRST_BYTES);
          if (isGone) return;
          end.current = part.end;
          isMore = part.end < part.size;
          setState(({ text, isCut }) => {
            const all = text + part.text;
            return {
              text: all.slice(-KEPT),
              isCut: isCut || all.length > KEPT || (text === "" && part.start > 0),
              error: undefined,
            };
          });
        }
      } catch (error) {
        if (!isGone) setState((before) => ({ ...before, error }));
      }
      // Once more after the task's end: what it wrote last came after the last look.
      if (!isGone && (isGrowing || isMore)) {
        timer = setTimeout(look, isMore ? 0 : livePause(performance.now() - startedAt));
      }
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [isGrowing]);
  return state;
}
