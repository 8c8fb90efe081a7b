import { Button, Input, Select, Switch } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useRef, useState } from 'react';
import { newsLimits, type NewsPlan, type NewsSettings } from '../../../contract/news.ts';
import { newsReaches, type NewsEvent, type NewsReach } from '../../../rules/news/events.ts';
import { fillNews, newsVariables, standardNews, unknownNewsVariables, type NewsVariable } from '../../../rules/news/words.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { useNewsChange } from './data.ts';
import { aboutTexts, eventTexts, reachTexts, useNewsTexts } from './texts.ts';
import styles from './news.module.css';

type Words = Pick<NewsPlan['events'][NewsEvent], 'zh' | 'en'>;
type Language = keyof Words;

const samples: Record<Language, Record<NewsVariable, string>> = {
  zh: { name: '王女士', 'ticket.number': '20261122-00042', 'ticket.subject': '厨房水管漏水', technician: '李师傅', window: '11月23日周一 09:00–10:00', resolution: '更换了角阀，试水不漏', reason: '重复报修', organization: '安居里物业', link: 'https://…/t/…' },
  en: { name: 'Ms Wang', 'ticket.number': '20261122-00042', 'ticket.subject': 'Leak in the kitchen', technician: 'Mr Li', window: 'Mon 23 November 09:00–10:00', resolution: 'Valve replaced, tight', reason: 'Reported twice', organization: 'Anjuli', link: 'https://…/t/…' },
};

/** One step that customers may be told of: whether, how far, and in which words. */
export function EventLine({ event, settings }: { event: NewsEvent; settings: NewsSettings }) {
  const { t } = useNewsTexts();
  const change = useNewsChange(settings.version);
  const [open, setOpen] = useState(false);
  const plan = settings.events[event];
  const put = (part: Partial<typeof plan>): void => change.mutate({ events: { [event]: { ...plan, ...part } } });
  const name = t(eventTexts[event]);
  return (
    <li className={styles.event}>
      <div className={styles.row}>
        <Switch aria-label={name} checked={plan.told} loading={change.isPending && change.variables.events?.[event]?.told !== plan.told} onChange={(told) => put({ told })} />
        <div className={styles.name}>
          <span><b>{name}</b>{(plan.zh !== '' || plan.en !== '') && <> <Badge tone="accent">{t('words.own')}</Badge></>}</span>
          <span className={styles.muted}>{t(aboutTexts[event])}</span>
        </div>
        {plan.told && (
          <>
            <Select<NewsReach> className={styles.reach} value={plan.reach} aria-label={`${name}: ${t('reach')}`} options={newsReaches.map((value) => ({ value, label: t(reachTexts[value]) }))} onChange={(reach) => put({ reach })} />
            <Button aria-expanded={open} icon={<Icon name="edit" size={14} />} onClick={() => setOpen(!open)}>{t('words')}</Button>
          </>
        )}
      </div>
      {open && plan.told && <WordsEditor key={settings.version} event={event} words={plan} busy={change.isPending} onSave={(words) => put(words)} />}
    </li>
  );
}

function WordsEditor({ event, words, busy, onSave }: { event: NewsEvent; words: Words; busy: boolean; onSave: (words: Words) => void }) {
  const { t } = useNewsTexts();
  const { language } = useTexts();
  const [typed, setTyped] = useState<Words>({ zh: words.zh, en: words.en });
  const [into, setInto] = useState<Language>(language === 'en' ? 'en' : 'zh');
  const fields = { zh: useRef<TextAreaRef>(null), en: useRef<TextAreaRef>(null) };
  const shown = typed[into] || standardNews[event][into];
  const unknown = unknownNewsVariables(`${typed.zh} ${typed.en}`);
  const isBroken = [typed.zh, typed.en].some((text) => /\{\{|\}\}/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, '')));
  function insert(variable: NewsVariable): void {
    const field = fields[into].current?.resizableTextArea?.textArea;
    const text = typed[into];
    const at = field?.selectionStart ?? text.length;
    setTyped({ ...typed, [into]: `${text.slice(0, at)}{{${variable}}}${text.slice(field?.selectionEnd ?? at)}` });
    field?.focus();
  }
  return (
    <div className={styles.words}>
      {(['zh', 'en'] as const).map((one) => (
        <label key={one} className={styles.field}>
          <span>{t(`words.${one}`)}</span>
          <Input.TextArea ref={fields[one]} lang={one} value={typed[one]} placeholder={standardNews[event][one]} maxLength={newsLimits.words} autoSize={{ minRows: 3, maxRows: 8 }} onFocus={() => setInto(one)} onChange={({ target }) => setTyped({ ...typed, [one]: target.value })} />
        </label>
      ))}
      <div className={`${styles.variables} ${styles.wide}`}>
        <span className={styles.muted}>{t('words.variables')}</span>
        {(Object.keys(newsVariables) as NewsVariable[]).map((name) => <Button key={name} size="small" onClick={() => insert(name)}>{newsVariables[name][language === 'en' ? 'en' : 'zh']}</Button>)}
      </div>
      <div className={`${styles.field} ${styles.wide}`}>
        <span className={styles.muted}>{t('words.preview')}</span>
        <div className={styles.preview} lang={into}>{fillNews(shown, samples[into])}</div>
        {unknown.length > 0 && <span className={styles.problem} role="alert">{t('words.unknown', { names: unknown.join('、') })}</span>}
        {isBroken && <span className={styles.problem} role="alert">{t('words.halfOpen')}</span>}
        <span className={styles.muted}>{t('words.hint')}</span>
      </div>
      <div className={`${styles.row} ${styles.wide}`}>
        <Button type="primary" loading={busy} disabled={unknown.length > 0 || isBroken || (typed.zh === words.zh && typed.en === words.en)} onClick={() => onSave({ zh: typed.zh.trim(), en: typed.en.trim() })}>{t('words.save')}</Button>
        {(words.zh !== '' || words.en !== '') && <Button onClick={() => onSave({ zh: '', en: '' })}>{t('words.reset')}</Button>}
      </div>
    </div>
  );
}
