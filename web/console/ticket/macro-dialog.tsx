import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Modal } from 'antd';
import { useEffect, useId } from 'react';
import type { Macro, MacroApplied } from '../../../contract/desk.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys } from '../data/desk.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePropertyWords } from './property-words.ts';
import styles from './compare.module.css';

/** Shows what a macro would change (宏预览), and applies it when that is what was meant. */
export function MacroDialog({ ticket, macro, onClose }: { ticket: Ticket; macro: Macro; onClose: () => void }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const reader = useReader();
  const words = usePropertyWords();
  const tried = useQuery({
    queryKey: ['macros', 'tried', macro.id, ticket.id, ticket.version],
    queryFn: async ({ signal }) => (await api.post<MacroApplied>(`/tickets/${ticket.id}/macros/${macro.id}`, { dryRun: true }, { signal })).data,
    gcTime: 0,
    retry: false,
  });
  const apply = useMutation({
    mutationFn: () => postOnce<MacroApplied>(`/tickets/${ticket.id}/macros/${macro.id}`, {}),
    onSuccess: (applied) => {
      if (applied.ticket !== null) applyTicket(queryClient, applied.ticket, reader);
      for (const queryKey of [ticketKeys.timeline(ticket.number), deskKeys.checklist(ticket.id)]) void queryClient.invalidateQueries({ queryKey });
      void message.success(t('macro.applied', { name: macro.name }));
      onClose();
    },
  });
  const applyId = useId();
  useEffect(() => {
    // Seen, and a second Enter applies it.
    if (tried.isSuccess) document.getElementById(applyId)?.focus();
  }, [tried.isSuccess, applyId]);
  const found = tried.data;
  const nothing = found !== undefined && found.changes.length === 0 && found.messages.length === 0 && found.checklistItems === 0;
  return (
    <Modal
      open
      title={<DialogTitle deed={t('macro.title')} subject={macro.name} />}
      okText={t('macro.apply')}
      okButtonProps={{ loading: apply.isPending, disabled: !tried.isSuccess, id: applyId }}
      onOk={() => apply.mutate()}
      onCancel={onClose}
      destroyOnHidden
    >
      {tried.isPending && <p className={styles.quiet}>{t('macro.looking')}</p>}
      {(tried.isError || apply.isError) && <ProblemAlert error={apply.error ?? tried.error} />}
      {nothing && <p className={styles.quiet}>{t('macro.nothing')}</p>}
      {found !== undefined && found.changes.length > 0 && (
        <>
          <h3 className={styles.title}>{t('macro.changes')}</h3>
          <dl className={styles.changes}>
            {found.changes.map(({ property, before, after }) => (
              <div key={property}>
                <dt>{words.name(property)}</dt>
                <dd>
                  <del>{words.value(property, before)}</del> <Icon name="chevronRight" size={12} /> <ins>{words.value(property, after)}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {found !== undefined && found.messages.length > 0 && (
        <>
          <h3 className={styles.title}>{t('macro.messages')}</h3>
          {found.messages.map((one, index) => (
            <div key={index} className={styles.message} data-internal={one.visibility === 'internal' || undefined}>
              <span>{one.visibility === 'internal' ? t('timeline.note') : t('timeline.toCustomer')}</span>
              <p className="prose">{one.body}</p>
            </div>
          ))}
        </>
      )}
      {found !== undefined && found.checklistItems > 0 && <p className={styles.quiet}>{t('macro.items', { count: found.checklistItems })}</p>}
    </Modal>
  );
}
