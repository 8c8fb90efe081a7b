import { Select } from 'antd';
import type { ImportKindInfo, ImportPreview } from '../../../contract/import.ts';
import { Badge } from '../parts/badge.tsx';
import type { Chosen } from './mapping-state.ts';
import { useImportTexts } from './texts.ts';
import styles from './column-mapping.module.css';

type Props = { preview: ImportPreview; info: ImportKindInfo; chosen: Chosen; onChange: (chosen: Chosen) => void };

/** Says of each column what it says (对应列), beside rows of the file as they are. */
export function ColumnMapping({ preview, info, chosen, onChange }: Props) {
  const { t: say } = useImportTexts();
  const by = new Map(preview.proposedBy.map((one) => [one.column, one.by]));
  const taken = new Set(chosen.values());
  const jsonLines = preview.format === 'jsonl';
  const choices = (header: string, own: string | undefined) => [
    ...info.targets.filter((target) => jsonLines || !target.jsonOnly).map((target) => ({ value: target.key, label: target.label, hint: target.required ? say('columns.required') : (target.help ?? target.example ?? ''), disabled: taken.has(target.key) && target.key !== own })),
    ...(preview.kind === 'assets' && header !== '' ? [{ value: `attributes.${header}`, label: say('columns.own', { name: header }), hint: '', disabled: false }] : []),
    ...(own !== undefined && !info.targets.some((target) => target.key === own) && own !== `attributes.${header}` ? [{ value: own, label: own.replace(/^\w+\./, ''), hint: '', disabled: false }] : []),
  ];
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <thead>
          <tr><th scope="col">{say('columns.column')}</th><th scope="col">{say('columns.samples')}</th><th scope="col">{say('columns.target')}</th></tr>
        </thead>
        <tbody>
          {preview.columns.map(({ column, header, samples }) => {
            const name = header === '' ? say('columns.unnamed', { number: column + 1 }) : header;
            const target = chosen.get(column);
            return (
              <tr key={column} data-out={target === undefined || undefined}>
                <th scope="row" dir="auto">{name}</th>
                <td className={styles.samples}>
                  {samples.map((sample, index) => <span key={index} dir="auto">{sample}</span>)}
                </td>
                <td>
                  <span className={styles.target}>
                    <Select
                      className={styles.select}
                      allowClear
                      showSearch={{ optionFilterProp: 'label' }}
                      popupMatchSelectWidth={320}
                      placeholder={say('columns.none')}
                      aria-label={say('columns.targetOf', { name })}
                      value={target}
                      options={choices(header, target)}
                      optionRender={(option) => (
                        <span className={styles.choice}>
                          <span>{option.label}</span>
                          <span>{option.data.hint}</span>
                        </span>
                      )}
                      onChange={(next: string | undefined) => {
                        const changed = new Map(chosen);
                        if (next === undefined) changed.delete(column);
                        else changed.set(column, next);
                        onChange(changed);
                      }}
                    />
                    {target !== undefined && by.has(column) && preview.mapping.some((one) => one.column === column && one.target === target) && <Badge tone={by.get(column) === 'remembered' ? 'accent' : 'neutral'}>{by.get(column) === 'remembered' ? say('columns.remembered') : say('columns.named')}</Badge>}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
