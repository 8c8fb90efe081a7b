import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/**
 * What axe-core finds wrong on a page by WCAG 2.2 A and AA, as far as it is serious or critical (无障碍检查): one line for
 * each rule and place. It is handed to the page by the debugger, past the content security policy.
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Half a megabyte that the page has to read: once for each document.
  if (!(await page.evaluate<boolean>("typeof axe !== 'undefined'"))) await page.evaluate(axe.source);
  // Colours that are still fading from one theme to the other are nobody's; what turns for ever is left turning.
  await page.evaluate("document.getAnimations().forEach((one) => { if (Number.isFinite(one.effect?.getComputedTiming().endTime)) one.finish(); })");
  const violations = await page.evaluate<Violation[]>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }).then((result) => result.violations)",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}
