import { useNavigate, useSearch, Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { importKinds, importStatuses, type Import, type ImportKind } from '../../../contract/import.ts';
import { Ago } from '../../ui/react/index.ts';
import { RecordTabs } from '../customers/record-tabs.tsx';
import { useRowKeys } from '../customers/row-keys.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { RecordList } from '../parts/record-list.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { imports } from './data.ts';
import { ImportStatus } from './import-status.tsx';
import { useImportTexts } from './texts.ts';
import page from '../parts/record-page.module.css';
import styles from './imports.module.css';

/** Imports (批量导入): those running, and those of the past with their results. */
export function ImportsPage() {
  const { t } = useTexts();
  const { t: say } = useImportTexts();
  useTitle(say('list.title'));
  const { may } = useSession();
  const navigate = useNavigate();
  const search = useSearch({ from: '/imports' });
  const frame = useRowKeys('import-kind');
  if (!may('import.run')) return <Forbidden />;
  const filter = { kind: search.kind, status: search.status };
  const filtered = search.kind !== undefined || search.status !== undefined;
  const start = <Button type="primary" icon={<Icon name="upload" />} onClick={() => void navigate({ to: '/imports/new', search: search.kind === undefined ? {} : { kind: search.kind } })}>{say('list.new')}</Button>;
  return (
    <div className={page.page} ref={frame}>
      <header className={page.head}>
        <h1 className="visually-hidden">{say('list.title')}</h1>
        <RecordTabs />
        <Select id="import-kind" className={page.filter} variant="filled" allowClear placeholder={say('list.kind')} aria-label={say('list.kind')} value={search.kind} options={importKinds.map((value) => ({ value, label: say(`kind.${value}`) }))} onChange={(kind: ImportKind | undefined) => void navigate({ to: '/imports', search: { ...search, kind }, replace: true })} />
        <Select className={page.filter} variant="filled" allowClear placeholder={say('list.status')} aria-label={say('list.status')} value={search.status} options={importStatuses.map((value) => ({ value, label: say(`status.${value}`) }))} onChange={(status: Import['status'] | undefined) => void navigate({ to: '/imports', search: { ...search, status }, replace: true })} />
        <span className={page.end}>{start}</span>
      </header>
      <RecordList
        key={JSON.stringify(filter)}
        query={imports(filter)}
        label={say('list.title')}
        emptyTitle={filtered ? t('record.noMatch') : say('list.none')}
        emptyHint={filtered ? undefined : say('list.noneHint')}
        emptyAction={filtered ? undefined : start}
        columns={[say('list.file'), say('list.kind'), say('list.status'), { name: say('list.result'), optional: true }, { name: say('list.who'), optional: true }, { name: say('list.when'), optional: true }]}
        rowClass={styles.row}
        renderRow={(job: Import) => (
          <Link to="/imports/$id" params={{ id: job.id }} className={`${page.row} ${styles.row}`} data-row="">
            <span className={page.name}><Icon name="file" /><span className={styles.name} dir="auto">{job.file.name}</span></span>
            <span className={page.muted}>{say(`kind.${job.kind}`)}</span>
            <span><ImportStatus job={job} /></span>
            <span className={page.muted} data-optional>{resultOf(job)}</span>
            <span className={page.muted} data-optional dir="auto">{job.createdBy.name}</span>
            <span className={page.muted} data-optional><Ago value={job.createdAt} /></span>
          </Link>
        )}
      />
    </div>
  );

  function resultOf({ counts, dryRun }: Import): string {
    const parts: [string, number][] = [
      [dryRun ? say('job.wouldCreate') : say('job.created'), counts.created], [dryRun ? say('job.wouldUpdate') : say('job.updated'), counts.updated], [say('job.present'), counts.present], [say('job.failed'), counts.failed],
    ];
    return parts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count.toLocaleString()}`).join(' · ');
  }
}
