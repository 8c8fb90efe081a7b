import { isObject } from '../../../rules/conditions/json.ts';
import { accountKinds, contactKinds } from '../../../contract/customer.ts';
import { useTexts } from '../i18n.ts';
import { useTierName } from './tier.tsx';
import { newsChoices } from '../../../rules/news/events.ts';
import { useCustomerTexts, type CustomerText } from './texts.ts';

/** What a property of a customer, an account, a site or an asset is called. */
const names: Readonly<Record<string, readonly [zh: string, en: string] | CustomerText>> = {
  name: ['名称', 'Name'], tier: 'profile.tier', address: 'profile.address', lat: 'site.lat', lng: 'site.lng', accountId: 'profile.account', accountRole: 'profile.accountRole', language: 'profile.language', news: 'profile.news',
  tags: 'profile.tags', idNumber: 'profile.idNumber', externalId: 'profile.externalId', kind: 'account.kind', code: 'account.code', description: 'account.description', parentId: ['上级', 'Parent'],
  label: 'contact.label', value: 'contact.value', verified: 'contact.verified', preferred: 'contact.primary', contactName: 'site.contactName', scanCode: 'site.scanCode', contactPhone: 'site.contactPhone', accessNotes: 'site.accessNotes',
  model: ['型号', 'Model'], serialNumber: ['序列号', 'Serial number'], criticality: ['重要性', 'Criticality'], warrantyUntil: ['保修至', 'Warranty until'], installedOn: ['安装日期', 'Installed on'],
  preferredTechnician: ['优先派', 'Preferred'], requiredTechnician: ['只派', 'Nobody but'], bannedTechnician: ['不派', 'Not to be sent'], accessHours: ['开放时间', 'Access hours'],
  attributes: ['自定义属性', 'Properties'], siteId: ['地点', 'Site'], customerId: ['客户', 'Customer'],
};
const identifier = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A property that became another value; null where the values are ids that say nothing. */
export type ChangeWords = { property: string; before: string | null; after: string | null };

/** Says in words what a fact of a record's history changed (变更内容). */
export function useChangeWords(): (data: Readonly<Record<string, unknown>>) => ChangeWords[] {
  const { t, language } = useTexts();
  const { t: say } = useCustomerTexts();
  const tierName = useTierName();
  const spoken = language === 'en' ? 'en' : 'zh';

  function nameOf(property: string): string {
    const name = names[property];
    if (name === undefined) return property;
    return typeof name === 'string' ? say(name as 'profile.name') : name[language === 'en' ? 1 : 0];
  }
  function words(property: string, value: unknown): string | null {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return say('conflict.empty');
    if (typeof value === 'boolean') return value ? say('history.yes') : say('history.no');
    if (Array.isArray(value)) return value.join(t('common.listSeparator'));
    if (isObject(value)) return Object.entries(value).map(([key, one]) => `${key}${t('common.colon')}${JSON.stringify(one)}`).join('; ').slice(0, 300);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (identifier.test(text)) return null;
    if (property === 'tier') return tierName(text);
    if (property === 'language') return text === 'en' ? say('profile.english') : say('profile.chinese');
    if (property === 'news') return say(`profile.news.${newsChoices.find((one) => one === text) ?? 'all'}`);
    if (property === 'kind') return Object.hasOwn(accountKinds, text) ? accountKinds[text as keyof typeof accountKinds][spoken] : text;
    if (property === 'contactKind') return Object.hasOwn(contactKinds, text) ? contactKinds[text as keyof typeof contactKinds][spoken] : text;
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  }
  return (data) => {
    const [before, after] = [isObject(data['before']) ? data['before'] : {}, isObject(data['after']) ? data['after'] : {}];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((property) => {
      const [was, is] = [words(property, before[property]), words(property, after[property])];
      return { property: nameOf(property), before: was, after: is };
    });
  };
}
