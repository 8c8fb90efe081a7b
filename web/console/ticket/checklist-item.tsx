import { Button, Checkbox, DatePicker, Input, Popover } from 'antd';
import dayjs from 'dayjs';
import { useId, useState } from 'react';
import type { ChecklistItem, UpdateChecklistItem } from '../../../contract/collaboration.ts';
import { Avatar } from '../../ui/react/index.ts';
import { formatDate, formatExact, formatTime } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { ReorderHandle, useReorder } from '../parts/reorder.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useSession } from '../session/session.tsx';
import styles from './checklist.module.css';

type Props = {
  item: ChecklistItem;
  list: string;
  index: number;
  count: number;
  editable: boolean;
  now: number;
  onTick: (done: boolean) => void;
  onChange: (changes: UpdateChecklistItem) => void;
  onMove: (from: number, to: number) => void;
  onRemove: () => void;
};

/** One thing to be done (检查项): ticked, given to somebody, with a time, moved by its handle. */
export function ChecklistLine({ item, list, index, count, editable, now, onTick, onChange, onMove, onRemove }: Props) {
  const { t } = useTexts();
  const { row, handle, edge, dragging } = useReorder<HTMLLIElement>(list, index, onMove);
  const [editing, setEditing] = useState(false);
  const late = item.done === null && item.dueAt !== null && Date.parse(item.dueAt) < now;
  return (
    <li ref={row} className={styles.line} data-edge={edge ?? undefined} data-dragging={dragging || undefined}>
      {editable && <span className={styles.grip}><ReorderHandle handle={handle} index={index} count={count} name={item.text} onMove={onMove} /></span>}
      <Checkbox className={styles.item} checked={item.done !== null} disabled={!editable} onChange={(event) => onTick(event.target.checked)}>
        <span data-done={item.done !== null || undefined} title={item.done?.by.name == null ? undefined : t('checklist.by', { name: item.done.by.name })}>{item.text}</span>
        {item.required && item.done === null && <small>{t('checklist.required')}</small>}
      </Checkbox>
      <span className={styles.facts}>
        {item.dueAt !== null && (
          <time className={styles.due} dateTime={item.dueAt} title={formatExact(item.dueAt)} data-late={late || undefined}>
            {late && <Icon name="clock" size={12} />}
            {formatDate(item.dueAt)} {formatTime(item.dueAt)}
            {late && <span className="visually-hidden">{t('checklist.late')}</span>}
          </time>
        )}
        {item.assignee !== null && <span title={item.assignee.name}><Avatar name={item.assignee.name} size={20} /><span className="visually-hidden">{item.assignee.name}</span></span>}
      </span>
      {editable && (
        <Popover
          trigger="click" placement="bottomRight" open={editing} onOpenChange={setEditing} destroyOnHidden
          content={<ItemForm item={item} onClose={() => setEditing(false)} onChange={onChange} onRemove={onRemove} />}
        >
          <Button className={styles.edit} size="small" type="text" icon={<Icon name="edit" size={12} />} aria-label={t('checklist.edit', { text: item.text })} aria-haspopup="dialog" />
        </Popover>
      )}
    </li>
  );
}

function ItemForm({ item, onClose, onChange, onRemove }: { item: ChecklistItem; onClose: () => void; onChange: (changes: UpdateChecklistItem) => void; onRemove: () => void }) {
  const { t } = useTexts();
  const { me } = useSession();
  const id = useId();
  const [text, setText] = useState(item.text);
  const [assignee, setAssignee] = useState<string | undefined>(item.assignee?.id);
  const [due, setDue] = useState(item.dueAt === null ? null : dayjs(item.dueAt));
  function save(): void {
    const changes: UpdateChecklistItem = {
      ...(text.trim() === '' || text.trim() === item.text ? {} : { text: text.trim() }),
      ...(assignee === item.assignee?.id ? {} : { assignee: assignee ?? null }),
      ...((due?.toISOString() ?? null) === item.dueAt ? {} : { dueAt: due?.toISOString() ?? null }),
    };
    if (Object.keys(changes).length > 0) onChange(changes);
    onClose();
  }
  return (
    <form
      className={styles.form}
      role="dialog"
      aria-label={t('checklist.edit', { text: item.text })}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <label htmlFor={`${id}-text`}>{t('checklist.text')}</label>
      <Input.TextArea id={`${id}-text`} autoFocus={!item.required} disabled={item.required} autoSize={{ minRows: 1, maxRows: 4 }} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} onPressEnter={(event) => {
        event.preventDefault();
        save();
      }} />
      <label htmlFor={`${id}-who`}>{t('checklist.assignee')}</label>
      <StaffSelect id={`${id}-who`} placeholder={t('common.nobody')} extra={[{ value: me.id, label: t('common.me') }]} value={assignee} onChange={setAssignee} />
      <label htmlFor={`${id}-due`}>{t('checklist.due')}</label>
      <DatePicker id={`${id}-due`} showTime={{ format: 'HH:mm', minuteStep: 15 }} format="YYYY-MM-DD HH:mm" placeholder={t('checklist.noDue')} value={due} onChange={setDue} />
      <div className={styles.foot}>
        {!item.required && <Button size="small" type="text" danger onClick={() => { onRemove(); onClose(); }}>{t('checklist.delete')}</Button>}
        <span className={styles.space} />
        <Button size="small" onClick={onClose}>{t('common.cancel')}</Button>
        <Button size="small" type="primary" htmlType="submit">{t('common.save')}</Button>
      </div>
    </form>
  );
}
