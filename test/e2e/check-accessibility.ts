import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";

const widths = [1440, 375] as const;
// Between the schemes only colours differ, so the rest is asked once.
const colourRules = ["color-contrast", "link-in-text-block"] as const;
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Opens each address in dark and light and at both widths, and fails with what axe (https://github.com/dequelabs/axe-core) objects to, or
 * when a page is wider than the window.
 */
export async function checkAccessibility(page: Page, addresses: readonly string[]): Promise<void> {
  const found: string[] = [];
  for (const address of addresses) {
    for (const width of widths) {
      await visit(page, address, width);
      found.push(...(await examine(page, `${address} at ${width}`)));
    }
  }
  assert.deepEqual(found, []);
}

/** Something that opens over a page: a dialog, a drawer, a menu. */
export type Opening = {
  readonly address: string;
  /** Does what opens it, at either width, and says what is open then. */
  readonly open: (page: Page) => Promise<Locator>;
};

/** The same for what opens over pages; the pages themselves are checked by themselves. */
export async function checkOpened(page: Page, openings: readonly Opening[]): Promise<void> {
  const found: string[] = [];
  for (const { address, open } of openings) {
    for (const width of widths) {
      await visit(page, address, width);
      const opened = await open(page);
      const where = `${address}, ${opened} at ${width}`;
      await opened.waitFor();
      await opened.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached" });
      found.push(...(await examine(page, where, "[role=dialog], [role=menu]")));
      const box = await opened.boundingBox();
      if (box !== null && (box.x < -1 || box.x + box.width > width + 1)) found.push(`${where}: not within the window`);
    }
  }
  assert.deepEqual(found, []);
}

async function visit(page: Page, address: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.goto(address);
  await page.locator("main h1").waitFor();
  await page.locator("main .mantine-Skeleton-root").first().waitFor({ state: "detached" });
}

/** What is wrong with the page as it stands, or with a part of it, in both schemes. */
async function examine(page: Page, place: string, part?: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const where = `${place} in ${colorScheme}`;
    // Without frames of other origins; the other mode opens a window for each answer.
    const all = new AxeBuilder({ page }).setLegacyMode(true);
    // Mantine's menus take the focus with an element that is no entry, until an arrow key chooses one.
    const axe = part === undefined ? all : all.include(part);
    const rules = part === undefined ? {} : { rules: { "aria-required-children": { enabled: false } } };
    const { violations } = await (colorScheme === "light"
      ? axe.options({ ...rules, runOnly: { type: "tag", values: tags } })
      : axe.withRules([...colourRules])
    ).analyze();
    found.push(
      ...violations.map(
        ({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("; ")}`,
      ),
    );
    const over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if (Number(over) > 0) found.push(`${where}: ${over} pixels wider than the window`);
  }
  return found;
}
