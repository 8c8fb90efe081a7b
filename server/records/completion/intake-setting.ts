import { IntakeSetting, UpdateIntakeSetting } from '../../../contract/completion.ts';
import { isMask } from '../../../rules/forms/text-formats.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { llmInUse } from '../llm/llm-setting.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { classifierStanding } from './classifier.ts';

export interface IntakeSettingRow { understand: boolean; ask_llm: boolean; order_masks: string[]; raw_days: number; message_days: number; call_days: number; chat_days: number; version: number }
export const standardIntake: IntakeSettingRow = { understand: true, ask_llm: true, order_masks: [], raw_days: 180, message_days: 400, call_days: 365, chat_days: 365, version: 1 };

const find = sharedStatement<object, IntakeSettingRow & { place: number }>('intake_setting.find', `
  SELECT given.place, s.* FROM json_to_recordset($2) AS given (place integer)
    CROSS JOIN (SELECT understand, ask_llm, order_masks, raw_days, message_days, call_days, chat_days, version FROM intake_setting WHERE tenant_id = $1) s`);
const lock = statement<IntakeSettingRow>('intake_setting.lock', 'SELECT understand, ask_llm, order_masks, raw_days, message_days, call_days, chat_days, version FROM intake_setting WHERE tenant_id = $1 FOR NO KEY UPDATE');

/** How an organization wants requests taken in (受理设置). */
export async function intakeSettingOf(transaction: Transaction): Promise<IntakeSettingRow> {
  const [found] = await transaction.queryTogether(find, {});
  if (!found) return standardIntake;
  const { place: _place, ...row } = found;
  return row;
}

const told = (row: IntakeSettingRow) => ({ understand: row.understand, askLlm: row.ask_llm, orderMasks: row.order_masks, rawDays: row.raw_days, messageDays: row.message_days, callDays: row.call_days, chatDays: row.chat_days });

async function view({ transaction }: Context, row: IntakeSettingRow): Promise<IntakeSetting> {
  const [standing, llm] = await Promise.all([classifierStanding(transaction), llmInUse(transaction)]);
  return { ...told(row), classifier: standing && { ...standing, learnedAt: standing.learnedAt.toISOString() }, llm: llm !== null, version: row.version };
}

export const showIntakeSetting = useCase({
  summary: 'Show how requests are taken in',
  answer: IntakeSetting,
  run: async (context) => view(context, await intakeSettingOf(context.transaction)),
});

/** Changes how requests are taken in (修改受理设置). */
export const updateIntakeSetting = useCase({
  summary: 'Change how requests are taken in',
  body: UpdateIntakeSetting,
  answer: IntakeSetting,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    // Also where there is no row yet, two who change it at once come one after the other.
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const present = (await transaction.query(lock, [tenantId]))[0];
    const row = present ?? standardIntake;
    ensureVersion(row, ifMatch);
    const wrong = body.orderMasks?.findIndex((mask) => !isMask(mask)) ?? -1;
    if (wrong >= 0) throw invalidInput(`/orderMasks/${wrong}`, 'mask', { zh: '掩码里没有要填的位置：9 数字，A 大写字母，* 字母或数字', en: 'has no place to fill in: 9 a digit, A a capital letter, * either' });
    const next: IntakeSettingRow = {
      understand: body.understand ?? row.understand, ask_llm: body.askLlm ?? row.ask_llm, order_masks: body.orderMasks ?? row.order_masks,
      raw_days: body.rawDays ?? row.raw_days, message_days: body.messageDays ?? row.message_days, call_days: body.callDays ?? row.call_days, chat_days: body.chatDays ?? row.chat_days, version: row.version + 1,
    };
    if (next.message_days < next.raw_days) throw invalidInput('/messageDays', 'minimum', { zh: '不能短于原文的保存期', en: 'cannot be less than what came is kept for' });
    const difference = differencesOf(told(row), told(next));
    if (!difference) return view(context, row);
    if (present) await transaction.run(build.updateTable('intake_setting').set({ ...next, updated_at: now }).where('tenant_id', '=', tenantId));
    else await transaction.run(build.insertInto('intake_setting').values({ tenant_id: tenantId, ...next, updated_at: now }));
    await recordFact(transaction, { kind: 'intake_setting.changed', actor: context.actor, data: difference, occurredAt: now, recordedAt: now });
    return view(context, next);
  },
});
