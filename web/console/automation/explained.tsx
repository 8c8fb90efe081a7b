import type { Effect } from '../../../contract/automation.ts';
import type { Explained } from '../../../rules/automation/explain.ts';
import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { priorities, type Priority } from '../../../rules/ticket/lifecycle.ts';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import type { Language } from '../../ui/preferences.ts';
import { formatExact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { Icon } from '../parts/icon.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** Why conditions hold or do not (条件解释): each with the value that was found. */
export function ExplainedView({ explained, vocabulary }: { explained: Explained; vocabulary: FilterVocabulary }) {
  const { t: say, language } = useAutomationTexts();
  if ('property' in explained) {
    const { property, operator, value, found, holds, hidden } = explained;
    const test = { property, operator, ...(value === undefined ? {} : { value }) } as Filter;
    const said = hidden ? vocabulary.label(property) : describeFilter(test, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh');
    return (
      <div className={styles.test} data-holds={holds}>
        <Icon name={holds ? 'check' : 'close'} size={13} />
        <span><span className={styles.hidden}>{say(holds ? 'explained.holds' : 'explained.fails')} </span>{said} <span className={styles.found}>{hidden ? say('explained.hidden') : say('explained.found', { value: shown(found, property, vocabulary, say('explained.nothing'), language) })}</span></span>
      </div>
    );
  }
  if (explained.parts.length === 0) return <p className={styles.muted}>{say('explained.always')}</p>;
  // A list of one needs no heading.
  if (explained.parts.length === 1 && explained.mode !== 'not') return <ExplainedView explained={explained.parts[0]!} vocabulary={vocabulary} />;
  return (
    <div className={styles.explained}>
      <span className={styles.muted}>{say(`explained.${explained.mode}`)}</span>
      <div className={styles.parts}>{explained.parts.map((part, index) => <ExplainedView key={index} explained={part} vocabulary={vocabulary} />)}</div>
    </div>
  );
}

function shown(found: unknown, property: string, vocabulary: FilterVocabulary, nothing: string, language: Language): string {
  if (found === null || found === undefined || found === '' || (Array.isArray(found) && found.length === 0)) return nothing;
  if (Array.isArray(found)) return found.map((one) => shown(one, property, vocabulary, nothing, language)).join('、');
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  if (typeof found !== 'string') return JSON.stringify(found);
  const text = found;
  return vocabulary.name(property, text) ?? (/^\d{4}-\d\d-\d\dT/.test(text) ? formatExact(text, language) : `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`);
}

/** What a rule did, or would do (执行结果); of what was only tried nothing is there that could be named. */
export function EffectList({ effects, tried = false }: { effects: readonly Effect[]; tried?: boolean }) {
  const { t: say } = useAutomationTexts();
  return (
    <ol className={styles.effects}>
      {effects.map(({ kind, done, detail }, index) => (
        <li key={index} data-done={done}>
          {say(`action.${kind}`)}
          {detail.why === 'same' && <span className={styles.muted}> {say('effect.same')}</span>}
          {detail.why === 'nobody' && <span className={styles.muted}> {say('effect.nobody')}</span>}
          {typeof detail.priority === 'string' && (priorities as readonly string[]).includes(detail.priority) && <span className={styles.muted}> {words(`priority.${detail.priority as Priority}`)}</span>}
          {!tried && typeof detail.number === 'string' && <span className={styles.muted}> {say('effect.created', { number: detail.number })}</span>}
          {Array.isArray(detail.people) && <span className={styles.muted}> {detail.people.join('、')}</span>}
          {typeof detail.body === 'string' && <span className={styles.muted}> “{detail.body}”</span>}
          {Array.isArray(detail.tags) && <span className={styles.muted}> {detail.tags.join('、')}</span>}
          {typeof detail.url === 'string' && <span className={styles.muted}> {detail.url}</span>}
        </li>
      ))}
    </ol>
  );
}
