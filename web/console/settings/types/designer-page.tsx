import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Popconfirm, Popover, Segmented, Tooltip } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { FormDraft, TicketType } from '../../../../contract/form.ts';
import type { FieldKind, Form } from '../../../../rules/forms/form.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { ticketType } from '../../form/form-queries.ts';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import { localName } from '../../parts/names.ts';
import { useTitle } from '../../parts/title.ts';
import { useSession } from '../../session/session.tsx';
import { Forbidden, PagePending } from '../../shell/page-states.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { Canvas } from './canvas.tsx';
import { draggedFrom, dropFrom } from './dragging.ts';
import { insertField, moveField, newField, type Spot } from './edit-form.ts';
import { Palette } from './palette.tsx';
import { Preview } from './preview.tsx';
import { Properties, type Chosen } from './properties.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { useFormDraft } from './use-draft.ts';
import { VersionsDrawer } from './versions-drawer.tsx';
import styles from './designer.module.css';

/** The form designer (表单设计器) of one ticket type. */
export function DesignerPage() {
  const { typeId } = useParams({ from: '/settings/types/$typeId' });
  const { may } = useSession();
  const { t: say } = useSettingsTexts();
  useTitle(say('designer.title'));
  const type = useQuery(ticketType(typeId));
  const draft = useQuery({ queryKey: ['form-draft', typeId], queryFn: async ({ signal }) => (await api.get<FormDraft>(`/ticket-types/${typeId}/draft`, { signal })).data, enabled: may('settings.write'), staleTime: 0, refetchOnMount: 'always' });
  if (!may('settings.write')) return <Forbidden />;
  const error = type.error ?? draft.error;
  if (error !== null) return <div className={styles.failed}><ProblemAlert error={error} onRetry={() => { void type.refetch(); void draft.refetch(); }} /></div>;
  if (type.data === undefined || draft.data === undefined || (draft.isFetching && !draft.isFetchedAfterMount)) return <PagePending />;
  return <Designer key={typeId} type={type.data} initial={draft.data} />;
}

type View = 'design' | 'desktop' | 'phone';

