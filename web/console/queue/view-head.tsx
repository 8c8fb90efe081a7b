import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Popover } from 'antd';
import type { View } from '../../../contract/view.ts';
import type { FieldDefinition } from '../../../rules/forms/form.ts';
import { asProblem } from '../../ui/api.ts';
import { testsOf } from '../../ui/filter/vocabulary.ts';
import type { ViewShape } from '../data/columns.ts';
import { viewCounts, type LineRequest } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSortableFields } from '../parts/filter-vocabulary.ts';
import { localName } from '../parts/names.ts';
import { SearchField } from '../parts/search-field.tsx';
import { useWide } from '../parts/wide.ts';
import { ColumnsChooser } from './columns-chooser.tsx';
import { ExportButton } from './export-button.tsx';
import { GroupingSelect, SortSelect } from './order-selects.tsx';
import { useRemoveView, useStar } from './view-changes.ts';
import styles from './queue-page.module.css';

type Props = {
  view: View;
  shape: ViewShape;
  request: LineRequest;
  fields: ReadonlyMap<string, FieldDefinition>;
  words: string | undefined;
  building: boolean;
  onShowViews?: () => void;
  onWords: (words: string | undefined) => void;
  onBuild: () => void;
  onChange: (changes: Partial<ViewShape>) => void;
  onEdit: () => void;
  onDuplicate: () => void;
};

/** The head of a view (视图标题栏): its name and size, words, conditions, order, columns, export. */
export function ViewHead({ view, shape, request, fields, words, building, onShowViews, onWords, onBuild, onChange, onEdit, onDuplicate }: Props) {
  const { t, language } = useTexts();
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const wide = useWide(900);
  const sortable = useSortableFields();
  const phone = !useWide(768);
  const star = useStar();
  const remove = useRemoveView();
  const counted = useQuery({ ...viewCounts([view.id]), enabled: request.view === view.id && request.filter === undefined && words === undefined });
  const count = counted.data?.get(view.id);
  const name = localName(view, language);
  const tests = testsOf(shape.filter).length;

  function askToRemove(): void {
    void modal.confirm({
      title: t('view.removeTitle', { name }), content: t('view.removeHint'), okText: t('view.remove'), okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(view).then(
        () => {
          void message.success(t('view.removed'));
          void navigate({ to: '/queue', search: {}, replace: true });
        },
        (error: unknown) => void message.error(asProblem(error).title),
      ),
    });
  }
  const columns = (
    <Popover trigger="click" placement="bottomRight" content={<ColumnsChooser value={shape.columns} onChange={(next) => onChange({ columns: next })} fields={fields} />}>
      <Button icon={<Icon name="columns" />} aria-label={t('columns.label')} title={t('columns.label')} aria-haspopup="dialog" />
    </Popover>
  );
  return (
    <header className={styles.head}>
      {onShowViews !== undefined && <Button type="text" icon={<Icon name="queue" />} aria-label={t('view.show')} title={t('view.show')} onClick={onShowViews} />}
      <h1 className={styles.title} title={name}>{name}</h1>
      {!phone && (
        <button type="button" className={styles.star} aria-pressed={view.favourite} aria-label={view.favourite ? t('view.unstar', { name }) : t('view.star', { name })} onClick={() => star.mutate({ view, favourite: !view.favourite })}>
          <Icon name="star" size={15} filled={view.favourite} />
        </button>
      )}
      {wide && count?.count != null && request.view === view.id && request.filter === undefined && words === undefined && (
        <span className={styles.count}>{count.capped ? t('view.countMore', { count: count.count }) : t('view.count', { count: count.count })}</span>
      )}
      <span className={styles.space} />
      <SearchField id="queue-words" className={styles.words} placeholder={t('queue.words')} value={words} onChange={onWords} />
      <Button icon={<Icon name="filter" />} aria-expanded={building} aria-label={wide ? undefined : `${t('filter.label')} ${tests}`} onClick={onBuild}>
        {wide ? t('filter.label') : null}
        {tests > 0 && <span className={styles.tests}>{tests}</span>}
      </Button>
      {wide && <SortSelect variant="borderless" value={shape.sort} columns={shape.columns} sortable={sortable} onChange={(sort) => onChange({ sort })} />}
      {wide && <GroupingSelect variant="borderless" value={shape.grouping} onChange={(grouping) => onChange({ grouping })} />}
      {!phone && columns}
      {!phone && <ExportButton request={request} columns={shape.columns} />}
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...(view.editable ? [{ key: 'edit', icon: <Icon name="edit" />, label: t('view.edit'), onClick: onEdit }] : []),
            { key: 'copy', icon: <Icon name="copy" />, label: t('view.duplicate'), onClick: onDuplicate },
            ...(view.editable ? [{ type: 'divider' as const }, { key: 'remove', icon: <Icon name="trash" />, danger: true, label: t('view.remove'), onClick: askToRemove }] : []),
          ],
        }}
      >
        <Button type="text" icon={<Icon name="more" />} aria-label={t('view.menu', { name })} aria-haspopup="menu" />
      </Dropdown>
    </header>
  );
}
