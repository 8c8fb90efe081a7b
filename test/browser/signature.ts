import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Draws a curve on the signature field, again until the pad has taken it: it may not have been listening yet. */
export async function sign(page: Page): Promise<void> {
  const canvas = page.locator('.signature-canvas');
  await canvas.waitFor();
  const taken = page.locator('.signature-clear');
  for (let attempt = 0; attempt < 10 && !(await taken.isVisible()); attempt += 1) {
    await canvas.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = await canvas.boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + 60, box.y + 110);
    await page.mouse.down();
    for (let at = 0; at < 30; at += 1) await page.mouse.move(box.x + 60 + at * 6, box.y + 110 + 50 * Math.sin(at / 3));
    await page.mouse.up();
  }
  await taken.waitFor();
}
