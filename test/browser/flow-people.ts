import assert from 'node:assert/strict';
import type { TestBrowser, TestPage } from '../support/browser.ts';
import { patience } from './eventually.ts';
import { pick, signIn } from './flow-drawing.ts';

/** The people of a process, each signed in on a page of their own, who do what waits for them. */
export interface People {
  /** Reports something of a ticket type in the console; the ticket's number. */
  report: (person: string, type: string, subject: string, fields?: Record<string, string>) => Promise<string>;
  /**
   * Finds a task in somebody's list, goes on to its ticket, and presses a button of the task; fills in what the dialog
   * asks for, where there is one, and waits until it is no longer theirs to do.
   */
  act: (person: string, ticket: string, task: string, button: string, answers?: { fields?: Record<string, string>; outcome?: string; comment?: string }) => Promise<void>;
  /** The page of a person, on the ticket. */
  open: (person: string, ticket: string) => Promise<TestPage>;
  /** The same, once the page shows that the flow has ended. */
  ended: (person: string, ticket: string) => Promise<TestPage>;
  page: (person: string) => Promise<TestPage>;
  /** What the pages complained about. */
  complaints: () => string[];
}

export function peopleOf(chromium: TestBrowser, baseURL: string): People {
  const pages = new Map<string, TestPage>();

  async function page(person: string): Promise<TestPage> {
    const there = pages.get(person);
    if (there) return there;
    const made = await chromium.newPage({ baseURL, viewport: 'desktop' });
    made.setDefaultTimeout(patience);
    pages.set(person, made);
    await made.goto('/tasks');
    await signIn(made, person);
    await made.getByRole('heading', { name: '我的任务' }).waitFor();
    return made;
  }

  async function open(person: string, ticket: string): Promise<TestPage> {
    const mine = await page(person);
    await mine.goto(`/tickets/${ticket}`);
    await mine.getByRole('region', { name: '流程' }).waitFor();
    return mine;
  }

  return {
    page, open,
    async ended(person, ticket) {
      const mine = await open(person, ticket);
      await mine.getByRole('region', { name: '流程' }).getByText('流程已完成').waitFor();
      return mine;
    },
    complaints: () => [...pages.values()].flatMap((one) => one.complaints),
    async report(person, type, subject, fields = {}) {
      const mine = await page(person);
      await mine.goto('/queue?view=all');
      await mine.getByRole('button', { name: '新建工单' }).first().click();
      const drawer = mine.getByRole('dialog');
      await drawer.locator('#ticket-type').click();
      await pick(mine, type);
      await drawer.locator('#ticket-subject').fill(subject);
      for (const [key, value] of Object.entries(fields)) await drawer.locator(`#field-${key}`).fill(value);
      const answered = mine.waitForResponse((response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/api/v1/tickets');
      await drawer.getByRole('button', { name: '创建工单' }).click();
      const made = await answered;
      assert.equal(made.status(), 201, await made.text());
      await drawer.waitFor({ state: 'detached' });
      return ((await made.json()) as { number: string }).number;
    },
    async act(person, ticket, task, button, { fields = {}, outcome, comment } = {}) {
      const mine = await page(person);
      await mine.goto('/tasks');
      await mine.getByRole('listitem').filter({ hasText: ticket }).filter({ hasText: task }).getByRole('link').click();
      const asked = mine.getByRole('region', { name: '流程' }).getByRole('group', { name: task, exact: true }).getByRole('button', { name: button, exact: true });
      await asked.click();
      if (Object.keys(fields).length > 0 || outcome !== undefined || comment !== undefined) {
        const dialog = mine.getByRole('dialog');
        for (const [key, value] of Object.entries(fields)) await dialog.locator(`#field-${key}`).fill(value);
        if (outcome !== undefined) await dialog.getByRole('radio', { name: outcome }).check();
        if (comment !== undefined) await dialog.getByLabel('说明', { exact: true }).fill(comment);
        await dialog.getByRole('button', { name: button, exact: true }).click();
        await dialog.waitFor({ state: 'detached' });
      }
      await asked.waitFor({ state: 'detached' });
    },
  };
}
