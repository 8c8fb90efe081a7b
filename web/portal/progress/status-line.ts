import type { Progress } from '../../../contract/portal.ts';
import type { chinese } from '../texts/chinese.ts';

type Phrase = keyof typeof chinese;

/** A ticket's state in one sentence: keys of phrases, and the technician as they are to be called. */
export interface StatusLine {
  title: Phrase;
  hint: Phrase;
  /** Goes into the title where it has a place for it. */
  name: string;
  tone: 'running' | 'waiting' | 'done' | 'over';
}

// The double surnames one meets; everything else has one character.
const doubleSurnames = ['欧阳', '司马', '上官', '诸葛', '司徒', '东方', '皇甫', '尉迟', '公孙', '慕容', '令狐', '宇文', '长孙', '夏侯', '端木', '百里', '南宫'];

/** How one speaks of a technician: 王建国 → 王师傅; other names as they are. */
export function technicianTitle(name: string, language: 'zh-CN' | 'en'): string {
  const trimmed = name.trim();
  if (language === 'en' || !/^[\u4e00-\u9fff]{2,4}$/.test(trimmed)) return language === 'en' ? trimmed : trimmed === '' ? '工程师' : `${trimmed} `;
  if (trimmed.endsWith('师傅')) return trimmed;
  const surname = doubleSurnames.find((double) => trimmed.startsWith(double)) ?? trimmed.slice(0, 1);
  return `${surname}师傅`;
}

const waitingTitles: Record<string, Phrase> = {
  customer: 'status.waitingCustomer',
  supplier: 'status.waitingSupplier',
  part: 'status.waitingPart',
};

/** Says how a ticket stands, as one would tell its customer (一句话进度). */
export function statusLine(progress: Pick<Progress, 'status' | 'waitingFor' | 'steps' | 'technician' | 'obstacle'>, language: 'zh-CN' | 'en'): StatusLine {
  const technician = progress.technician !== null && progress.technician.status !== 'incomplete' && progress.technician.status !== 'declined' && progress.technician.status !== 'cancelled' ? progress.technician : null;
  const name = technician === null ? '' : technicianTitle(technician.name, language);
  if (progress.status === 'cancelled') return { title: 'status.cancelled', hint: 'status.cancelledHint', name, tone: 'over' };
  if (progress.status === 'closed') return { title: 'status.closed', hint: 'status.closedHint', name, tone: 'done' };
  if (progress.status === 'resolved') return { title: 'status.resolved', hint: 'status.resolvedHint', name, tone: 'done' };
  // Why the last visit came to nothing says more than that somebody waits.
  if (progress.obstacle !== null) return { title: `status.${progress.obstacle.kind}`, hint: `status.${progress.obstacle.kind}Hint`, name, tone: 'waiting' };
  if (progress.status === 'waiting') {
    const title = waitingTitles[progress.waitingFor ?? ''] ?? 'status.waiting';
    return { title, hint: progress.waitingFor === 'customer' ? 'status.waitingCustomerHint' : 'status.waitingHint', name, tone: 'waiting' };
  }
  const current = progress.steps.find((step) => step.current)?.step ?? 'received';
  if (current === 'assigned') return { title: name === '' ? 'status.assignedTeam' : 'status.assigned', hint: 'status.assignedHint', name, tone: 'running' };
  if (current === 'accepted') return { title: name === '' ? 'status.acceptedTeam' : 'status.accepted', hint: name === '' ? 'status.waitingHint' : technician?.windowStart != null || technician?.windowEnd != null ? 'status.acceptedHint' : 'status.acceptedOpenHint', name, tone: 'running' };
  if ((current === 'travelling' || current === 'on_site') && name !== '') return { title: `status.${current}`, hint: `status.${current}Hint`, name, tone: 'running' };
  if (current === 'travelling' || current === 'on_site') return { title: 'status.acceptedTeam', hint: 'status.waitingHint', name, tone: 'running' };
  return { title: 'status.received', hint: 'status.receivedHint', name, tone: 'running' };
}
