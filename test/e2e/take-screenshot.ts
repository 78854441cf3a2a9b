import type { Page } from "playwright-core";

/** Opens an address, waits until nothing is loaded or moves any more, and writes what the window shows. */
export async function takeScreenshot(page: Page, address: string, path: string): Promise<void> {
  await page.goto(address);
  await page.locator("main h1").waitFor();
  await page.locator("main .mantine-Skeleton-root").first().waitFor({ state: "detached" });
  await page.waitForLoadState("networkidle");
  await page.evaluate(
    "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))",
  );
  await page.screenshot({ path });
}
