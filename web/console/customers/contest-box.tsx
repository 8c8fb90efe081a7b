import type { ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import type { Contest } from './compare-edits.ts';
import { useCustomerTexts } from './texts.ts';
import styles from './edit-form.module.css';

export type Chosen = { [name: string]: 'mine' | 'theirs' };

type Props = { both: readonly Contest[]; chosen: Chosen; label: (name: string) => string; words: (name: string, value: unknown) => ReactNode; onChoose: (contest: Contest, which: 'mine' | 'theirs') => void };

/** What somebody else saved meanwhile (同时修改): where both changed the same one chooses; the rest is put together already. */
export function ContestBox({ both, chosen, label, words, onChoose }: Props) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  return (
    <section className={styles.contest} role="alert" aria-label={say('conflict.title')}>
      <h3>{say('conflict.title')}</h3>
      <p>{both.length === 0 ? say('conflict.merged') : say('conflict.hint')}</p>
      {both.map((one) => (
        <fieldset key={one.name}>
          <legend>{label(one.name)}</legend>
          {(['theirs', 'mine'] as const).map((which) => (
            <label key={which}>
              <input type="radio" name={`contest-${one.name}`} checked={chosen[one.name] === which} onChange={() => onChoose(one, which)} />
              <span>{say(`conflict.${which}`)}</span>
              <bdi>{words(one.name, one[which])}</bdi>
            </label>
          ))}
          <p className={styles.before}>{say('conflict.before')}{t('common.colon')}<bdi>{words(one.name, one.before)}</bdi></p>
        </fieldset>
      ))}
    </section>
  );
}
