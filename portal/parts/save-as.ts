/** Saves what the service sent as a file on the user's machine. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  // As bytes: whatever it is, the browser shows none of it as a page of this origin.
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
