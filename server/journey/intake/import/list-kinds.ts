import { Closed } from '../../../../contract/common.ts';
import { ImportKindList, ImportKindName, importKinds, type ImportKind } from '../../../../contract/import.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { csvLine } from '../../../../rules/imports/cells.ts';
import { importTargets, type Target } from '../../../../rules/imports/targets.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { stream, useCase } from '../../../platform/http/use-case.ts';
import { sendCsv } from '../../../records/import/download-result.ts';
import { configurationOf, nameIn } from '../../../records/organization/configuration.ts';
import { importHandlers } from './handlers.ts';

export const kindTitles: Readonly<Record<ImportKind, { zh: string; en: string }>> = {
  tickets: { zh: '工单', en: 'Tickets' }, customers: { zh: '客户', en: 'Customers' }, accounts: { zh: '客户单位', en: 'Accounts' }, assets: { zh: '设备', en: 'Assets' }, staff: { zh: '员工', en: 'Staff' }, hotline_cases: { zh: '热线派单', en: 'Hotline cases' },
};

/** What can be imported, and what its columns can say (导入对象与字段). */
export const listImportKinds = useCase({
  summary: 'List what can be imported and what columns can say',
  answer: ImportKindList,
  async run(context) {
    const own = await ownFields(context);
    return {
      items: importKinds.map((kind) => {
        const { permission } = importHandlers[kind];
        return { kind, title: inLanguage(context, kindTitles[kind]), targets: [...importTargets[kind].map((target) => viewTarget(context, target)), ...(kind === 'tickets' ? own : [])], permission, allowed: holds(staffOf(context), permission) };
      }),
    };
  },
});

/** An example of a file with all columns (导入模板). */
export const downloadImportTemplate = stream({
  summary: 'A template of a file to be imported, as CSV',
  params: Closed({ kind: ImportKindName }),
  produces: 'text/csv',
  async run(context, request, reply) {
    const { kind } = request.params as { kind: ImportKind };
    const { language } = context;
    const targets = importTargets[kind].filter((target) => !target.json);
    const own = kind !== 'tickets' ? [] : await context.transact(ownFields);
    const title = language === 'en' ? `${kindTitles[kind].en} template` : `${kindTitles[kind].zh}导入模板`;
    return sendCsv(reply, `${title}.csv`, `template-${kind}`)
      .send(`\ufeff${csvLine([...targets.map((target) => (language === 'en' ? target.en : target.zh)), ...own.map((target) => target.label)])}${csvLine([...targets.map((target) => target.example ?? ''), ...own.map(() => '')])}`);
  },
});

async function ownFields(context: Context) {
  const { types } = await configurationOf(context);
  const fields = new Map([...types.values()].filter((type) => type.active).flatMap((type) => type.form.fields).filter((field) => !['file', 'signature', 'formula', 'table'].includes(field.kind)).map((field) => [field.key, field]));
  return [...fields.values()].map((field) => ({ key: `fields.${field.key}`, label: nameIn(context.language, { name: field.label.zh, nameEn: field.label.en ?? null }), required: false, help: null, example: null, jsonOnly: false }));
}

function viewTarget(context: Context, target: Target) {
  return { key: target.key, label: inLanguage(context, target), required: target.required === true, help: target.help ? inLanguage(context, target.help) : null, example: target.example ?? null, jsonOnly: target.json === true };
}

const inLanguage = (context: Pick<Context, 'language'>, words: { zh: string; en: string }): string => (context.language === 'en' ? words.en : words.zh);