function Designer({ type, initial }: { type: TicketType; initial: FormDraft }) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const draft = useFormDraft(type.id, initial);
  const { form, change, problems } = draft;
  const [chosen, setChosen] = useState<Chosen>(null);
  const [view, setView] = useState<View>('design');
  const [open, setOpen] = useState<'publish' | 'versions' | null>(null);
  const latest = useRef({ form, chosen });
  useEffect(() => {
    latest.current = { form, chosen };
  });

  useEffect(() => monitorForElements({
    canMonitor: ({ source }) => draggedFrom(source.data) !== null,
    onDrop: ({ source, location }) => {
      const dragged = draggedFrom(source.data);
      const target = location.current.dropTargets[0];
      const drop = target === undefined ? null : dropFrom(target.data);
      if (dragged === null || drop === null) return;
      const now = latest.current.form;
      const peers = now.fields.filter((field) => (field.section ?? null) === drop.section).map((field) => field.key);
      const at = drop.field === null ? -1 : peers.indexOf(drop.field);
      const before = at < 0 ? null : drop.edge === 'top' ? drop.field : (peers[at + 1] ?? null);
      const spot: Spot = { section: drop.section, before };
      const field = 'kind' in dragged ? newField(dragged.kind, now.fields.map(({ key }) => key)) : null;
      change((form) => (field !== null ? insertField(form, field, spot) : 'key' in dragged ? moveField(form, dragged.key, spot) : form));
      setChosen({ kind: 'field', key: field?.key ?? ('key' in dragged ? dragged.key : '') });
    },
  }), [change]);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]') !== null) return;
      event.preventDefault();
      if (event.shiftKey) draft.redo();
      else draft.undo();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [draft]);

  const discard = useMutation({
    mutationFn: async () => {
      await api.delete(`/ticket-types/${type.id}/draft`);
      return (await api.get<FormDraft>(`/ticket-types/${type.id}/draft`)).data;
    },
    onSuccess: (fresh) => {
      draft.take(fresh, true);
      void queryClient.invalidateQueries({ queryKey: ['ticket-types'] });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });

  /** Puts a new field after what is chosen. */
  function add(kind: FieldKind): void {
    const field = newField(kind, form.fields.map(({ key }) => key));
    const beside = chosen?.kind === 'field' ? form.fields.find((one) => one.key === chosen.key) : undefined;
    const section = chosen?.kind === 'section' ? chosen.key : (beside?.section ?? null);
    const peers = form.fields.filter((one) => (one.section ?? null) === section);
    const before = beside === undefined ? null : (peers[peers.indexOf(beside) + 1]?.key ?? null);
    change((now) => insertField(now, field, { section, before }));
    setChosen({ kind: 'field', key: field.key });
    setView('design');
  }

  function choosePath(path: string): void {
    const field = /^\/fields\/(\d+)/.exec(path);
    const section = /^\/sections\/(\d+)/.exec(path);
    setView('design');
    if (field) setChosen({ kind: 'field', key: form.fields[Number(field[1])]?.key ?? '' });
    else if (section) setChosen({ kind: 'section', key: form.sections?.[Number(section[1])]?.key ?? '' });
  }

  const published: Form = type.form;
  const settled = draft.state === 'saved';
  return (
    <div className={styles.designer}>
      <header className={styles.bar}>
        <Link to="/settings/{-$section}" params={{ section: 'types' }} className={styles.back} aria-label={t('common.back')}><Icon name="arrowLeft" /></Link>
        <div className={styles.barTitle}>
          <h1>{localName(type, language)}</h1>
          <p className={styles.hint} role="status">
            {draft.server.changed ? say('designer.changed', { version: draft.server.published }) : say('designer.upToDate', { version: draft.server.published })}
            {' · '}
            {draft.state === 'failed' ? <button type="button" className={styles.retry} onClick={draft.retry}>{say('designer.saveFailed')}</button> : draft.state === 'conflict' ? say('designer.unsaved') : settled ? say('designer.saved') : say('designer.saving')}
          </p>
        </div>
        <Segmented<View> aria-label={say('designer.title')} value={view} options={(['design', 'desktop', 'phone'] as const).map((one) => ({ value: one, label: say(`designer.${one}`) }))} onChange={setView} />
        <div className={styles.barEnd}>
          <Tooltip title={`${say('designer.undo')}  Ctrl Z`}><Button type="text" disabled={!draft.canUndo} icon={<Icon name="reply" />} aria-label={say('designer.undo')} onClick={draft.undo} /></Tooltip>
          <Tooltip title={`${say('designer.redo')}  Ctrl Shift Z`}><Button type="text" disabled={!draft.canRedo} icon={<Icon name="reopen" />} aria-label={say('designer.redo')} onClick={draft.redo} /></Tooltip>
          <Popover
            trigger="click"
            placement="bottomRight"
            content={problems.length === 0 ? say('designer.noProblems') : (
              <ul className={styles.problemList}>
                {problems.map((problem) => (
                  <li key={`${problem.path} ${problem.code}`}>
                    <button type="button" onClick={() => choosePath(problem.path)}>{problem.field !== null && <strong>{problem.field}{t('common.colon')}</strong>}{problem.message}</button>
                  </li>
                ))}
              </ul>
            )}
          >
            <Button type="text" danger={problems.length > 0} icon={<Icon name={problems.length > 0 ? 'info' : 'checkCircle'} />}>{problems.length > 0 ? say('designer.problems', { count: problems.length }) : say('designer.noProblems')}</Button>
          </Popover>
          <Button onClick={() => setOpen('versions')}>{say('designer.history')}</Button>
          {draft.server.changed && (
            <Popconfirm title={say('designer.discardAsk')} okText={say('designer.discard')} okButtonProps={{ danger: true }} onConfirm={() => discard.mutate()}>
              <Button>{say('designer.discard')}</Button>
            </Popconfirm>
          )}
          <Tooltip title={problems.length > 0 ? say('publish.blocked', { count: problems.length }) : undefined}>
            <Button type="primary" disabled={!draft.server.changed || problems.length > 0 || !settled} onClick={() => setOpen('publish')}>{say('designer.publish')}</Button>
          </Tooltip>
        </div>
      </header>
      {draft.state === 'conflict' && (
        <div className={styles.conflict} role="alert">
          <span>{say('designer.conflict', { name: draft.theirs?.changedBy?.name ?? say('designer.somebody') })}</span>
          <Button size="small" onClick={draft.takeTheirs}>{say('designer.takeTheirs')}</Button>
          <Button size="small" danger onClick={draft.keepMine}>{say('designer.keepMine')}</Button>
        </div>
      )}
      {view === 'design' ? (
        <div className={styles.body}>
          <Palette onAdd={add} />
          <Canvas form={form} chosen={chosen} problems={problems} onChange={change} onChoose={setChosen} />
          <aside className={styles.side} aria-label={say('property.basic')}>
            <Properties chosen={chosen} form={form} published={published} problems={problems} onChange={change} onChoose={setChosen} />
          </aside>
        </div>
      ) : (
        <Preview key={view} form={form} device={view} broken={problems.length > 0} />
      )}
      {open === 'publish' && <PublishDialog typeId={type.id} published={published} draft={draft.server} onClose={() => setOpen(null)} onPublished={(fresh) => draft.take(fresh, false)} />}
      {open === 'versions' && <VersionsDrawer typeId={type.id} hasDraft={draft.server.changed} onClose={() => setOpen(null)} onRestored={(fresh) => draft.take(fresh, !draft.server.changed)} />}
    </div>
  );
}
