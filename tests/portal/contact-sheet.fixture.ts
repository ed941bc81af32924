/** Several pictures of one page side by side in one picture, so that a person looks at one file a page. */
import type { BrowserContext } from "playwright-core";

export interface Picture {
  readonly png: Buffer;
  /** As wide as the picture stands on the sheet, in pixels. */
  readonly width: number;
}

/**
 * @param rows pictures that stand beside each other
 * @returns a PNG
 */
export async function contactSheet(
  context: BrowserContext,
  title: string,
  rows: readonly (readonly Picture[])[],
): Promise<Buffer> {
  const sheet = await context.newPage();
  try {
    const drawn = rows.map((row) => `<div>${row.map(imageOf).join("")}</div>`).join("");
    await sheet.setContent(`${STYLE}<p></p><main>${drawn}</main>`);
    await sheet.locator("p").evaluate((heading, text) => {
      heading.textContent = text;
    }, title);
    await sheet.evaluate("Promise.all([...document.images].map((image) => image.decode()))");
    return await sheet.locator("body").screenshot();
  } finally {
    await sheet.close();
  }
}

const STYLE = `<style>
body { width: max-content; margin: 0; padding: 8px; background: #888; font: 18px monospace }
p { margin: 0 0 8px } div { display: flex; gap: 8px; align-items: start; margin-bottom: 8px }
</style>`;

const imageOf = ({ png, width }: Picture): string =>
  `<img width="${width}" src="data:image/png;base64,${png.toString("base64")}">`;
