import { useQuery } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Modal, Popover, Radio, Select } from 'antd';
import { useState } from 'react';
import type { View } from '../../../contract/view.ts';
import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import { asProblem } from '../../ui/api.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import { filterProblems } from '../../ui/filter/problems.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import type { ViewShape } from '../data/columns.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { FieldItem, focusControl, wrong } from '../parts/field-item.tsx';
import { useFilterVocabulary, useSortableFields, useTicketFields } from '../parts/filter-vocabulary.ts';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ColumnsChooser } from './columns-chooser.tsx';
import { GroupingSelect, SortSelect } from './order-selects.tsx';
import { useCreateView, useUpdateView } from './view-changes.ts';
import styles from './view-editor.module.css';

type Kind = 'personal' | 'team' | 'shared';
type Props = {
  /** The view being changed; absent for a new one. */
  view?: View;
  /** What a new one begins with. */
  shape: ViewShape;
  name: string;
  onClose: () => void;
  onSaved: (view: View) => void;
};

/** Names a view, says who sees it, and edits what it holds (视图编辑). */
export function ViewEditor(props: Props) {
  return props.view === undefined ? <NewView {...props} /> : <KnownView {...props} view={props.view} />;
}

function NewView(props: Props) {
  const create = useCreateView();
  return <Editor {...props} pending={create.isPending} error={create.error} onSave={(body, favourite) => create.mutate({ ...body, favourite }, { onSuccess: props.onSaved })} />;
}

function KnownView({ view, ...props }: Props & { view: View }) {
  const update = useUpdateView(view);
  return <Editor {...props} view={view} pending={update.isPending} error={update.error} onSave={(body) => update.mutate(body, { onSuccess: props.onSaved })} />;
}

type Body = ViewShape & { kind: Kind; teamId?: string; name: string; nameEn: string | null };

function Editor({ view, shape: given, name: givenName, pending, error, onClose, onSave }: Props & { pending: boolean; error: unknown; onSave: (body: Body, favourite: boolean) => void }) {
  const { t, language } = useTexts();
  const { me, may } = useSession();
  const { message } = App.useApp();
  const [name, setName] = useState(view?.name ?? givenName);
  const [nameEn, setNameEn] = useState(view?.nameEn ?? '');
  const [kind, setKind] = useState<Kind>(view === undefined || view.kind === 'standard' ? 'personal' : view.kind);
  const [teamId, setTeamId] = useState(view?.team?.id ?? me.teams[0]?.id);
  const [shape, setShape] = useState(given);
  const [favourite, setFavourite] = useState(true);
  const [tried, setTried] = useState(false);
  const fields = useTicketFields();
  const sortable = useSortableFields();
  const vocabulary = useFilterVocabulary(shape.filter);
  const mayAnyTeam = may('view.share', 'organization') || may('settings.write');
  const teamList = useQuery({ ...teams, enabled: mayAnyTeam });
  const offered = mayAnyTeam ? (teamList.data ?? []) : me.teams;
  const problems = filterProblems(shape.filter, vocabulary.properties);
  const nameWrong = tried && name.trim() === '' ? t('common.required') : undefined;
  const refused = asProblem(error);
  const told = error === null || error === undefined ? [] : refused.errors.filter(({ path }) => path.startsWith('/filter')).map((one) => ({ path: one.path.slice('/filter'.length).replace(/\/(?:property|operator|value).*$/, ''), message: one.message }));

  function save(): void {
    setTried(true);
    if (name.trim() === '') focusControl('view-name');
    else if (problems.length > 0) void message.error(t('filter.incomplete'));
    else onSave({ ...shape, kind, ...(kind === 'team' && teamId !== undefined ? { teamId } : {}), name: name.trim(), nameEn: nameEn.trim() === '' ? null : nameEn.trim() }, favourite);
  }
  return (
    <Modal
      open
      width={760}
      title={view === undefined ? t('view.new') : t('view.edit')}
      okText={view === undefined ? t('common.create') : t('common.save')}
      okButtonProps={{ loading: pending }}
      onOk={save}
      onCancel={onClose}
    >
      <Form
        layout="vertical" requiredMark={false} component="div"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      >
        {error !== null && error !== undefined && (
          <div className={styles.problem}>
            {refused.status === 412 ? <p className={styles.stale} role="alert">{t('view.stale')}</p> : <ProblemAlert error={error} />}
          </div>
        )}
        <div className={styles.names}>
          <FieldItem id="view-name" label={t('view.name')} error={nameWrong}>
            <Input id="view-name" autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} {...wrong('view-name', nameWrong)} />
          </FieldItem>
          <FieldItem id="view-name-en" label={t('view.nameEn')}>
            <Input id="view-name-en" maxLength={100} placeholder={t('view.optional')} value={nameEn} onChange={(event) => setNameEn(event.target.value)} />
          </FieldItem>
        </div>
        <fieldset className={styles.whose}>
          <legend>{t('view.whose')}</legend>
          <Radio.Group value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            <Radio value="personal">{t('view.forMe')}</Radio>
            {offered.length > 0 && <Radio value="team">{t('view.forTeam')}</Radio>}
            {may('settings.write') && <Radio value="shared">{t('view.forAll')}</Radio>}
          </Radio.Group>
          {kind === 'team' && (
            <Select className={styles.team} aria-label={t('view.team')} showSearch={{ optionFilterProp: 'label' }} value={teamId} options={offered.map((team) => ({ value: team.id, label: 'nameEn' in team ? localName(team as { name: string; nameEn?: string | null }, language) : team.name }))} onChange={setTeamId} />
          )}
        </fieldset>
        <fieldset className={styles.whose}>
          <legend>{t('view.conditions')}</legend>
          <FilterBuilder value={shape.filter} onChange={(filter) => setShape({ ...shape, filter })} vocabulary={vocabulary} strict={tried} told={told} />
          {problems.length === 0 && <p className={styles.words}>{describeFilter(shape.filter, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh')}</p>}
        </fieldset>
        <div className={styles.order}>
          <SortSelect value={shape.sort} columns={shape.columns} sortable={sortable} onChange={(sort) => setShape({ ...shape, sort })} />
          <GroupingSelect value={shape.grouping} onChange={(grouping) => setShape({ ...shape, grouping })} />
          <Popover trigger="click" placement="topLeft" content={<ColumnsChooser value={shape.columns} onChange={(columns) => setShape({ ...shape, columns })} fields={fields} />}>
            <Button aria-haspopup="dialog">{t('columns.label')} · {shape.columns.length}</Button>
          </Popover>
          {view === undefined && <Checkbox checked={favourite} onChange={(event) => setFavourite(event.target.checked)}>{t('view.favouriteToo')}</Checkbox>}
        </div>
      </Form>
    </Modal>
  );
}
