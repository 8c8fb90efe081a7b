import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Collapse, Drawer, Input, Select, Switch } from 'antd';
import { useMemo, useState } from 'react';
import { authFields, connectorForms, connectorKinds, connectorTargets, isConnectorTarget, type Connector, type ConnectorKind, type TriedConnector } from '../../../contract/connector.ts';
import { limits } from '../../../contract/common.ts';
import { noticeLimits, type AccountField } from '../../../contract/notice.ts';
import { applyMapping, checkMapping, mappingLimits, type FieldMapping } from '../../../rules/intake/mapping.ts';
import { placeholdersIn } from '../../../rules/workflow/placeholders.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { bracketed } from '../../ui/punctuation.ts';
import { MappingLine } from '../channels/mapping-line.tsx';
import type { Line } from '../channels/mapping-draft.ts';
import { leavesOf } from '../../../rules/intake/propose-mapping.ts';
import { ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { connectors } from './data.ts';
import { isFillingPhrase, useFillingTexts } from './texts.ts';
import styles from './filling.module.css';

const further: readonly string[] = ['succeeds', 'items', 'next', 'cacheSeconds', 'timeoutSeconds'];
const allAuth = new Set(Object.values(authFields).flat().concat('scope'));
const asking: readonly string[] = ['url', 'body', 'company', 'number', 'phone'];

/** Another system, as it is asked (连接设置): where, as whom, what with; a try with its answer; what of that goes where. */
export function ConnectorDrawer({ known, onClose }: { known: Connector | null; onClose: () => void }) {
  const { t: say } = useFillingTexts();
  const [kind, setKind] = useState<ConnectorKind | null>(known?.kind ?? null);
  return (
    <Drawer open size={720} title={known?.name ?? say('systems.add')} onClose={onClose} destroyOnHidden>
      {kind === null ? (
        <div className={styles.form}>
          <h3 className={styles.title}>{say('kind')}</h3>
          <div className={styles.kinds}>
            {connectorKinds.map((one) => <button key={one} type="button" className={styles.kind} onClick={() => setKind(one)}><b>{say(`kind.${one}`)}</b><span className={styles.muted}>{say(`about.${one}`)}</span></button>)}
          </div>
        </div>
      ) : <ConnectorForm kind={kind} known={known} onClose={onClose} />}
    </Drawer>
  );
}

function ConnectorForm({ kind, known, onClose }: { kind: ConnectorKind; known: Connector | null; onClose: () => void }) {
  const { t: say } = useFillingTexts();
  const { language } = useTexts();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const types = useQuery(ticketTypes).data ?? [];
  const [name, setName] = useState(known?.name ?? (kind === 'http' ? '' : say(`kind.${kind}`)));
  const [type, setType] = useState<string | null>(known?.type?.id ?? null);
  const [active, setActive] = useState(known?.active ?? true);
  const [values, setValues] = useState<Record<string, string>>(known?.settings ?? {});
  const [lines, setLines] = useState<Line[]>(() => ((known?.mapping ?? []) as FieldMapping[]).map((line, key) => ({ ...line, key })));
  const form = connectorForms[kind];
  const valueOf = (field: AccountField): string => values[field.name] ?? field.standard ?? '';
  const auth = values['auth'] ?? 'none';
  const shownFields = form.filter(({ name: field }) => (!allAuth.has(field) || (authFields[auth] ?? []).includes(field) || (field === 'scope' && auth === 'oauth2') || (kind !== 'http' && field !== 'scope'))
    && (!(field === 'body' || field === 'bodyType') || values['method'] === 'POST'));
  const settings = Object.fromEntries(shownFields.map((field) => [field.name, valueOf(field).trim()]).filter(([, value]) => value !== ''));
  const mapping = lines.map(({ key: _key, ...line }) => line);
  const asks = [...new Set(asking.flatMap((one) => placeholdersIn(settings[one] ?? '')))].filter((path) => path !== 'cursor');

  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), type, active, settings, mapping };
      return (await (known === null ? api.post<Connector>('/connectors', { kind, ...body }) : api.patch<Connector>(`/connectors/${known.id}`, body, { ifMatch: `"${known.version}"` }))).data;
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: connectors.queryKey });
      void message.success(say('saved'));
      onClose();
    },
  });
  const remove = useMutation({
    mutationFn: async () => api.patch(`/connectors/${known!.id}`, { archived: true }, { ifMatch: `"${known!.version}"` }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: connectors.queryKey });
      onClose();
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const [given, setGiven] = useState<Record<string, string>>({});
  const [number, setNumber] = useState('');
  const tried = useMutation({
    mutationFn: async () => (await api.post<TriedConnector>('/connectors/try', {
      kind, ...(known === null ? {} : { connector: known.id }), settings, mapping: mapping.filter((line) => checkMapping([line], isConnectorTarget).length === 0),
      ...(number.trim() === '' ? { values: Object.fromEntries(asks.flatMap((path) => (given[path] ? [[path, given[path]]] : []))) } : { ticket: number.trim() }),
    })).data,
  });
  const answer = useMemo(() => {
    try {
      return tried.data?.answer == null ? undefined : JSON.parse(tried.data.answer) as unknown;
    } catch {
      return undefined;
    }
  }, [tried.data]);
  const leaves = useMemo(() => leavesOf(answer), [answer]);
  const problems = new Map([...(save.isError ? asProblem(save.error).errors : []), ...(tried.isError ? asProblem(tried.error).errors : [])].map((one) => [one.path.replace(/^\/(settings\/)?/, ''), one.message]));
  const told = [...problems.keys()].some((path) => form.some((field) => field.name === path) || path === 'name' || path.startsWith('mapping'));
  const phrase = (key: string, otherwise: string): string => (isFillingPhrase(key) ? say(key as 'field.url') : otherwise);

  const draw = (field: AccountField) => {
    const label = phrase(`field.${field.name}`, field.name);
    const hint = isFillingPhrase(`hint.${field.name}`) ? say(`hint.${field.name}` as 'hint.url', { example: field.name === 'next' ? '{{cursor}}' : '{{fields.order_no}}' }) : undefined;
    const set = (value: string): void => setValues({ ...values, [field.name]: value });
    const status = problems.has(field.name) ? 'error' as const : '' as const;
    return (
      <label key={field.name} className={styles.field}>
        <span>{label}{field.optional === true && !(authFields[auth] ?? []).includes(field.name) && <span className={styles.optional}>{say('optional')}</span>}</span>
        {field.choices !== undefined ? <Select aria-label={label} value={valueOf(field)} options={field.choices.map((value) => ({ value, label: phrase(`choice.${value}`, value) }))} onChange={set} />
          : <Input aria-label={label} type={field.secret ? 'password' : 'text'} autoComplete="off" spellCheck={false} maxLength={field.secret ? noticeLimits.secret : noticeLimits.field} status={status} value={valueOf(field)}
              placeholder={field.secret && known?.secrets.includes(field.name) ? say('kept') : field.name === 'url' ? 'https://erp.example.cn/orders/{{fields.order_no}}' : field.name === 'succeeds' ? 'code=0' : undefined} onChange={(event) => set(event.target.value)} />}
        {problems.has(field.name) ? <span className={styles.problem} role="alert">{problems.get(field.name)}</span> : hint !== undefined && <span className={styles.muted}>{hint}</span>}
      </label>
    );
  };
  const plain = shownFields.filter(({ name: field }) => !further.includes(field));
  const result = tried.data;
  return (
    <form className={styles.form} noValidate onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <div className={styles.two}>
        <label className={styles.field}><span>{say('name')}</span><Input autoFocus={known === null} value={name} maxLength={limits.name} status={problems.has('name') ? 'error' : ''} onChange={(event) => setName(event.target.value)} />{problems.has('name') && <span className={styles.problem} role="alert">{problems.get('name')}</span>}</label>
        <label className={styles.field}><span>{say('type')}</span><Select aria-label={say('type')} value={type ?? ''} options={[{ value: '', label: say('system.any') }, ...types.map((one) => ({ value: one.id, label: localName(one, language) }))]} onChange={(value) => setType(value === '' ? null : value)} /></label>
      </div>
      {plain.filter(({ name: field }) => field === 'url').map(draw)}
      <div className={styles.two}>{plain.filter(({ name: field }) => field !== 'url').map(draw)}</div>
      <Collapse size="small" items={[{ key: 'more', label: say('more'), children: <div className={styles.two}>{shownFields.filter(({ name: field }) => further.includes(field)).map(draw)}</div> }]} />

      <section className={`${styles.block} ${styles.form}`} aria-label={say('try')}>
        <h3>{say('try')}</h3>
        <div className={styles.two}>
          {asks.map((path) => <label key={path} className={styles.field}><span>{path}</span><Input aria-label={path} disabled={number.trim() !== ''} maxLength={500} value={given[path] ?? ''} onChange={(event) => setGiven({ ...given, [path]: event.target.value })} /></label>)}
          <label className={styles.field}><span>{say('try.ticket')}</span><Input aria-label={say('try.ticket')} placeholder={say('try.number')} maxLength={64} value={number} onChange={(event) => setNumber(event.target.value)} /></label>
        </div>
        <div className={styles.actions}>
          <Button loading={tried.isPending} onClick={() => tried.mutate()}>{say('try.go')}</Button>
          {result?.outcome === 'missing' && <span className={styles.problem} role="status">{say('try.missing', { what: result.missing.join('、') })}</span>}
          {result?.outcome === 'failed' && <span className={styles.problem} role="status">{phrase(`reason.${result.reason ?? ''}`, result.reason ?? '')}{result.said !== null && bracketed(result.said)}</span>}
          {result?.outcome === 'answered' && <span className={styles.muted} role="status">{say('try.answer', { milliseconds: result.milliseconds })}</span>}
        </div>
        {tried.isError && !told && <ProblemAlert error={tried.error} />}
        {result?.answer != null && <pre className={styles.answer} tabIndex={0}>{result.answer}</pre>}
      </section>

      <section className={`${styles.block} ${styles.form}`} aria-label={say('mapping')}>
        <h3>{say('mapping')}</h3>
        {answer === undefined && <p className={styles.muted}>{say('mapping.hint')}</p>}
        <ol className={styles.lines}>
          {lines.map((line, index) => (
            <MappingLine
              key={line.key} line={line} leaves={leaves} targets={connectorTargets} twice={lines.findIndex((one) => one.target === line.target) < index && line.target !== ''}
              problems={save.isError ? [...problems].filter(([path]) => path === `mapping/${index}`).map(([, words]) => words) : []}
              gives={answer === undefined ? undefined : { value: applyMapping([{ ...mapping[index]!, target: 'x' }], answer)['x'] }} isFirst={index === 0} isLast={index === lines.length - 1}
              onChange={(next) => setLines(lines.map((one) => (one.key === line.key ? { ...next, key: line.key } : one)))} onRemove={() => setLines(lines.filter((one) => one.key !== line.key))}
              onMove={(by) => { const moved = lines.filter((one) => one.key !== line.key); moved.splice(index + by, 0, line); setLines(moved); }}
            />
          ))}
        </ol>
        <div><Button icon={<Icon name="plus" />} disabled={lines.length >= mappingLimits.mappings} onClick={() => setLines([...lines, { key: Math.max(-1, ...lines.map(({ key }) => key)) + 1, target: 'fields.', from: '' }])}>{say('mapping.add')}</Button></div>
      </section>

      {save.isError && !told && <ProblemAlert error={save.error} />}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" loading={save.isPending}>{known === null ? say('create') : say('save')}</Button>
        <label className={styles.actions}><Switch checked={active} onChange={setActive} aria-label={say('active')} /> {say('active')}</label>
        <span style={{ flex: 1 }} />
        {known !== null && <Button danger type="text" loading={remove.isPending} onClick={() => void modal.confirm({ title: say('remove.sure', { name: known.name }), content: say('remove.text'), okText: say('remove'), okButtonProps: { danger: true }, onOk: () => remove.mutateAsync().catch(() => undefined) })}>{say('remove')}</Button>}
      </div>
    </form>
  );
}
