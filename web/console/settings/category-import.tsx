import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, Modal } from 'antd';
import { useRef, useState } from 'react';
import type { CategoryImport } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './categories-section.module.css';

const tones = { made: 'success', present: 'neutral', refused: 'danger' } as const;
const shownRows = 300;
// As the server takes it.
const mostBytes = 5_000_000;

/** Takes over a tree of categories (导入分类): checked first, row by row; then imported. */
export function CategoryImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const queryClient = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [onlyRefused, setOnlyRefused] = useState(false);
  const run = useMutation({
    mutationFn: async (dryRun: boolean) => (await api.post<CategoryImport>('/categories/import', { text, dryRun }, { timeout: 120_000 })).data,
    onSuccess: (result) => {
      if (!result.dryRun) void queryClient.invalidateQueries({ queryKey: ['categories'] });
      setOnlyRefused(result.refused > 0);
    },
  });
  const result = run.data;
  const rows = (result?.results ?? []).filter((row) => !onlyRefused || row.outcome === 'refused');
  return (
    <Modal
      open
      width={720}
      title={say('category.importTitle')}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>{t('common.close')}</Button>,
        <Button key="check" disabled={text.trim() === ''} loading={run.isPending && run.variables} onClick={() => run.mutate(true)}>{say('category.importCheck')}</Button>,
        <Button key="import" type="primary" disabled={text.trim() === ''} loading={run.isPending && !run.variables} onClick={() => run.mutate(false)}>{say('category.importDo')}</Button>,
      ]}
    >
      <p className={styles.hint}>{say('category.importHint')}</p>
      <p style={{ margin: '8px 0' }}><Button size="small" onClick={() => picker.current?.click()}>{say('category.importFile')}</Button></p>
      <input
        ref={picker}
        type="file"
        accept=".csv,.jsonl,.json,.txt"
        style={{ display: 'none' }}
        tabIndex={-1}
        aria-label={say('category.importFile')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined && file.size <= mostBytes) void file.text().then((read) => { setText(read); run.reset(); });
        }}
      />
      <Input.TextArea aria-label={say('category.importTitle')} spellCheck={false} autoSize={{ minRows: 6, maxRows: 10 }} placeholder={say('category.importExample')} value={text} onChange={(event) => { setText(event.target.value); run.reset(); }} />
      {run.isError && <div style={{ marginTop: 12 }}><ProblemAlert error={run.error} /></div>}
      {result !== undefined && (
        <div role="status" style={{ marginTop: 12 }}>
          <p><strong>{say('category.importSummary', { rows: result.rows, made: result.made, categories: result.categoriesMade, present: result.present, refused: result.refused })}</strong></p>
          {result.dryRun && <p className={styles.muted}>{say('category.importDry')}</p>}
          {result.refused > 0 && <Checkbox checked={onlyRefused} onChange={(event) => setOnlyRefused(event.target.checked)}>{say('category.onlyRefused')}</Checkbox>}
          <div className={own.results} tabIndex={0} role="group" aria-label={say('category.importTitle')}>
            {rows.slice(0, shownRows).map((row) => (
              <div key={row.row} className={own.result}>
                <span className={styles.muted}>{say('category.row', { row: row.row })}</span>
                <span><Badge tone={tones[row.outcome]}>{say(`outcome.${row.outcome}`)}</Badge></span>
                <span>{row.path.join(' / ')}{row.message !== null && <span className={own.problem}> {row.column !== null && `${row.column}: `}{row.message}</span>}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </Modal>
  );
}
