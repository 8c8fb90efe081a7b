import { AutoComplete, Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { mappingTargets } from '../../../contract/channel.ts';
import { cleansings, mappingLimits, type FieldMapping } from '../../../rules/intake/mapping.ts';
import { Icon } from '../parts/icon.tsx';
import { named } from './kinds.ts';
import { readTable, tableText, type Line } from './mapping-draft.ts';
import type { Leaf } from '../../../rules/intake/propose-mapping.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

type Source = 'from' | 'text' | 'value';
type Props = {
  line: Line; leaves: readonly Leaf[]; problems: readonly string[]; twice: boolean;
  /** What the line finds in the sample; absent where there is none. */
  gives: { value: unknown } | undefined; isFirst: boolean; isLast: boolean;
  /** What there is to fill; all there is of channels when absent. */
  targets?: readonly string[];
  onChange: (line: FieldMapping, part: string) => void; onRemove: () => void; onMove: (by: -1 | 1) => void;
};

const ownField = 'fields.';

/** One line of the mapping (映射行): what it fills, from where, how it is made clean; and what it finds in the sample. */
export function MappingLine({ line, leaves, problems, twice, gives, isFirst, isLast, targets = mappingTargets, onChange, onRemove, onMove }: Props) {
  const { t: say } = useChannelTexts();
  const source: Source = line.text !== undefined ? 'text' : line.value !== undefined ? 'value' : 'from';
  const { target, cleanse, table, otherwise } = line;
  const rest = { target, ...(cleanse ? { cleanse } : {}), ...(table ? { table } : {}), ...(otherwise === undefined ? {} : { otherwise }) };
  const given = String(line[source] ?? '');
  const own = target.startsWith(ownField);
  const name = target === '' ? say('line.target') : own ? target.slice(ownField.length) || say('line.field') : named(say, 'target', target);
  const [more, setMore] = useState(false);
  // Whoever adds a line goes on there.
  const [isNew] = useState(target === '');
  const steps = (cleanse?.length ?? 0) + (table === undefined ? 0 : 1) + (otherwise === undefined ? 0 : 1);
  const [written, setWritten] = useState<string | null>(null);
  const set = (part: Partial<FieldMapping>, which: string): void => onChange({ ...rest, [source]: line[source] ?? '', ...part }, which);
  return (
    <li className={styles.mapLine} aria-label={name} data-wrong={problems.length > 0 || undefined}>
      <div className={styles.mapRow}>
        <Select
          className={styles.mapTarget} autoFocus={isNew} showSearch={{ optionFilterProp: 'label' }} aria-label={say('line.target')} placeholder={say('line.target')} value={own ? ownField : target || undefined} popupMatchSelectWidth={260}
          options={[...targets.map((value) => ({ value, label: named(say, 'target', value) })), { value: ownField, label: say('line.field') }]}
          onChange={(next: string) => set({ target: next }, 'target')}
        />
        {own && <Input className={styles.mapKey} aria-label={say('line.fieldKey')} placeholder={say('line.fieldKey')} maxLength={40} spellCheck={false} value={target.slice(ownField.length)} onChange={(event) => set({ target: `${ownField}${event.target.value.trim()}` }, 'key')} />}
        <Segmented<Source>
          size="small" aria-label={say('line.source')} value={source} options={(['from', 'text', 'value'] as const).map((value) => ({ value, label: say(`line.${value}`) }))}
          onChange={(next) => onChange({ ...rest, [next]: given }, 'source')}
        />
        <span className={styles.mapEnd}>
          <Button type="text" size="small" icon={<Icon name="chevronUp" />} aria-label={say('line.up', { name })} disabled={isFirst} onClick={() => onMove(-1)} />
          <Button type="text" size="small" icon={<Icon name="chevronDown" />} aria-label={say('line.down', { name })} disabled={isLast} onClick={() => onMove(1)} />
          <Button type="text" size="small" icon={<Icon name="trash" />} aria-label={say('line.remove', { name })} onClick={onRemove} />
        </span>
      </div>
      <div className={styles.mapRow}>
        {source === 'from'
          ? (
            <AutoComplete
              className={styles.mapGiven} aria-label={say('line.from')} placeholder={say('line.fromPlace')} value={given} maxLength={mappingLimits.path} popupMatchSelectWidth={360}
              showSearch={{ filterOption: (typed, option) => option?.value.toLowerCase().includes(typed.toLowerCase()) ?? false }}
              options={leaves.map(({ path, value }) => ({ value: path, label: <span className={styles.choice}><code>{path}</code><span>{String(value)}</span></span> }))}
              onChange={(next: string) => set({ from: next.trim() }, 'from')}
            />
          )
          : <Input className={styles.mapGiven} aria-label={say(`line.${source}`)} placeholder={source === 'text' ? '{{what}} {{where.room}}' : say('line.valuePlace')} maxLength={mappingLimits.text} value={given} onChange={(event) => set({ [source]: event.target.value }, source)} />}
        {gives !== undefined && (
          <span className={styles.gives} data-none={gives.value === undefined || undefined} title={gives.value === undefined ? undefined : shown(gives.value)}>
            {gives.value === undefined ? say('line.nothing') : <><span className={styles.muted}>{say('line.gives')}</span> {shown(gives.value)}</>}
          </span>
        )}
        <Button type="text" size="small" className={styles.moreButton} aria-expanded={more} onClick={() => setMore(!more)}>{say('line.more')}{steps > 0 && <b className={styles.stepCount}>{say('line.steps', { count: steps })}</b>}<Icon name={more ? 'chevronUp' : 'chevronDown'} size={14} /></Button>
      </div>
      {more && (
        <div className={styles.mapMore}>
          <label className={styles.field}>
            <span>{say('line.cleanse')}</span>
            <Select mode="multiple" aria-label={say('line.cleanse')} value={cleanse ?? []} options={cleansings.map((value) => ({ value, label: say(`cleanse.${value}`) }))} onChange={(next) => set({ cleanse: next }, 'cleanse')} />
          </label>
          <label className={styles.field}>
            <span>{say('line.otherwise')}</span>
            <Input maxLength={mappingLimits.text} value={otherwise ?? ''} onChange={(event) => set({ otherwise: event.target.value === '' ? undefined : event.target.value }, 'otherwise')} />
          </label>
          <label className={`${styles.field} ${styles.whole}`}>
            <span>{say('line.table')}</span>
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 8 }} maxLength={40_000} spellCheck={false} placeholder={'A = urgent\nB = normal'} value={written ?? tableText(table)}
              onChange={(event) => { setWritten(event.target.value); set({ table: readTable(event.target.value) }, 'table'); }} onBlur={() => setWritten(null)}
            />
          </label>
        </div>
      )}
      {problems.map((problem) => <p key={problem} className={styles.problem} role="alert">{problem}</p>)}
      {problems.length === 0 && twice && <p className={styles.muted}>{say('problem.twice')}</p>}
    </li>
  );
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
