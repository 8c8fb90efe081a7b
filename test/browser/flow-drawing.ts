import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { TestBrowser, TestPage } from '../support/browser.ts';
import { eventually, patience } from './eventually.ts';

/** How an administrator draws a flow in the designer: by dragging steps and arrows, and by the panel beside them. */

export async function signIn(page: TestPage, person: string): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

/** The designer of a new flow, its canvas cleared. */
export async function newFlow(chromium: TestBrowser, baseURL: string, name: string): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL, viewport: 'desktop' });
  page.setDefaultTimeout(patience);
  await page.goto('/settings/flows');
  await signIn(page, 'administrator');
  await page.getByRole('button', { name: '新建流程' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('名称', { exact: true }).fill(name);
  await drawer.getByRole('button', { name: '新建', exact: true }).click();
  await page.locator('.react-flow__node').first().waitFor();
  await page.locator('[data-node="start"]').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.getByText('从左侧拖入节点开始').waitFor();
  return page;
}

const nodes = (page: TestPage): Locator => page.locator('.react-flow__node');
const edges = (page: TestPage): Locator => page.locator('.react-flow__edge');
export const card = (page: TestPage, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
const side = (page: TestPage): Locator => page.locator('aside');

/** Waits until the canvas holds so many steps. */
export const steps = (page: TestPage, count: number, what: string): Promise<void> => eventually(async () => (await nodes(page).count()) === count, what);

/** Drags a step from the palette to a place on the canvas, and calls it something. */
export async function drop(page: TestPage, kind: string, x: number, y: number, name?: string): Promise<void> {
  const before = await nodes(page).count();
  await page.getByRole('navigation', { name: '节点' }).getByRole('button', { name: kind, exact: true }).dragTo(page.locator('.react-flow'), { targetPosition: { x, y } });
  await steps(page, before + 1, `${kind} on the canvas`);
  if (name !== undefined) await side(page).getByLabel('名称', { exact: true }).fill(name);
}

/** Draws an arrow by dragging from the dot below one step to the dot above another. */
export async function draw(page: TestPage, from: string, to: string): Promise<void> {
  const before = await edges(page).count();
  await card(page, from).hover();
  const [foot, head] = [await card(page, from).locator('.react-flow__handle.source').last().boundingBox(), await card(page, to).locator('.react-flow__handle.target').boundingBox()];
  assert.ok(foot !== null && head !== null);
  await page.mouse.move(foot.x + foot.width / 2, foot.y + foot.height / 2);
  await page.mouse.down();
  await page.mouse.move((foot.x + head.x) / 2, (foot.y + head.y) / 2, { steps: 4 });
  await page.mouse.move(head.x + head.width / 2, head.y + head.height / 2, { steps: 4 });
  await page.mouse.up();
  await eventually(async () => (await edges(page).count()) === before + 1, `an arrow from ${from} to ${to}`);
}

/** Makes room for a wide flow. */
export async function zoomOut(page: TestPage): Promise<void> {
  for (const percent of ['83%', '69%']) {
    await page.getByRole('button', { name: '缩小' }).click();
    await page.getByText(percent, { exact: true }).waitFor();
  }
}

/** Opens a step by the outline. */
export async function choose(page: TestPage, id: string): Promise<void> {
  await page.locator(`[data-node="${id}"]`).click();
  await page.locator(`[data-node="${id}"][aria-current="true"]`).waitFor();
}

/** Chooses from the list that is open. */
export const pick = (page: TestPage, title: string): Promise<void> => page.locator('.ant-select-dropdown:visible').getByTitle(title, { exact: true }).click();

/** Lets these colleagues act, nobody else. */
export async function assign(page: TestPage, id: string, ...people: string[]): Promise<void> {
  await choose(page, id);
  const remove = side(page).getByRole('button', { name: '移除处理人' });
  while (await remove.count() > 0) await remove.first().click();
  for (const [index, person] of people.entries()) {
    await side(page).getByRole('button', { name: '人员', exact: true }).click();
    await side(page).getByLabel('选择人员').nth(index).click();
    await pick(page, `${person} first`);
    await page.locator('.ant-select-dropdown:visible').waitFor({ state: 'detached' });
  }
  await card(page, id).getByText(`${people[0]!} first`).waitFor();
}

/** Sets the status the ticket gets at a step. */
export async function setStatus(page: TestPage, id: string, status: string): Promise<void> {
  await choose(page, id);
  const control = side(page).getByLabel('进入时把工单改为');
  if (!(await control.isVisible())) await side(page).getByText('工单状态', { exact: true }).click();
  await control.click();
  await pick(page, status);
}

/** Gives a step named ways to finish, each a button. */
export async function setOutcomes(page: TestPage, id: string, ...names: string[]): Promise<void> {
  await choose(page, id);
  const add = side(page).getByRole('button', { name: '添加结果' });
  if (!(await add.isVisible())) await side(page).getByText('处理结果', { exact: true }).first().click();
  for (const [index, name] of names.entries()) {
    await add.click();
    await side(page).getByLabel('结果名称').nth(index).fill(name);
  }
}

/** Says with which outcome of a step an arrow is taken. */
export async function takeWhen(page: TestPage, from: string, to: string, outcome: string): Promise<void> {
  await choose(page, from);
  await side(page).getByRole('button', { name: to }).first().click();
  await side(page).getByLabel('处理结果', { exact: true }).click();
  await pick(page, outcome);
}

/** Asks for a field of the ticket's form at a step, which has to be filled in. */
export async function askFor(page: TestPage, id: string, field: string): Promise<void> {
  await choose(page, id);
  const control = side(page).getByLabel('添加字段');
  if (!(await control.isVisible())) await side(page).getByText('填写内容', { exact: true }).click();
  await control.click();
  await pick(page, field);
  await side(page).getByLabel(`${field} 的填写方式`).click();
  await pick(page, '必填');
}

/** Lets the tickets of a type go through the flow. */
export async function link(page: TestPage, type: string): Promise<void> {
  await side(page).getByRole('button', { name: '整个流程' }).click();
  await side(page).getByLabel('工单类型').click();
  await page.locator('.ant-select-dropdown:visible').getByTitle(type).click();
  await side(page).locator('.ant-select-selection-item, .ant-select-content-item').getByText(type).first().waitFor();
  await page.keyboard.press('Escape');
}

/** Waits until all is kept and nothing is found to be wrong, and publishes. */
export async function publish(page: TestPage, note: string): Promise<void> {
  await page.getByText('没有问题').waitFor();
  await page.getByText('草稿已保存').waitFor();
  await page.getByRole('button', { name: '发布', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(note);
  await dialog.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('与版本 1 一致').waitFor();
}
