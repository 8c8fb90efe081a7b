import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Progress, Select } from 'antd';
import { useRef, useState } from 'react';
import { importKinds, importLimits, type Import, type ImportKind, type ImportPreview } from '../../../contract/import.ts';
import type { FileSummary } from '../../../contract/file.ts';
import { api } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { ColumnMapping } from './column-mapping.tsx';
import { importKindList, keepPrepared, preparedOf, type Prepared } from './data.ts';
import { chosenOf, mappingOf, problemsOf, type Chosen } from './mapping-state.ts';
import { ImportSteps } from './import-steps.tsx';
import { useImportTexts } from './texts.ts';
import styles from './imports.module.css';

const icons: Record<ImportKind, IconName> = { tickets: 'queue', customers: 'customers', accounts: 'building', assets: 'assets', staff: 'people', hotline_cases: 'phone' };
const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
const endings = /\.(csv|tsv|txt|xlsx|jsonl|ndjson|json)$/i;

/** Imports a file step by step (导入向导): which file, what its columns say, what would happen. */
export function ImportWizard() {
  const { t, language } = useTexts();
  const { t: say } = useImportTexts();
  useTitle(say('list.new'));
  const { may } = useSession();
  const navigate = useNavigate();
  const search = useSearch({ from: '/imports/new' });
  const kinds = useQuery({ ...importKindList, queryKey: [...importKindList.queryKey, language], enabled: may('import.run') });
  const earlier = search.from === undefined ? null : preparedOf(search.from);
  const [kind, setKind] = useState<ImportKind>(earlier?.kind ?? search.kind ?? 'customers');
  const [file, setFile] = useState<{ id: string; name: string; size: number } | null>(earlier === null ? null : { id: earlier.fileId, name: '', size: 0 });
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [reading, setReading] = useState<{ sheet?: string; encoding?: string }>({});
  const [share, setShare] = useState(0);
  const [refused, setRefused] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const look = useMutation({
    mutationFn: async ({ fileId, of, how }: { fileId: string; of: ImportKind; how: { sheet?: string; encoding?: string } }) => (await api.post<ImportPreview>('/imports/preview', { kind: of, fileId, ...how }, { timeout: 120_000 })).data,
    onSuccess: (seen) => {
      setPreview(seen);
      setChosen(chosenOf(seen.mapping));
    },
  });
  const send = useMutation({
    mutationFn: async (picked: File) => {
      setShare(0);
      return api.upload<FileSummary>(picked, { onProgress: setShare });
    },
    onSuccess: (stored, picked) => {
      setFile({ id: stored.id, name: picked.name, size: picked.size });
      look.mutate({ fileId: stored.id, of: kind, how: {} });
    },
  });
  const begin = useMutation({
    mutationFn: async (dryRun: boolean): Promise<Import> => {
      const prepared: Prepared = { fileId: file?.id ?? '', kind, mapping: mappingOf(chosen), ...reading };
      const made = await postOnce<Import>('/imports', { ...prepared, dryRun });
      keepPrepared(made.id, prepared);
      return made;
    },
    onSuccess: (made) => void navigate({ to: '/imports/$id', params: { id: made.id } }),
  });

  if (!may('import.run')) return <Forbidden />;
  // Coming back from a check: the file is there already.
  if (earlier !== null && preview === null && look.isIdle) look.mutate({ fileId: earlier.fileId, of: earlier.kind, how: {} });

  function take(picked: File | undefined): void {
    if (picked === undefined) return;
    setRefused(picked.size > importLimits.bytes ? say('file.tooLarge') : !endings.test(picked.name) ? say('file.wrongType') : null);
    if (picked.size > importLimits.bytes || !endings.test(picked.name)) return;
    setPreview(null);
    look.reset();
    send.mutate(picked);
  }
  function choose(next: ImportKind): void {
    setKind(next);
    void navigate({ to: '/imports/new', search: { kind: next }, replace: true });
    if (file !== null) look.mutate({ fileId: file.id, of: next, how: reading });
  }
  function readAs(part: { sheet?: string; encoding?: string }): void {
    const how = { ...reading, ...part };
    setReading(how);
    if (file !== null) look.mutate({ fileId: file.id, of: kind, how });
  }

  const info = kinds.data?.find((one) => one.kind === kind);
  const problems = info === undefined ? { missing: [], twice: [] } : problemsOf(chosen, info.targets);
  const nameOf = (target: string): string => info?.targets.find((one) => one.key === target)?.label ?? target;
  const ready = preview !== null && info !== undefined && problems.missing.length === 0 && problems.twice.length === 0 && chosen.size > 0;
  const busy = send.isPending || look.isPending;

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Button type="text" icon={<Icon name="arrowLeft" />} aria-label={say('job.toList')} onClick={() => void navigate({ to: '/imports' })} />
        <h1>{say('list.new')}</h1>
        <ImportSteps at={preview === null ? 0 : 1} />
      </header>
      <div className={styles.body}>
        {kinds.isError && kinds.data === undefined && <ProblemAlert error={kinds.error} onRetry={() => void kinds.refetch()} />}
        <fieldset className={styles.kinds} disabled={busy}>
          <legend>{say('file.kind')}</legend>
          {importKinds.map((one) => {
            const allowed = kinds.data?.find((known) => known.kind === one)?.allowed !== false;
            return (
              <label key={one} className={styles.kind} data-chosen={one === kind || undefined}>
                <input type="radio" name="kind" checked={one === kind} disabled={!allowed} onChange={() => choose(one)} />
                <Icon name={icons[one]} />
                <span>
                  <strong>{say(`kind.${one}`)}</strong>
                  <small>{allowed ? say(`kind.${one}Hint`) : say('file.notAllowed')}</small>
                </span>
              </label>
            );
          })}
        </fieldset>
        {may('settings.write') && <p className={styles.aside}><Icon name="tag" size={14} /> <span>{say('kind.categoriesHint')}</span> <Link to="/settings/{-$section}" params={{ section: 'categories' }}>{say('kind.categoriesOpen')}</Link></p>}

        <div
          className={styles.drop}
          data-over={over || undefined}
          data-small={preview !== null || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            take(event.dataTransfer.files[0]);
          }}
        >
          {busy ? (
            <div className={styles.busy} role="status">
              <p>{send.isPending ? say('file.uploading', { name: send.variables.name }) : say('file.reading', { name: file?.name ?? '' })}</p>
              {send.isPending && <Progress percent={Math.round(share * 100)} size="small" aria-label={say('file.uploading', { name: send.variables.name })} />}
            </div>
          ) : preview === null ? (
            <>
              <button type="button" className={styles.pick} onClick={() => picker.current?.click()}>
                <Icon name="upload" size={28} />
                <strong>{say('file.drop')}</strong>
                <span>{say('file.dropHint')}</span>
              </button>
              <a href={`/api/v1/import-kinds/${kind}/template.csv`} download>{say('file.template', { kind: say(`kind.${kind}`) })}</a>
            </>
          ) : (
            <p className={styles.file}>
              <Icon name="file" />
              <bdi>{file?.name || preview.name}</bdi>
              {file !== null && file.size > 0 && <span className={styles.muted}>{formatBytes(file.size)}</span>}
              <Button size="small" onClick={() => picker.current?.click()}>{say('file.another')}</Button>
            </p>
          )}
          <input
            ref={picker}
            type="file"
            accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json"
            style={{ display: 'none' }}
            tabIndex={-1}
            aria-label={say('step.file')}
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </div>
        {refused !== null && <p className={styles.refused} role="alert">{refused}</p>}
        {send.isError && <ProblemAlert error={send.error} onRetry={() => send.variables !== undefined && send.mutate(send.variables)} />}
        {look.isError && <ProblemAlert error={look.error} onRetry={() => look.variables !== undefined && look.mutate(look.variables)} />}

        {preview !== null && info !== undefined && (
          <>
            <div className={styles.columnsHead}>
              <div>
                <h2>{say('columns.title')}</h2>
                <p className={styles.hint}>{say('columns.hint')}</p>
              </div>
              {preview.sheets.length > 1 && <label className={styles.choice}>{say('columns.sheet')}<Select aria-label={say('columns.sheet')} value={reading.sheet ?? preview.sheets[0]} options={preview.sheets.map((sheet) => ({ value: sheet, label: sheet }))} popupMatchSelectWidth={false} onChange={(sheet: string) => readAs({ sheet })} /></label>}
              {preview.encoding !== null && <label className={styles.choice}>{say('columns.encoding')}<Select aria-label={say('columns.encoding')} value={reading.encoding ?? preview.encoding} options={encodings.map((value) => ({ value, label: value.toUpperCase() }))} popupMatchSelectWidth={false} onChange={(encoding: string) => readAs({ encoding })} /></label>}
            </div>
            <ColumnMapping preview={preview} info={info} chosen={chosen} onChange={setChosen} />
            {begin.isError && <ProblemAlert error={begin.error} />}
            <footer className={styles.foot}>
              <p role="status" className={problems.missing.length + problems.twice.length > 0 ? styles.refused : styles.hint}>
                {problems.missing.length > 0 && say('columns.missing', { names: problems.missing.map(nameOf).join(t('common.listSeparator')) })}{' '}
                {problems.twice.map((target) => say('columns.twice', { name: nameOf(target) })).join(' ')}
                {problems.missing.length + problems.twice.length === 0 && say('columns.checkHint')}
              </p>
              <Button disabled={!ready} loading={begin.isPending && !begin.variables} onClick={() => begin.mutate(false)}>{say('columns.straight')}</Button>
              <Button type="primary" disabled={!ready} loading={begin.isPending && begin.variables} onClick={() => begin.mutate(true)}>{say('columns.check')}</Button>
            </footer>
          </>
        )}
      </div>
    </div>
  );
}
