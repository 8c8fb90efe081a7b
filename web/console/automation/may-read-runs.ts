import type { Session } from '../session/session.tsx';

/** Whether somebody reads why rules acted or did not (查看规则运行记录): who keeps rules, and who reads the audit trail. */
export const mayReadRuns = ({ may }: Pick<Session, 'may'>): boolean => may('automation.manage') || may('audit.read');
