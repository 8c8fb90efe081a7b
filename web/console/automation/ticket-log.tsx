import { RecordDrawer } from '../parts/record-drawer.tsx';
import { RunLog } from './run-log.tsx';
import { useAutomationTexts } from './texts.ts';

/** Which rules were asked about a ticket, and why each did something or did not (这张工单的规则记录). */
export function TicketLog({ number, onClose }: { number: string; onClose: () => void }) {
  const { t: say } = useAutomationTexts();
  return <RecordDrawer title={`${say('logOfTicket')} · ${number}`} onClose={onClose}><RunLog ticketNumber={number} /></RecordDrawer>;
}
