/** Small pictures, drawn here so that they look alike everywhere. */
const PATHS = {
  bell: "M3.5 11.5h9l-1.2-1.8V6.8a3.3 3.3 0 0 0-6.6 0v2.9L3.5 11.5ZM6.5 13.5a1.6 1.6 0 0 0 3 0",
  copy: "M5 1.5h7A1.5 1.5 0 0 1 13.5 3v8M3.5 4.5h6A1.5 1.5 0 0 1 11 6v7a1.5 1.5 0 0 1-1.5 1.5h-6A1.5 1.5 0 0 1 2 13V6a1.5 1.5 0 0 1 1.5-1.5Z",
  done: "M2.5 8.5l3.5 3.5 7.5-8",
  menu: "M2 3.5h12M2 8h12M2 12.5h12",
  open: "M3 6l5 5 5-5",
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
