/**
 * What this device remembers (本机记忆): drafts, the contact, the requests sent from here. Web views may forbid
 * storage; then things last as long as the page.
 */
const unstored = new Map<string, string>();
const prefix = 'bihuan.portal.';

/** What was remembered under a name, or null. Whoever reads it says what it should look like and checks nothing more. */
export function recall<Value>(name: string): Value | null {
  try {
    const text = unstored.get(name) ?? localStorage.getItem(prefix + name);
    return text == null ? null : (JSON.parse(text) as Value);
  } catch {
    return null;
  }
}

export function remember(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(prefix + name, text);
    unstored.delete(name);
  } catch {
    unstored.set(name, text);
  }
}

export function forget(name: string): void {
  unstored.delete(name);
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // It was never stored.
  }
}

/** Removes everything this device remembers of its customer (清除本机记忆): sessions, drafts, contact and requests. */
export function forgetEverything(): void {
  unstored.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Nothing was ever stored.
  }
}

/** A request that was sent, or followed, on this device. */
export interface SentReport {
  number: string;
  token: string;
  subject: string;
  at: string;
}

const mostReports = 50;

/** The requests of this device, the latest first. */
export function sentReports(organization: string): SentReport[] {
  return recall<SentReport[]>(`reports.${organization}`) ?? [];
}

export function addSentReport(organization: string, report: SentReport): void {
  const others = sentReports(organization).filter(({ number }) => number !== report.number);
  remember(`reports.${organization}`, [report, ...others].sort((a, b) => b.at.localeCompare(a.at)).slice(0, mostReports));
}

export function forgetReport(organization: string, number: string): void {
  remember(`reports.${organization}`, sentReports(organization).filter((report) => report.number !== number));
}

/** How the person may be reached, remembered from the last request. */
export interface Contact {
  name: string;
  phone: string;
  address: string;
}

export function rememberedContact(): Contact {
  return { name: '', phone: '', address: '', ...recall<Partial<Contact>>('contact') };
}
