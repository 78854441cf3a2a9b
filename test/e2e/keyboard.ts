import type { Locator, Page } from "playwright-core";

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  // Attached, because a radio button that looks like a segment has no size of its own.
  await target.waitFor({ state: "attached" });
  // A dialog that is still closing keeps the focus to itself.
  for (let turns = 0; turns < 30; turns += 1) {
    for (let presses = 0; presses < 120; presses++) {
      if ((await target.and(page.locator(":focus")).count()) > 0) return;
      await page.keyboard.press("Tab");
    }
    await page.waitForTimeout(1_000);
  }
  throw new Error(`${target} is not reached with Tab`);
}

/** Reaches a button or link with Tab and presses Enter. */
export async function pressEnterOn(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}
